package net.eventlet.models;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.CappedSemaphore;
import net.eventlet.Event;
import net.eventlet.GreenPool;
import net.eventlet.GreenThreadExit;
import net.eventlet.Pool;
import net.eventlet.Queue;
import net.eventlet.Semaphore;
import org.junit.jupiter.api.Test;

/// One thread hands over at the moment at which another gives up waiting, very often: what was to
/// be handed over is had by one of the two, and by one only.
///
/// A wait of a plain thread without any time is over as soon as it begins, which makes the moment
/// short and the meetings many.
class HandOverRaceTest {

  private static final int TIMES = 40_000;
  private static final Duration NO_TIME = Duration.ZERO;

  @Test
  void anItemForOneWhoGivesUpStays() throws Exception {
    var queue = new Queue<Integer>();
    var got = new ArrayList<Integer>();
    var over = new AtomicBoolean();
    var getter =
        start(() -> {
          while (!over.get() || !queue.isEmpty()) {
            try {
              got.add(queue.get(NO_TIME));
            } catch (TimeoutException nothing) {
              // as mostly
            }
          }
          return true;
        });

    for (var item = 0; item < TIMES; item++) {
      queue.put(item);
    }
    over.set(true);
    getter.get(20, SECONDS);

    assertEquals(IntStream.range(0, TIMES).boxed().toList(), got);
  }

  @Test
  void anItemOfOneWhoGivesUpIsNotTaken() throws Exception {
    var queue = new Queue<Integer>(0);
    var put = new ArrayList<Integer>();
    var over = new AtomicBoolean();
    var putter =
        start(() -> {
          for (var item = 0; item < TIMES; item++) {
            try {
              queue.put(item, NO_TIME);
              put.add(item);
            } catch (TimeoutException nobody) {
              // as mostly
            }
          }
          over.set(true);
          return true;
        });

    var got = new ArrayList<Integer>();
    while (!over.get()) {
      var item = queue.poll();
      if (item != null) {
        got.add(item);
      }
    }
    putter.get(20, SECONDS);

    assertEquals(put, got);
    for (var done = 0; done < put.size(); done++) {
      queue.taskDone();
    }
    queue.join();
  }

  @Test
  void aPermitForOneWhoGivesUpStays() throws Exception {
    var semaphore = new Semaphore(0);
    var acquired = new AtomicInteger();
    var over = new AtomicBoolean();
    var acquirer =
        start(() -> {
          while (!over.get()) {
            if (semaphore.tryAcquire(NO_TIME)) {
              acquired.incrementAndGet();
            }
          }
          return true;
        });

    for (var i = 0; i < TIMES; i++) {
      semaphore.release();
    }
    over.set(true);
    acquirer.get(20, SECONDS);

    assertEquals(TIMES - acquired.get(), semaphore.balance());
  }

  @Test
  void aReleaseThatGivesUpAddsNothing() throws Exception {
    var semaphore = new CappedSemaphore(0, 0);
    var released = new AtomicInteger();
    var over = new AtomicBoolean();
    var releaser =
        start(() -> {
          for (var i = 0; i < TIMES; i++) {
            Thread.currentThread().interrupt(); // is to a release what no time is to others
            try {
              semaphore.release();
              released.incrementAndGet();
            } catch (GreenThreadExit nobody) {
              // as mostly
            }
          }
          over.set(true);
          return true;
        });

    var acquired = 0;
    while (!over.get()) {
      if (semaphore.tryAcquire()) {
        acquired++;
      }
    }
    releaser.get(20, SECONDS);

    assertEquals(released.get(), acquired);
    assertEquals(0, semaphore.balance());
  }

  @Test
  void aThingForOneWhoGivesUpStays() throws Exception {
    var made = new AtomicInteger();
    var pool = new Pool<>(1, made::incrementAndGet);
    var over = new AtomicBoolean();
    Callable<Integer> borrow =
        () -> {
          var had = 0;
          while (!over.get()) {
            try {
              pool.put(pool.get(NO_TIME));
              had++;
            } catch (TimeoutException lent) {
              // as often
            }
          }
          return had;
        };
    var borrowers = List.of(start(borrow), start(borrow));

    for (var i = 0; i < TIMES / 2; i++) {
      try {
        pool.put(pool.get(NO_TIME));
      } catch (TimeoutException lent) {
        // as often
      }
    }
    over.set(true);
    for (var borrower : borrowers) {
      borrower.get(20, SECONDS);
    }

    assertEquals(1, made.get());
    assertEquals(List.of(1, 0), List.of(pool.free(), pool.waiting()));
  }

  @Test
  void aSlotForOneWhoGivesUpStays() throws Exception {
    var pool = new GreenPool(0);
    var spawned = new AtomicInteger();
    var ran = new AtomicInteger();
    var over = new AtomicBoolean();
    var spawner =
        start(() -> {
          while (!over.get()) {
            Thread.currentThread().interrupt(); // is to a spawn what no time is to others
            try {
              pool.spawnN(ran::incrementAndGet);
              spawned.incrementAndGet();
            } catch (GreenThreadExit full) {
              // as often
            }
          }
          return true;
        });

    for (var i = 0; i < TIMES / 4; i++) {
      pool.resize(1);
      pool.resize(0);
    }
    over.set(true);
    spawner.get(20, SECONDS);
    pool.waitAll();

    assertEquals(spawned.get(), ran.get());
    pool.resize(1);
    assertEquals(List.of(0, 1, 0), List.of(pool.running(), pool.free(), pool.waiting()));
  }

  @Test
  void nobodyMissesWhatIsSentAsItBeginsToWait() throws Exception {
    for (var i = 0; i < TIMES / 20; i++) {
      var event = new Event<Integer>();
      var waiting = new AtomicBoolean();
      var waiter =
          start(() -> {
            waiting.set(true);
            return event.await();
          });
      while (!waiting.get()) {
        Thread.onSpinWait();
      }

      event.send(i);

      assertEquals(i, waiter.get(20, SECONDS));
    }
  }

  private static <T> FutureTask<T> start(Callable<T> body) {
    var task = new FutureTask<>(body);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }
}
