package net.eventlet.greenlet;

import static java.util.Objects.requireNonNull;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import net.eventlet.hubs.Bounded;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Greenlets that wait: their thread waits with them, and nothing else does.
@Bounded
class GreenletWaitsTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<Object> steps = new ArrayList<>();
  private final Object monitor = new Object();

  // --------------------------------------------------------------------------------- waits of ours

  @Test
  void aGreenletThatSleepsParksItsGreenThread() throws Exception {
    run(() -> {
      spawn(() -> steps.add("another"));
      var greenlet =
          new Greenlet(_ -> {
            steps.add("before");
            sleep();
            return steps.add("after");
          });

      greenlet.switchTo();

      assertEquals(List.of("before", "another", "after"), steps);
    });
  }

  @Test
  void aGreenletThatReadsASocketParksItsGreenThread() throws Exception {
    run(() -> {
      try (var listener =
              Eventlet.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          var client = Eventlet.connect(listener.getLocalSocketAddress());
          var server = listener.accept()) {
        spawn(() -> client.getOutputStream().write(7));
        var reader = new Greenlet(_ -> server.getInputStream().read());

        assertEquals(7, reader.switchTo());
      }
    });
  }

  @Test
  void greenThreadsWaitInTheirGreenletsSideBySide() throws Exception {
    run(() -> {
      var first = spawn(() -> passingTheTurn("a"));
      var second = spawn(() -> passingTheTurn("b"));

      first.await();
      second.await();

      assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2"), steps);
    });
  }

  private void passingTheTurn(String name) {
    var main = Greenlet.current();
    var greenlet =
        new Greenlet(_ -> {
          for (var i = 0; ; i++) {
            sleep();
            main.switchTo(name + i);
          }
        });
    for (var i = 0; i < 3; i++) {
      steps.add(greenlet.switchTo());
    }
  }

  @Test
  void aKillIsThrownInTheGreenletThatWaitsAndPropagatesToItsParents() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            var child =
                new Greenlet(_ -> {
                  try {
                    sleep(LONG);
                    return null;
                  } finally {
                    steps.add("child");
                  }
                });
            try {
              child.switchTo();
            } finally {
              steps.add(child.dead());
              steps.add("main");
            }
          });
      sleep();

      victim.kill();

      assertEquals(List.of("child", true, "main"), steps);
      assertThrows(GreenThreadExit.class, victim::await);
    });
  }

  @Test
  void aGreenletMayCatchTheKillOfItsGreenThread() throws Exception {
    run(() -> {
      var victim =
          spawn(() ->
              new Greenlet(
                      _ -> {
                        try {
                          sleep(LONG);
                          return "slept";
                        } catch (GreenThreadExit e) {
                          return "caught";
                        }
                      })
                  .switchTo());
      sleep();

      victim.kill();

      assertEquals("caught", victim.await());
    });
  }

  @Test
  void aTimeoutAroundASwitchIsThrownInTheGreenletThatWaits() throws Exception {
    run(() -> {
      var greenlet =
          new Greenlet(_ -> {
            try {
              sleep(LONG);
              return null;
            } finally {
              steps.add("cleaned up");
            }
          });

      assertThrows(Timeout.class, () -> Timeout.call(SHORT, greenlet::switchTo));

      assertEquals(List.of("cleaned up"), steps);
      assertTrue(greenlet.dead());
    });
  }

  @Test
  void aTimeoutInsideAGreenletEndsItsOwnWait() throws Exception {
    run(() -> {
      var greenlet = new Greenlet(_ -> Timeout.call(SHORT, () -> awaitForEver(), "in time"));

      assertEquals("in time", greenlet.switchTo());
    });
  }

  private static String awaitForEver() {
    sleep(LONG);
    return "never";
  }

  @Test
  void aFailureOfAGreenletFailsItsGreenThread() throws Exception {
    run(() -> {
      var failure = new Failure("of a greenlet");
      GreenThread<?> failing =
          spawn(() ->
              new Greenlet(
                      _ -> {
                        sleep();
                        throw failure;
                      })
                  .switchTo());

      assertSame(failure, assertThrows(Failure.class, failing::await));
    });
  }

  // -------------------------------------------------------------------------------- waits of the
  // JDK

  @Test
  void aGreenletThatWaitsForAMonitorParksItsGreenThread() throws Exception {
    run(() -> {
      var released = new AtomicBoolean();
      var holder =
          spawn(() -> {
            synchronized (monitor) {
              sleep(SHORT);
              released.set(true);
            }
          });
      sleep(); // it holds it
      var greenlet =
          new Greenlet(_ -> {
            synchronized (monitor) {
              return released.get();
            }
          });

      assertEquals(true, greenlet.switchTo());

      holder.await();
    });
  }

  @Test
  void aGreenletThatAwaitsANotificationParksItsGreenThread() throws Exception {
    run(() -> {
      spawn(() -> {
        synchronized (monitor) {
          steps.add("notified");
          monitor.notifyAll();
        }
      });
      var greenlet =
          new Greenlet(_ -> {
            synchronized (monitor) {
              while (steps.isEmpty()) {
                monitor.wait();
              }
              return List.copyOf(steps);
            }
          });

      assertEquals(List.of("notified"), greenlet.switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aNotificationMayNotComeInTime(Where where) throws Exception {
    where.run(() -> {
      var greenlet =
          new Greenlet(_ -> {
            synchronized (monitor) {
              monitor.wait(2);
            }
            return "waited";
          });

      assertEquals("waited", greenlet.switchTo());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aMonitorKeptThroughAWaitIsKept(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(_ -> {
            synchronized (monitor) {
              LockSupport.parkNanos(1_000_000);
              main.switchTo(Thread.holdsLock(monitor));
            }
            return Thread.holdsLock(monitor);
          });

      synchronized (steps) {
        assertEquals(true, greenlet.switchTo());
        assertTrue(Thread.holdsLock(steps));
      }
      assertEquals(false, greenlet.switchTo());
    });
  }

  /// Green threads of two hubs, with all their work in greenlets, contend for a few monitors.
  @Test
  void monitorsStayExclusiveHoweverGreenletsWaitForThem() throws Exception {
    var guards = new Guard[] {new Guard(), new Guard(), new Guard(), new Guard()};
    try (var first = Hub.start("first");
        var second = Hub.start("second")) {
      var workers = new ArrayList<GreenThread<?>>();
      for (var seed = 0; seed < 40; seed++) {
        var random = new Random(seed);
        var hub = seed % 2 == 0 ? first : second;
        workers.add(spawn(hub, () -> contend(random, guards)));
      }
      for (var worker : workers) {
        worker.await();
      }
    }
    for (var guard : guards) {
      assertEquals(0, guard.inside.get());
    }
  }

  private static Object contend(Random random, Guard[] guards) {
    for (var round = 0; round < 20; round++) {
      var values =
          new Generator<Integer>(out -> {
            for (var i = 0; i < 20; i++) {
              guards[random.nextInt(guards.length)].use(random);
              out.yield(i);
            }
          });
      var expected = 0;
      for (var value : values) {
        assertEquals(expected++, value);
      }
      assertEquals(20, expected);
    }
    return "done";
  }

  /// Something that one at a time may use.
  private static final class Guard {

    private final AtomicInteger inside = new AtomicInteger();

    synchronized void use(Random random) throws InterruptedException {
      assertEquals(1, inside.incrementAndGet());
      switch (random.nextInt(4)) {
        case 0 -> sleep();
        case 1 -> LockSupport.parkNanos(10_000);
        case 2 -> {
          inside.decrementAndGet();
          wait(0, 10_000);
          inside.incrementAndGet();
        }
        default -> notifyAll();
      }
      assertEquals(0, inside.decrementAndGet());
    }
  }

  // -------------------------------------------------------------------------------------- no way
  // out

  @Test
  void aSwitchOutOfAClassInitialiserIsRefusedAndTheGreenletRunsOn() throws Exception {
    Where.PLAIN_THREAD.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(_ -> {
            steps.add(Leaving.REFUSAL.getMessage().contains("class initialiser"));
            steps.add(main.switchTo("afterwards"));
            return "end";
          });

      assertEquals("afterwards", greenlet.switchTo());
      assertEquals("end", greenlet.switchTo("and back"));

      assertEquals(List.of(true, "and back"), steps);
    });
  }

  private static final class Leaving {
    static final IllegalStateException REFUSAL =
        assertThrows(
            IllegalStateException.class,
            () -> requireNonNull(Greenlet.current().parent()).switchTo());
  }

  @Test
  void theMainGreenletMaySwitchInsideAClassInitialiser() throws Exception {
    Where.GREEN_THREAD.run(() -> assertEquals(List.of(0, 1, 2), Counting.COUNT));
  }

  private static final class Counting {
    static final List<Integer> COUNT = new ArrayList<>();

    static {
      new Generator<Integer>(
              out -> {
                for (var i = 0; i < 3; i++) {
                  out.yield(i);
                }
              })
          .forEachRemaining(COUNT::add);
    }
  }

  /// The thread cannot be unmounted then, whatever it waits for.
  @Test
  void aGreenletOnTopOfAClassInitialiserBlocksItsCarrierWhileItWaits() throws Exception {
    Where.STOCK_VIRTUAL_THREAD.run(
        () -> assertEquals(List.of("entered", "parked", "waited"), Waiting.STEPS));
  }

  private static final class Waiting {
    static final List<String> STEPS = new ArrayList<>();

    static {
      var taken = new CountDownLatch(1);
      var monitor = new Object();
      new Greenlet(
              _ -> {
                var holder = Thread.ofPlatform().start(holding(monitor, taken));
                taken.await();
                synchronized (monitor) {
                  STEPS.add("entered");
                }
                LockSupport.parkNanos(1_000_000);
                STEPS.add("parked");
                synchronized (STEPS) {
                  STEPS.wait(1);
                }
                STEPS.add("waited");
                holder.join();
                return null;
              })
          .switchTo();
    }
  }

  /// {@return what holds a monitor for a while} Not a part of the class that is being initialised,
  /// for which it would have to wait.
  private static Runnable holding(Object monitor, CountDownLatch taken) {
    return () -> {
      synchronized (monitor) {
        taken.countDown();
        LockSupport.parkNanos(5_000_000);
      }
    };
  }
}
