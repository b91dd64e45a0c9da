package net.eventlet;

import static java.util.concurrent.TimeUnit.DAYS;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class TimeoutTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();

  // --------------------------------------------------------------------------------------- after

  @Test
  void isThrownWhereItsGreenThreadWaits() throws Exception {
    run(() -> {
      var timeout = Timeout.after(SHORT);

      var thrown = assertThrows(Timeout.class, () -> sleep(LONG));

      assertSame(timeout, thrown);
      assertFalse(timeout.pending());
    });
  }

  @Test
  void doesNothingOnceItIsClosed() throws Exception {
    run(() -> {
      try (var timeout = Timeout.after(SHORT)) {
        assertTrue(timeout.pending());
      }

      sleep(SHORT.multipliedBy(2));

      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void doesNothingOnceItIsCancelledAnyNumberOfTimes() throws Exception {
    run(() -> {
      var timeout = Timeout.after(SHORT);

      timeout.cancel();
      timeout.cancel();
      timeout.close();

      assertFalse(timeout.pending());
      sleep(SHORT.multipliedBy(2));
    });
  }

  @Test
  void ofNullNeverRunsOut() throws Exception {
    run(() -> {
      try (var timeout = Timeout.after(null)) {
        assertFalse(timeout.pending());
        sleep(SHORT);
      }

      assertEquals("value", Timeout.call(null, () -> sleepThen("value")));
      assertEquals("value", Timeout.call(null, () -> sleepThen("value"), "fallback"));
      assertTrue(Timeout.run(null, () -> sleep(SHORT)));
    });
  }

  static Stream<Duration> zeroOrLess() {
    return Stream.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("zeroOrLess")
  void ofZeroOrLessRunsOutAtTheNextWait(Duration time) throws Exception {
    run(() -> {
      var timeout = Timeout.after(time);
      spawn(() -> step("another ran"));

      step("still here");
      assertSame(timeout, assertThrows(Timeout.class, () -> sleep()));

      assertEquals(List.of("still here"), steps);
      sleep();
      assertEquals(List.of("still here", "another ran"), steps);
    });
  }

  @ParameterizedTest
  @MethodSource("zeroOrLess")
  void ofZeroOrLessLetsWorkThatNeverWaitsFinish(Duration time) throws Exception {
    run(() -> {
      assertEquals("value", Timeout.call(time, () -> "value"));
      assertEquals("value", Timeout.call(time, () -> "value", "fallback"));
      assertTrue(Timeout.run(time, () -> step("done")));

      sleep(); // nothing is left of it
      Thread.sleep(1);
    });
  }

  @ParameterizedTest
  @MethodSource("zeroOrLess")
  void ofZeroOrLessEndsAWaitOfTheJdks(Duration time) throws Exception {
    run(() -> {
      assertThrows(Timeout.class, () -> Timeout.call(time, () -> sleepInTheJdk()));
      assertFalse(Timeout.run(time, () -> Thread.sleep(LONG)));
    });
  }

  @Test
  void ofTheLongestTimeThereIsCanBeArmed() throws Exception {
    run(() -> {
      try (var timeout = Timeout.after(Duration.ofSeconds(Long.MAX_VALUE))) {
        assertTrue(timeout.pending());
        sleep();
      }
    });
  }

  @Test
  void anArmedOneSaysItsTime() throws Exception {
    run(() -> {
      try (var timeout = Timeout.after(Duration.ofSeconds(3))) {
        assertSays(timeout, "3");
      }
    });
  }

  @Test
  void itsStackTraceIsThatOfTheWait() throws Exception {
    run(() -> {
      Timeout.after(SHORT);

      var thrown = assertThrows(Timeout.class, TimeoutTest::sleepLong);

      assertTrue(
          Stream.of(thrown.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("sleepLong")),
          () -> List.of(thrown.getStackTrace()).toString());
    });
  }

  @Test
  void passesThroughWhatCatchesExceptions() throws Exception {
    run(() ->
        assertThrows(
            Timeout.class,
            () ->
                Timeout.call(
                    SHORT,
                    () -> {
                      try {
                        sleep(LONG);
                      } catch (Exception e) {
                        step("swallowed");
                      }
                      return "value";
                    })));

    assertEquals(List.of(), steps);
  }

  @Test
  void doesNotCutWorkShortThatNeverWaits() throws Exception {
    run(() -> {
      var value =
          Timeout.call(
              SHORT,
              () -> {
                spinFor(SHORT.multipliedBy(2));
                return "value";
              });

      assertEquals("value", value);
      sleep();
    });
  }

  @Test
  void runsOutAtTheWaitThatFollowsLongWork() throws Exception {
    run(() ->
        assertThrows(
            Timeout.class,
            () ->
                Timeout.call(
                    SHORT,
                    () -> {
                      spinFor(SHORT.multipliedBy(2));
                      sleep(LONG);
                      return "value";
                    })));
  }

  @Test
  void belongsToTheGreenThreadThatMadeIt() throws Exception {
    run(() -> {
      Timeout.after(SHORT);
      var other = spawn(() -> sleepThen(SHORT.multipliedBy(3), "value"));

      assertThrows(Timeout.class, other::await);

      assertEquals("value", other.await());
    });
  }

  @Test
  void doesNotEndWhatIsAwaited() throws Exception {
    run(() -> {
      var release = new CompletableFuture<String>();
      var worker = spawn(() -> release.get());

      assertThrows(Timeout.class, () -> Timeout.call(SHORT, worker::await));

      release.complete("went on");
      assertEquals("went on", worker.await());
    });
  }

  @Test
  void ofAGreenThreadThatHasEndedHasNoEffect() throws Exception {
    run(() -> {
      var forgotten =
          spawn(
                  () -> {
                    var timeout = Timeout.after(SHORT);
                    return timeout;
                  })
              .await();

      sleep(SHORT.multipliedBy(2));

      assertFalse(forgotten.pending());
      forgotten.close();
    });
  }

  @Test
  void oneThatIsForgottenRunsOutInWhateverComesLaterOnce() throws Exception {
    run(() -> {
      Timeout.after(SHORT);

      assertThrows(
          Timeout.class,
          () -> {
            while (true) {
              assertEquals("unrelated", spawn(() -> "unrelated").await());
            }
          });

      sleep(SHORT);
    });
  }

  @Test
  void oneThatIsForgottenReachesWhoeverAwaits() throws Exception {
    run(() -> {
      var forgetful =
          spawn(() -> {
            Timeout.after(SHORT);
            sleep(LONG);
          });

      assertThrows(Timeout.class, forgetful::await);
      assertFalse(forgetful.isCancelled());
    });
  }

  @Test
  void canBeCancelledByAnother() throws Exception {
    run(() -> {
      var timeout = Timeout.after(LONG);

      spawn(timeout::cancel).await();

      assertFalse(timeout.pending());
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void canBeCancelledByAPlainThread() throws Exception {
    run(() -> {
      var timeout = Timeout.after(LONG);

      var thread = Thread.ofPlatform().start(timeout::cancel);
      thread.join();
      sleep();

      assertFalse(timeout.pending());
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void offAGreenThreadItIsRefused() {
    assertSays(
        assertThrows(IllegalStateException.class, () -> Timeout.after(SHORT)),
        Thread.currentThread().getName());
    assertThrows(IllegalStateException.class, () -> Timeout.call(SHORT, () -> "value"));
    assertThrows(IllegalStateException.class, () -> Timeout.call(SHORT, () -> "value", "other"));
    assertThrows(IllegalStateException.class, () -> Timeout.run(SHORT, () -> step("ran")));
    assertEquals(List.of(), steps);
  }

  @Test
  void worksInAStockVirtualThreadOfTheHub() throws Exception {
    run(() -> {
      var done = new CompletableFuture<Boolean>();

      Thread.startVirtualThread(() -> {
        try {
          done.complete(Timeout.run(SHORT, () -> sleep(LONG)));
        } catch (Throwable failure) {
          done.completeExceptionally(failure);
        }
      });

      assertFalse(done.get());
    });
  }

  // -------------------------------------------------------------------------------- call and run

  @Test
  void callReturnsTheValueInTime() throws Exception {
    run(() -> {
      assertEquals("value", Timeout.call(LONG, () -> sleepThen("value")));
      assertEquals("value", Timeout.call(LONG, () -> sleepThen("value"), "fallback"));
      assertTrue(Timeout.run(LONG, () -> sleep()));
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void callThrowsTheTimeout() throws Exception {
    run(() -> assertThrows(Timeout.class, () -> Timeout.call(SHORT, () -> sleepThen(LONG, "x"))));
  }

  @Test
  void callReturnsTheFallback() throws Exception {
    run(() -> assertEquals("other", Timeout.call(SHORT, () -> sleepThen(LONG, "value"), "other")));
  }

  @Test
  void runIsFalseIfTheTimeRanOut() throws Exception {
    run(() -> assertFalse(Timeout.run(SHORT, () -> sleep(LONG))));
  }

  @Test
  void whatTheBodyThrowsComesOut() throws Exception {
    var failure = new IOException("of the body");
    run(() -> {
      assertSame(
          failure,
          assertThrows(
              IOException.class,
              () ->
                  Timeout.call(
                      LONG,
                      () -> {
                        throw failure;
                      })));
      assertSame(
          failure,
          assertThrows(
              IOException.class,
              () ->
                  Timeout.run(
                      LONG,
                      () -> {
                        sleep();
                        throw failure;
                      })));
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void aTimeoutThatABodyThrowsOnItsOwnIsNotTakenForTheOuterOne() throws Exception {
    run(() -> {
      var foreign = Timeout.after(null);

      var thrown =
          assertThrows(
              Timeout.class,
              () ->
                  Timeout.call(
                      LONG,
                      () -> {
                        throw foreign;
                      },
                      "fallback"));

      assertSame(foreign, thrown);
    });
  }

  @Test
  void theOuterOneOfTwoPassesThroughTheInner() throws Exception {
    run(() -> {
      var outer = Timeout.after(SHORT);

      assertSame(
          outer,
          assertThrows(
              Timeout.class, () -> Timeout.call(LONG, () -> sleepThen(LONG, "value"), "inner")));
    });
  }

  @Test
  void theOuterOneOfTwoPassesThroughASilentInnerOne() throws Exception {
    run(() -> {
      var outer = Timeout.after(SHORT);

      assertSame(outer, assertThrows(Timeout.class, () -> Timeout.run(LONG, () -> sleep(LONG))));
    });
  }

  @Test
  void theInnerOneOfTwoLeavesTheOuterArmed() throws Exception {
    run(() -> {
      try (var outer = Timeout.after(LONG)) {
        assertFalse(Timeout.run(SHORT, () -> sleep(LONG)));

        assertTrue(outer.pending());
      }
    });
  }

  @Test
  void nestedOnesRunOutOneAfterTheOther() throws Exception {
    run(() -> {
      var inner =
          Timeout.call(
              SHORT.multipliedBy(20),
              () -> {
                step(Timeout.call(SHORT.multipliedBy(2), () -> sleepThen(LONG, "value"), "inner"));
                return sleepThen(LONG, "value");
              },
              "outer");

      assertEquals("outer", inner);
      assertEquals(List.of("inner"), steps);
    });
  }

  @Test
  void twoThatRunOutAtOnceEndTheirOwnCallsOnly() throws Exception {
    run(() -> {
      var result =
          Timeout.call(
              SHORT,
              () -> {
                var inner =
                    Timeout.call(
                        SHORT,
                        () -> {
                          spinFor(SHORT.multipliedBy(2)); // both are due now
                          return sleepThen(LONG, "value");
                        },
                        "inner");
                step(inner);
                return sleepThen(LONG, "value");
              },
              "outer");

      assertEquals("outer", result);
      sleep();
      Thread.sleep(1);
    });
  }

  @Test
  void theOuterOneThatIsThrownIsNotReplacedByTheInnerThatComesNext() throws Exception {
    run(() -> {
      var outer = Timeout.after(SHORT);

      var thrown =
          assertThrows(
              Timeout.class,
              () ->
                  Timeout.call(
                      SHORT.plusNanos(1),
                      () -> {
                        spinFor(SHORT.multipliedBy(2)); // both are due now, the outer first
                        return sleepThen(LONG, "value");
                      },
                      "inner"));

      assertSame(outer, thrown);
    });
  }

  @Test
  void theKillThatIsThrownIsNotReplacedThoughATimeoutRanOutInTheCleanUp() throws Exception {
    var now = new AtomicLong();
    try (var hub = Hub.start("by hand", HubOptions.DEFAULT.withClock(now::get))) {
      var done =
          spawn(
              hub,
              () -> {
                var victim =
                    spawn(() -> {
                      var inTime =
                          Timeout.run(
                              Duration.ofMillis(10),
                              () -> {
                                try {
                                  sleep(LONG);
                                } finally {
                                  Timeout.run(Duration.ofMillis(9), () -> sleep(LONG));
                                }
                              });
                      step("went on, in time: " + inTime);
                    });
                sleep();
                victim.kill(); // it cleans up now
                now.set(10_000_000); // both are due, the inner one first
                victim.await();
              });

      assertThrows(GreenThreadExit.class, done::await);
    }
    assertEquals(List.of(), steps);
  }

  @Test
  void aBodyThatSwallowsItHasItsValue() throws Exception {
    run(() -> {
      var value =
          Timeout.call(
              SHORT,
              () -> {
                try {
                  return sleepThen(LONG, "slept");
                } catch (Timeout swallowed) {
                  return "swallowed";
                }
              });

      assertEquals("swallowed", value);
      sleep(SHORT);
    });
  }

  @Test
  void aBodyThatWaitsAgainAfterwardsIsNotEndedTwice() throws Exception {
    run(() -> {
      var value =
          Timeout.call(
              SHORT,
              () -> {
                try {
                  return sleepThen(LONG, "slept");
                } catch (Timeout swallowed) {
                  return sleepThen(SHORT.multipliedBy(2), "cleaned up");
                }
              });

      assertEquals("cleaned up", value);
    });
  }

  @Test
  void aKillPassesThrough() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> step(Timeout.call(LONG, () -> sleepThen(LONG, "slept"), "fallback")));
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of(), steps);
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void canBeUsedAgainAndAgainForOneGreenThread() throws Exception {
    run(() -> {
      for (var i = 0; i < 20; i++) {
        assertFalse(Timeout.run(Duration.ofNanos(1), () -> sleep(LONG)));
        assertTrue(Timeout.run(LONG, () -> sleep()));
      }
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void eachIsAnotherObject() throws Exception {
    run(() -> {
      var first = assertThrows(Timeout.class, () -> Timeout.call(SHORT, this::sleepForEver));
      var second = assertThrows(Timeout.class, () -> Timeout.call(SHORT, this::sleepForEver));

      assertNotSame(first, second);
    });
  }

  @Test
  void manyRunOutInOrder() throws Exception {
    run(() -> {
      var many = new ArrayList<GreenThread<?>>();
      var order = new ArrayList<Integer>();
      for (var i = 0; i < 2_000; i++) {
        var place = i;
        many.add(
            spawn(() -> {
              assertFalse(Timeout.run(SHORT, () -> sleep(LONG)));
              order.add(place);
            }));
      }

      for (var one : many) {
        one.await();
      }

      assertEquals(Stream.iterate(0, i -> i + 1).limit(2_000).toList(), order);
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void manyThatAreClosedCostNothingLater() throws Exception {
    run(() -> {
      for (var i = 0; i < 100_000; i++) {
        Timeout.after(LONG).close();
      }

      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  // ---------------------------------------------------------------------------- waits of the JDK

  static Stream<GreenThreadTest.Wait> waitsOfTheJdk() {
    return GreenThreadTest.waitsOfTheJdk();
  }

  @ParameterizedTest
  @MethodSource("waitsOfTheJdk")
  void aWaitOfTheJdksEndsByTheTimeout(GreenThreadTest.Wait wait) throws Exception {
    run(() -> {
      assertThrows(
          Timeout.class,
          () ->
              Timeout.call(
                  SHORT,
                  () -> {
                    wait.action().run();
                    return "value";
                  }));

      assertFalse(Thread.currentThread().isInterrupted());
      sleep();
    });
  }

  @ParameterizedTest
  @MethodSource("waitsOfTheJdk")
  void aWaitOfTheJdksEndsSilently(GreenThreadTest.Wait wait) throws Exception {
    run(() -> {
      assertFalse(Timeout.run(SHORT, wait.action()));

      assertFalse(Thread.currentThread().isInterrupted());
      sleep();
      Thread.sleep(1);
    });
  }

  @Test
  void theOuterOneEndsAWaitOfTheJdksInsideOfTheInner() throws Exception {
    run(() -> {
      var result =
          Timeout.call(SHORT, () -> Timeout.call(LONG, this::sleepInTheJdk, "inner"), "outer");

      assertEquals("outer", result);
      assertFalse(Thread.currentThread().isInterrupted());
    });
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry")
  void aLockThatHeedsInterruptsIsGivenUp() throws Exception {
    run(() -> {
      var lock = new ReentrantLock();
      var holder = spawn(() -> holdFor(lock, SHORT.multipliedBy(10)));
      sleep();

      assertFalse(Timeout.run(SHORT, lock::lockInterruptibly));
      assertFalse(Timeout.run(SHORT, () -> lock.tryLock(1, DAYS)));

      assertFalse(lock.isHeldByCurrentThread());
      assertFalse(lock.hasQueuedThreads());
      holder.await();
      lock.lock();
      lock.unlock();
    });
  }

  @Test
  void aLockThatHeedsNoneIsTakenAndTheTimeoutComesAtTheNextWait() throws Exception {
    run(() -> {
      var lock = new ReentrantLock();
      spawn(() -> holdFor(lock, SHORT.multipliedBy(4)));
      sleep();

      var done =
          Timeout.run(
              SHORT,
              () -> {
                lock.lock();
                try {
                  step("locked");
                  sleep(LONG);
                } finally {
                  lock.unlock();
                }
              });

      assertFalse(done);
      assertEquals(List.of("locked"), steps);
      assertFalse(lock.isLocked());
    });
  }

  @Test
  void outsideOfCallTheJdksExceptionComesFirstAndTheTimeoutAtTheNextWait() throws Exception {
    run(() -> {
      var timeout = Timeout.after(SHORT);

      assertThrows(InterruptedException.class, () -> Thread.sleep(LONG));
      assertSame(timeout, assertThrows(Timeout.class, () -> sleep()));

      sleep();
    });
  }

  @Test
  void outsideOfCallTheEndOfTheBodyIsTheTimeout() throws Exception {
    run(() -> {
      var body =
          spawn(() -> {
            Timeout.after(SHORT);
            Thread.sleep(LONG);
          });

      var thrown = assertThrows(Timeout.class, body::await);

      assertInstanceOf(InterruptedException.class, thrown.getSuppressed()[0]);
    });
  }

  @Test
  void noItemIsLostByAQueueWhoseTakerTimesOut() throws Exception {
    run(() -> {
      var queue = new LinkedBlockingQueue<String>();
      assertFalse(Timeout.run(SHORT, () -> step(queue.take())));
      queue.put("kept");

      assertEquals("kept", queue.poll());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void noPermitIsLostByASemaphoreWhoseAcquirerTimesOut() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      assertFalse(Timeout.run(SHORT, semaphore::acquire));
      semaphore.release();

      assertEquals(1, semaphore.availablePermits());
    });
  }

  // ---------------------------------------------------------------------------- what comes too
  // late

  @Test
  void oneThatComesTooLateLeavesNoInterrupt() throws Exception {
    run(() -> {
      Timeout.run(SHORT, () -> spinFor(SHORT.multipliedBy(2))); // due, and closed, in one turn
      sleep();

      assertFalse(Thread.currentThread().isInterrupted());
      Thread.sleep(1);
    });
  }

  @Test
  void oneOfZeroThatMeetsNoWaitLeavesNoInterrupt() throws Exception {
    run(() -> {
      Timeout.run(Duration.ZERO, () -> step("done"));

      assertFalse(Thread.currentThread().isInterrupted());
    });
  }

  @Test
  void oneThatMeetsAServedWaitOfTheJdksLeavesNoInterrupt() throws Exception {
    run(() -> {
      var lock = new ReentrantLock();
      spawn(() -> {
        lock.lock();
        try {
          sleep();
          spinFor(SHORT.multipliedBy(2)); // the timeout is due ...
        } finally {
          lock.unlock(); // ... and fires when the wait is served, before the next turn
        }
      });
      sleep();

      assertTrue(Timeout.run(SHORT, lock::lock));

      lock.unlock();
      assertFalse(Thread.currentThread().isInterrupted());
    });
  }

  @Test
  void oneThatMeetsAServedWaitOfOursLeavesNoInterruptAndNoParkPermit() throws Exception {
    run(() -> {
      var worker =
          spawn(() -> {
            spinFor(SHORT.multipliedBy(2));
            return "value";
          });

      assertEquals("value", Timeout.call(SHORT, worker::await));

      assertFalse(Thread.currentThread().isInterrupted());
      assertParkParks();
    });
  }

  @Test
  void oneThatIsThrownInAWaitOfOursLeavesNoParkPermit() throws Exception {
    run(() -> {
      assertFalse(Timeout.run(SHORT, () -> sleep(LONG)));

      assertParkParks();
    });
  }

  @Test
  void aStockSocketStaysOpenIfTheTimeoutComesTooLate() throws Exception {
    run(() -> {
      try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          var socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
          var peer = listener.accept()) {
        Timeout.run(Duration.ZERO, () -> step("no wait"));
        Timeout.run(SHORT, () -> spinFor(SHORT.multipliedBy(2)));

        spawn(() -> {
          sleep(SHORT);
          peer.getOutputStream().write(7);
        });

        assertEquals(7, socket.getInputStream().read());
      }
    });
  }

  @Test
  void aChannelStaysOpenIfTheTimeoutComesTooLate() throws Exception {
    run(() -> {
      try (var listener = ServerSocketChannel.open().bind(Connected.LOOPBACK)) {
        Timeout.run(Duration.ZERO, () -> step("no wait"));
        spawn(() -> {
          sleep(SHORT);
          java.nio.channels.SocketChannel.open(listener.getLocalAddress()).close();
        });

        listener.accept().close();
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  private void step(String name) {
    steps.add(name);
  }

  private static <T> T sleepThen(T value) {
    return sleepThen(SHORT, value);
  }

  private static <T> T sleepThen(Duration time, T value) {
    sleep(time);
    return value;
  }

  private static void sleepLong() {
    sleep(LONG);
  }

  private String sleepForEver() {
    sleep(LONG);
    return "slept";
  }

  private String sleepInTheJdk() throws InterruptedException {
    Thread.sleep(LONG);
    return "slept";
  }

  private static void holdFor(ReentrantLock lock, Duration time) {
    lock.lock();
    try {
      sleep(time);
    } finally {
      lock.unlock();
    }
  }

  private static void spinFor(Duration time) {
    var end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  /// A park that returns at once found a permit that somebody left.
  private static void assertParkParks() {
    var self = Thread.currentThread();
    var unparked = new boolean[1];
    spawn(() -> {
      unparked[0] = true;
      LockSupport.unpark(self);
    });
    LockSupport.park();
    assertTrue(unparked[0], "a park that returned at once");
  }
}
