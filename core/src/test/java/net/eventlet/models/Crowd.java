package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.eventlet.GreenThread;
import net.eventlet.Timeout;
import net.eventlet.Unwind;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Workers on two hubs and in plain threads, who by chance are killed, interrupted, and run out of
/// time. What they do cannot be repeated; that nothing is lost can be counted.
final class Crowd {

  private static final List<Hub> HUBS = List.of(Hub.start("crowd-left"), Hub.start("crowd-right"));
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Object primitive; // says in a failure how it is
  private final Random random;
  private final List<Worker> workers = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// What a worker does with the primitive.
  @FunctionalInterface
  interface Deed {

    /// Does it.
    ///
    /// @param random of this worker
    /// @param limit longest wait; null for ever
    void act(Random random, @Nullable Duration limit) throws Exception;
  }

  /// One worker.
  ///
  /// @param thread that it is
  /// @param green its handle; null for a plain thread
  private record Worker(Thread thread, @Nullable GreenThread<?> green) {}

  Crowd(int seed, Object primitive) {
    random = new Random(seed);
    this.primitive = primitive;
  }

  Random random() {
    return random;
  }

  /// {@return one of the hubs}
  Hub hub() {
    return HUBS.get(random.nextInt(HUBS.size()));
  }

  /// Adds a worker of any kind.
  ///
  /// @param times how often it does it
  /// @param deed what it does
  void add(int times, Deed deed) {
    if (random.nextInt(3) == 0) {
      addPlain(times, deed);
    } else {
      addGreen(times, deed);
    }
  }

  private void addGreen(int times, Deed deed) {
    var own = new Random(random.nextLong());
    var green = spawn(hub(), () -> work(times, own, deed));
    workers.add(new Worker(green.thread(), green));
  }

  private void addPlain(int times, Deed deed) {
    var own = new Random(random.nextLong());
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                work(times, own, deed);
              } catch (Unwind unwind) {
                // it was interrupted
              }
            });
    workers.add(new Worker(thread, null));
  }

  private void work(int times, Random own, Deed deed) {
    try {
      for (var i = 0; i < times; i++) {
        actOnce(own, deed);
      }
    } catch (InterruptedException | IllegalStateException over) {
      // it was interrupted, or the primitive was closed
    } catch (Unwind unwind) {
      throw unwind;
    } catch (Throwable failure) {
      failures.add(failure);
    }
  }

  private static void actOnce(Random own, Deed deed) throws Exception {
    switch (own.nextInt(8)) {
      case 0 -> sleep();
      case 1, 2 -> {
        try {
          deed.act(own, soon(own));
        } catch (TimeoutException outOfTime) {
          // as it may
        }
      }
      case 3, 4 -> {
        if (Thread.currentThread().isVirtual()) {
          Timeout.run(soon(own), () -> deed.act(own, null));
        } else {
          deed.act(own, null);
        }
      }
      default -> deed.act(own, null);
    }
  }

  private static Duration soon(Random own) {
    return Duration.ofNanos(own.nextInt(50_000));
  }

  /// Harms some of the workers, while they work.
  ///
  /// @param times how often
  void harm(int times) {
    for (var i = 0; i < times; i++) {
      LockSupport.parkNanos(random.nextInt(20_000));
      var victim = workers.get(random.nextInt(workers.size()));
      var green = victim.green();
      if (green == null || random.nextInt(4) == 0) {
        victim.thread().interrupt();
      } else if (random.nextBoolean()) {
        green.kill();
      } else {
        green.cancel(true);
      }
    }
  }

  /// Waits for the end of all; fails if one hangs, or has failed.
  void awaitEnd() throws InterruptedException {
    var end = System.nanoTime() + PATIENCE.toNanos();
    for (var worker : workers) {
      if (!worker.thread().join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        fail("some wait for ever for " + primitive + "\n" + stacks());
      }
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  /// {@return whether all have ended}
  boolean hasEnded() {
    return workers.stream().noneMatch(worker -> worker.thread().isAlive());
  }

  private String stacks() {
    return workers.stream()
        .map(Worker::thread)
        .filter(Thread::isAlive)
        .map(Crowd::stack)
        .collect(Collectors.joining("\n"));
  }

  private static String stack(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .map(frame -> "\n    at " + frame)
        .collect(Collectors.joining("", thread.toString(), ""));
  }
}
