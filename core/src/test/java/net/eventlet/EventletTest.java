package net.eventlet;

import static net.eventlet.Eventlet.current;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Eventlet.spawnAfter;
import static net.eventlet.Eventlet.spawnAfterLocal;
import static net.eventlet.Eventlet.spawnN;
import static net.eventlet.Failures.assertSays;
import static net.eventlet.Failures.raise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class EventletTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> steps = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();

  // ----------------------------------------------------------------------------------------- run

  @Test
  void runReturnsWhatMainReturns() throws Exception {
    assertEquals(42, run(() -> 6 * 7));
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("checked"), new IllegalStateException("unchecked"), new Error("error"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void runThrowsTheVeryObjectThatMainThrew(Throwable failure) {
    var thrown = assertThrows(Throwable.class, () -> run(() -> raise(failure)));

    assertSame(failure, thrown);
  }

  @Test
  void runCanBeCalledAgainOnTheSameThread() throws Exception {
    var first = run(Hub::current);
    var second = run(Hub::current);

    assertNotSame(first, second);
  }

  @Test
  void runIsRefusedInsideAGreenThread() throws Exception {
    run(() -> {
      var thrown = assertThrows(IllegalStateException.class, () -> run(() -> step("inner")));

      assertSays(thrown, current().name());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void runIsRefusedInAStockVirtualThreadThatAGreenThreadStarted() throws Exception {
    run(() -> {
      var refused = new FutureTask<>(() -> run(() -> 1));

      Thread.startVirtualThread(refused).join();

      assertInstanceOf(IllegalStateException.class, refused.exceptionNow());
    });
  }

  @Test
  void runWorksOnAStockVirtualThread() throws Exception {
    var ran =
        new FutureTask<>(() ->
            run(() -> {
              var child = spawn(() -> Hub.current());
              return child.await() == Hub.current();
            }));

    Thread.ofVirtual().start(ran).join();

    assertTrue(ran.get());
  }

  @Test
  void runOnAStockVirtualThreadThrowsTheVeryObjectThatMainThrew() throws Exception {
    var failure = new IOException("checked");
    var ran = new FutureTask<>(() -> run(() -> raise(failure)));

    Thread.ofVirtual().start(ran).join();

    assertSame(failure, ran.exceptionNow());
  }

  @Test
  void theMainGreenThreadIsOneLikeAnyOther() throws Exception {
    run(() -> {
      assertSame(current().thread(), Thread.currentThread());
      assertTrue(Thread.currentThread().isVirtual());
      assertSame(Hub.current(), current().hub());
      assertFalse(current().isDone());
    });
  }

  @Test
  void greenThreadsThatWaitWhenMainReturnsAreKilledFirst() throws Exception {
    var leftover =
        run(() -> {
          var waiting =
              spawn(() -> {
                try {
                  sleep(LONG);
                } finally {
                  step("cleaned up");
                }
              });
          sleep();
          return waiting;
        });

    assertEquals(List.of("cleaned up"), steps);
    assertThrows(GreenThreadExit.class, leftover::await);
    assertTrue(leftover.isCancelled());
  }

  @Test
  void greenThreadsThatAreKilledAtTheEndMayWaitInTheirCleanUp() throws Exception {
    run(() -> {
      spawn(() -> {
        try {
          sleep(LONG);
        } finally {
          sleep(Duration.ofMillis(1));
          step("cleaned up");
        }
      });
      sleep();
    });

    assertEquals(List.of("cleaned up"), steps);
  }

  @Test
  void theEndEndsWaitsOfTheJdkToo() throws Exception {
    var leftover =
        run(() -> {
          var waiting = spawn(() -> new CountDownLatch(1).await());
          sleep();
          return waiting;
        });

    assertThrows(GreenThreadExit.class, leftover::await);
  }

  @Test
  void theEndEndsStockVirtualThreadsThatGreenThreadsStarted() throws Exception {
    var stock =
        run(() -> {
          var waiting = Thread.startVirtualThread(LockSupport::park);
          sleep();
          assertTrue(waiting.isAlive());
          return waiting;
        });

    assertTrue(stock.join(Duration.ZERO));
  }

  @Test
  void theEndUnwindsStockVirtualThreadsAsItDoesOthers() throws Exception {
    var thrown = new AtomicReference<Throwable>();
    run(() -> {
      Thread.startVirtualThread(() -> {
        try {
          sleep(LONG);
        } catch (Throwable unwind) {
          thrown.set(unwind);
        }
      });
      sleep();
    });

    assertInstanceOf(GreenThreadExit.class, thrown.get());
  }

  @Test
  void theFailureOfMainEndsTheOthersAsWell() {
    var failure = new IOException("main");

    var thrown =
        assertThrows(
            IOException.class,
            () ->
                run(() -> {
                  spawnN(() -> {
                    try {
                      sleep(LONG);
                    } finally {
                      step("cleaned up");
                    }
                  });
                  sleep();
                  throw failure;
                }));

    assertSame(failure, thrown);
    assertEquals(List.of("cleaned up"), steps);
  }

  @Test
  void aGreenThreadThatHadNoTurnWhenMainReturnsNeverRuns() throws Exception {
    var unstarted = run(() -> spawn(() -> step("ran")));

    assertThrows(GreenThreadExit.class, unstarted::await);
    assertEquals(List.of(), steps);
  }

  @Test
  void aGreenThreadThatWasToStartLaterEndsWithItsHub() throws Exception {
    var unstarted = run(() -> spawnAfter(LONG, () -> step("ran")));

    assertThrows(GreenThreadExit.class, () -> unstarted.await(Duration.ofSeconds(2)));
    assertEquals(List.of(), steps);
  }

  @Test
  void whatAGreenThreadSpawnsWhileItIsKilledAtTheEndNeverRuns() throws Exception {
    var late = new AtomicReference<GreenThread<?>>();
    run(() -> {
      spawn(() -> {
        try {
          sleep(LONG);
        } finally {
          late.set(spawn(() -> step("ran")));
        }
      });
      sleep();
    });

    assertThrows(GreenThreadExit.class, () -> late.get().await());
    assertEquals(List.of(), steps);
  }

  @Test
  void oneThatSwallowsEveryKillIsReportedAndGivenUp() throws Exception {
    var enough = new CompletableFuture<Void>();
    try (var uncaught = Uncaught.watch()) {
      var hub = Hub.start("stubborn", HubOptions.DEFAULT.withCloseLimit(Duration.ofMillis(20)));
      var begun = new CountDownLatch(1);
      var swallower =
          spawn(
              hub,
              () -> {
                begun.countDown();
                while (!enough.isDone()) {
                  try {
                    enough.join();
                  } catch (Throwable swallowed) { // as it should not
                    step("swallowed");
                  }
                }
              });
      begun.await();

      hub.close();

      var report = uncaught.next();
      assertSame(swallower.thread(), report.thread());
      assertSays(report.cause(), swallower.name(), "EventletTest");
    } finally {
      enough.complete(null);
    }
  }

  @Test
  void oneThatSwallowsOneKillAndEndsIsNotReported() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var leftover =
          run(() -> {
            var swallower =
                spawn(() -> {
                  try {
                    sleep(LONG);
                  } catch (GreenThreadExit swallowed) {
                    step("swallowed");
                  }
                  return "its value";
                });
            sleep();
            return swallower;
          });

      assertEquals("its value", leftover.await());
      assertEquals(List.of(), uncaught.causes());
    }
  }

  // --------------------------------------------------------------------------------------- spawn

  @Test
  void greenThreadsRunInTheOrderInWhichTheyWereSpawned() throws Exception {
    run(() -> {
      spawn(() -> step("a"));
      spawnN(() -> step("b"));
      spawn(() -> step("c"));

      sleep();

      assertEquals(List.of("a", "b", "c"), steps);
    });
  }

  @Test
  void spawnNeverSwitches() throws Exception {
    run(() -> {
      for (var i = 0; i < 1000; i++) {
        spawn(() -> step("ran"));
        spawnN(() -> step("ran"));
        spawnAfter(Duration.ZERO, () -> step("ran"));
      }

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void spawnedGreenThreadsTakeTurnsInOrder() throws Exception {
    run(() -> {
      for (var name : List.of("a", "b", "c")) {
        spawn(() -> {
          for (var turn = 1; turn <= 3; turn++) {
            step(name + turn);
            sleep();
          }
        });
      }

      for (var turn = 0; turn < 4; turn++) {
        sleep();
      }

      assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"), steps);
    });
  }

  @Test
  void whatASpawnNThrowsGoesToTheUncaughtHandlerOnce() throws Exception {
    var failure = new IOException("nobody receives this");
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        spawnN(() -> raise(failure));
        sleep();
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  @Test
  void theHubGoesOnAfterAFailure() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        spawnN(() -> raise(new Error("one")));
        spawnN(() -> step("two"));
        sleep();
      });

      assertEquals(List.of("two"), steps);
      assertEquals("one", uncaught.next().cause().getMessage());
    }
  }

  @Test
  void aHandlerThatThrowsDoesNotHarmTheHub() throws Exception {
    var shown = new ArrayList<Throwable>();
    run(() -> {
      var failure = new IOException("one");
      try (var _ = Uncaught.watch()) {
        Hub.uncaughtHandler((_, cause) -> {
          shown.add(cause);
          throw new IllegalStateException("the handler fails");
        });
        spawnN(() -> raise(failure));
        sleep();
      } finally {
        Uncaught.install();
      }

      assertEquals(List.of(failure), shown);
      assertEquals("two", spawn(() -> "two").await());
    });
  }

  @Test
  void theEndOfTheHubIsNoFailureOfASpawnN() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        spawnN(() -> sleep(LONG));
        sleep();
        spawnN(() -> step("never has a turn"));
      });

      assertEquals(List.of(), uncaught.causes());
      assertEquals(List.of(), steps);
    }
  }

  @Test
  void aPlainThreadSpawnsOntoTheSharedHub() throws Exception {
    var spawned = spawn(() -> Hub.current());

    assertSame(Hub.shared(), spawned.await());
    assertSame(Hub.shared(), spawned.hub());
  }

  @Test
  void aPlainThreadsSpawnNRunsOnTheSharedHub() throws Exception {
    var ran = new CompletableFuture<Hub>();

    spawnN(() -> ran.complete(Hub.current()));

    assertSame(Hub.shared(), ran.get());
  }

  @Test
  void aPlainThreadsSpawnAfterRunsOnTheSharedHub() throws Exception {
    var spawned = spawnAfter(Duration.ofMillis(1), () -> Hub.current());

    assertSame(Hub.shared(), spawned.await());
  }

  @Test
  void aClosedSharedHubIsReplaced() throws Exception {
    var before = Hub.shared();
    before.close();

    var spawned = spawn(() -> Hub.current());

    assertNotSame(before, spawned.await());
  }

  @Test
  void aGreenThreadIsSpawnedOnAnotherHub() throws Exception {
    try (var other = Hub.start("other")) {
      run(() -> {
        var there = spawn(other, () -> Hub.current());
        var action = spawn(other, () -> step(Hub.current().name()));

        assertSame(other, there.hub());
        assertSame(other, there.await());
        action.await();
        assertEquals(List.of("other"), steps);
      });
    }
  }

  @Test
  void whatOneThreadSpawnsOnAnotherHubRunsInOrder() throws Exception {
    try (var other = Hub.start("other")) {
      run(() -> {
        var last = spawn(other, () -> step("0"));
        for (var i = 1; i < 200; i++) {
          var name = Integer.toString(i);
          last = spawn(other, () -> step(name));
        }

        last.await();

        assertEquals(Stream.iterate(0, i -> i + 1).limit(200).map(String::valueOf).toList(), steps);
      });
    }
  }

  @Test
  void aClosedHubTakesNothing() {
    var closed = Hub.start("closed");
    closed.close();

    assertThrows(IllegalStateException.class, () -> spawn(closed, () -> step("ran")));
    assertEquals(List.of(), steps);
  }

  @Test
  void whatIsSpawnedWhileAHubClosesRunsOnItOrEndsOrIsRefused() throws Exception {
    for (var round = 0; round < 100; round++) {
      var hub = Hub.start("closing");
      var strays = new ConcurrentSkipListSet<String>();
      var spawner =
          new FutureTask<>(() -> {
            var handles = new ArrayList<GreenThread<Void>>();
            try {
              while (true) {
                handles.add(
                    spawn(
                        hub,
                        () -> {
                          if (Hub.currentOrNull() != hub) {
                            strays.add("ran on " + Hub.currentOrNull());
                          }
                        }));
              }
            } catch (IllegalStateException refused) {
              return handles;
            }
          });
      Thread.ofPlatform().daemon().start(spawner);
      spawn(hub, () -> step("begun")).await();

      hub.close();

      for (var handle : spawner.get()) {
        try {
          handle.await(Duration.ofSeconds(5));
        } catch (GreenThreadExit expected) {
          // it had no turn
        }
      }
      assertEquals(Set.of(), strays);
    }
  }

  // --------------------------------------------------------------------------------------- later

  @Test
  void spawnAfterRunsInTheOrderOfTheDeadlines() throws Exception {
    onAClockThatIsMovedByHand(() -> {
      spawnAfter(Duration.ofMillis(4), () -> step("c"));
      spawnAfter(Duration.ofMillis(2), () -> step("b"));
      spawnAfter(Duration.ofMillis(-1), () -> step("a"));

      moveClock(Duration.ofMillis(2));
      step("later");
      moveClock(Duration.ofMillis(2));
    });

    assertEquals(List.of("a", "b", "later", "c"), steps);
  }

  @Test
  void spawnAfterRunsEvenIfTheSpawnerHasEnded() throws Exception {
    run(() -> {
      var later = spawn(() -> spawnAfter(Duration.ofMillis(1), () -> "ran")).await();

      assertEquals("ran", later.await());
    });
  }

  @Test
  void spawnAfterLocalRunsIfTheSpawnerIsThere() throws Exception {
    run(() -> {
      var later = spawnAfterLocal(Duration.ofMillis(1), () -> step("ran"));

      later.await();

      assertEquals(List.of("ran"), steps);
    });
  }

  @Test
  void spawnAfterLocalDoesNotRunIfTheSpawnerHasEnded() throws Exception {
    run(() -> {
      var later = spawn(() -> spawnAfterLocal(Duration.ofMillis(1), () -> step("ran"))).await();

      assertThrows(GreenThreadExit.class, later::await);
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void whatIsCancelledBeforeItsTimeNeverRuns() throws Exception {
    run(() -> {
      var later = spawnAfter(Duration.ofMillis(1), () -> step("ran"));

      assertTrue(later.cancel());

      sleep(Duration.ofMillis(2));
      assertEquals(List.of(), steps);
      assertTrue(later.isCancelled());
      assertThrows(GreenThreadExit.class, later::await);
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void whatIsKilledBeforeItsTimeNeverRuns() throws Exception {
    run(() -> {
      var later = spawnAfter(LONG, () -> step("ran"));

      later.kill();

      assertThrows(GreenThreadExit.class, later::await);
      assertEquals(List.of(), steps);
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void aPlainThreadCancelsWhatIsToStartLater() {
    var later = spawnAfter(LONG, () -> step("ran"));

    assertTrue(later.cancel());
    assertThrows(GreenThreadExit.class, later::await);
  }

  // --------------------------------------------------------------------------------------- sleep

  @Test
  void sleepersWakeInTheOrderOfTheirDeadlines() throws Exception {
    onAClockThatIsMovedByHand(() -> {
      spawn(() -> sleepThenStep(6, "c"));
      spawn(() -> sleepThenStep(2, "a"));
      spawn(() -> sleepThenStep(4, "b"));
      sleep();

      moveClock(Duration.ofMillis(6));
    });

    assertEquals(List.of("a", "b", "c"), steps);
  }

  @Test
  void sleepersWithOneDeadlineWakeInTheOrderInWhichTheyWentToSleep() throws Exception {
    onAClockThatIsMovedByHand(() -> {
      for (var name : List.of("a", "b", "c", "d")) {
        spawn(() -> sleepThenStep(5, name));
      }
      sleep();

      moveClock(Duration.ofMillis(5));
    });

    assertEquals(List.of("a", "b", "c", "d"), steps);
  }

  @Test
  void aSleeperDoesNotWakeBeforeItsTime() throws Exception {
    onAClockThatIsMovedByHand(() -> {
      spawn(() -> sleepThenStep(5, "woke"));
      sleep();

      moveClock(Duration.ofMillis(5).minusNanos(1));
      assertEquals(List.of(), steps);
      moveClock(Duration.ofNanos(1));
      assertEquals(List.of("woke"), steps);
    });
  }

  @Test
  void aSleepOfZeroOrLessGivesEveryoneElseATurn() throws Exception {
    run(() -> {
      for (var time : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(-99999))) {
        steps.clear();
        spawn(() -> step("a"));
        spawn(() -> step("b"));

        sleep(time);

        assertEquals(List.of("a", "b"), steps);
      }
    });
  }

  @Test
  void aSleepOfNothingGivesTheSocketsALook() throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        spawn(() -> {
          pair.accepted().read(new byte[1], 0, 1);
          step("read");
        });
        sleep();
        pair.connected().write(new byte[1], 0, 1);

        sleep(); // the look
        sleep(); // the reader's turn

        assertEquals(List.of("read"), steps);
      }
    });
  }

  @Test
  void aSleepOfNothingLetsTimersFire() throws Exception {
    run(() -> {
      spawnAfter(Duration.ZERO, () -> step("fired"));

      sleep(); // the timers come at the end of the turn
      sleep(); // the green thread's turn

      assertEquals(List.of("fired"), steps);
    });
  }

  @Test
  void aSleepThatNobodyCouldOutliveCanBeKilled() throws Exception {
    run(() -> {
      var sleeper = spawn(() -> sleep(Duration.ofSeconds(Long.MAX_VALUE)));
      sleep();

      sleeper.kill();

      assertThrows(GreenThreadExit.class, sleeper::await);
    });
  }

  @Test
  void aPlainThreadSleepsToo() {
    var begin = System.nanoTime();

    sleep(Duration.ofMillis(2));
    sleep();
    sleep(Duration.ofMillis(-2));

    assertTrue(System.nanoTime() - begin >= 2_000_000);
  }

  @Test
  void anInterruptEndsTheSleepOfAPlainThreadAndStaysSet() {
    Thread.currentThread().interrupt();

    assertThrows(GreenThreadExit.class, () -> sleep(LONG));

    assertTrue(Thread.interrupted());
  }

  // ------------------------------------------------------------------------------------- current

  @Test
  void currentIsTheHandleThatSpawnReturned() throws Exception {
    run(() -> {
      var spawned = spawn(Eventlet::current);

      assertSame(spawned, spawned.await());
    });
  }

  @Test
  void currentIsOneHandleInASpawnN() throws Exception {
    run(() -> {
      var seen = new ArrayList<GreenThread<?>>();

      spawnN(() -> {
        seen.add(current());
        sleep();
        seen.add(current());
        assertSame(Thread.currentThread(), current().thread());
      });
      sleep();
      sleep();
      sleep();

      assertEquals(2, seen.size());
      assertSame(seen.getFirst(), seen.getLast());
    });
  }

  @Test
  void theHandleOnASpawnNCanBeAwaited() throws Exception {
    run(() -> {
      var handle = new AtomicReference<GreenThread<?>>();
      spawnN(() -> {
        handle.set(current());
        sleep(Duration.ofMillis(2));
        step("ended");
      });
      sleep();

      handle.get().await();

      assertEquals(List.of("ended"), steps);
      assertTrue(handle.get().isDone());
    });
  }

  @Test
  void theHandleOnASpawnNCanBeKilled() throws Exception {
    run(() -> {
      var handle = new AtomicReference<GreenThread<?>>();
      spawnN(() -> {
        handle.set(current());
        try {
          sleep(LONG);
        } finally {
          step("cleaned up");
        }
      });
      sleep();

      handle.get().kill();

      assertEquals(List.of("cleaned up"), steps);
      assertThrows(GreenThreadExit.class, () -> handle.get().await());
      assertTrue(handle.get().isCancelled());
    });
  }

  @Test
  void theHandleOnASpawnNTellsOfItsFailure() throws Exception {
    var failure = new IOException("of the body");
    try (var _ = Uncaught.watch()) {
      run(() -> {
        var handle = new AtomicReference<GreenThread<?>>();
        spawnN(() -> {
          handle.set(current());
          throw failure;
        });
        sleep();

        assertSame(failure, assertThrows(IOException.class, () -> handle.get().await()));
      });
    }
  }

  @Test
  void aStockVirtualThreadStartedInAGreenThreadIsOneToo() throws Exception {
    run(() -> {
      var stock = new FutureTask<>(() -> List.of(current(), current(), Hub.current()));

      var thread = Thread.startVirtualThread(stock);
      thread.join();

      var handle = assertInstanceOf(GreenThread.class, stock.get().getFirst());
      assertSame(thread, handle.thread());
      assertSame(handle, stock.get().get(1));
      assertSame(Hub.current(), stock.get().getLast());
    });
  }

  @Test
  void aStockVirtualThreadRunsAloneAndInTurn() throws Exception {
    run(() -> {
      spawn(() -> step("a"));
      Thread.startVirtualThread(() -> step("b"));
      spawn(() -> step("c"));
      assertEquals(List.of(), steps);

      sleep();

      assertEquals(List.of("a", "b", "c"), steps);
    });
  }

  @Test
  void aStockVirtualThreadCanBeKilledAndAwaited() throws Exception {
    run(() -> {
      var handle = new CompletableFuture<GreenThread<?>>();
      Thread.startVirtualThread(() -> {
        handle.complete(current());
        try {
          sleep(LONG);
        } finally {
          step("cleaned up");
        }
      });

      handle.get().kill();

      assertEquals(List.of("cleaned up"), steps);
      assertThrows(GreenThreadExit.class, () -> handle.get().await());
    });
  }

  @Test
  void whoeverAwaitsAStockVirtualThreadLearnsOfItsEndWithTheHub() throws Exception {
    var handle = new CompletableFuture<GreenThread<?>>();
    run(() -> {
      Thread.startVirtualThread(() -> {
        handle.complete(current());
        sleep(LONG);
      });
      handle.get();
    });

    assertThrows(GreenThreadExit.class, () -> handle.get().await(Duration.ofSeconds(2)));
  }

  @Test
  void offAGreenThreadThereIsNoCurrent() {
    var thrown = assertThrows(IllegalStateException.class, Eventlet::current);

    assertSays(thrown, Thread.currentThread().getName());
    assertThrows(
        IllegalStateException.class, () -> spawnAfterLocal(LONG, () -> step("never runs")));
  }

  @Test
  void inheritableThreadLocalsAreInherited() throws Exception {
    var inherited = new InheritableThreadLocal<String>();
    var own = new ThreadLocal<String>();
    run(() -> {
      inherited.set("of the spawner");
      own.set("of the spawner");
      var child = spawn(() -> inherited.get() + ", " + own.get());
      var later = spawnAfter(Duration.ZERO, () -> inherited.get());
      spawnN(() -> step(inherited.get()));
      inherited.set("changed since");

      assertEquals("of the spawner, null", child.await());
      assertEquals("of the spawner", later.await());
      assertEquals(List.of("of the spawner"), steps);
      assertEquals("changed since", inherited.get());
    });
  }

  @Test
  void whatAGreenThreadInheritsIsItsOwn() throws Exception {
    var inherited = new InheritableThreadLocal<String>();
    run(() -> {
      inherited.set("mine");

      spawn(() -> inherited.set("the child's")).await();

      assertEquals("mine", inherited.get());
    });
  }

  // ----------------------------------------------------------------------------------- bad input

  @Test
  @SuppressWarnings("NullAway")
  void nullsAreRefusedAtOnce() throws Exception {
    assertThrows(NullPointerException.class, () -> run((Callable<?>) null));
    assertThrows(NullPointerException.class, () -> run((Action) null));
    run(() -> {
      assertThrows(NullPointerException.class, () -> spawn((Callable<?>) null));
      assertThrows(NullPointerException.class, () -> spawn((Action) null));
      assertThrows(NullPointerException.class, () -> spawnN(null));
      assertThrows(NullPointerException.class, () -> spawn(null, () -> step("ran")));
      assertThrows(NullPointerException.class, () -> spawnAfter(LONG, (Action) null));
      assertThrows(NullPointerException.class, () -> spawnAfter(LONG, (Callable<?>) null));
      assertThrows(NullPointerException.class, () -> spawnAfterLocal(LONG, null));
      assertThrows(NullPointerException.class, () -> spawnAfter(null, () -> step("ran")));
      assertThrows(NullPointerException.class, () -> spawnAfterLocal(null, () -> step("ran")));
      assertThrows(NullPointerException.class, () -> sleep(null));
      assertThrows(NullPointerException.class, () -> Eventlet.listen(null));
      assertThrows(NullPointerException.class, () -> Eventlet.connect(null));
      sleep();

      assertEquals(List.of(), steps);
      assertEquals(1, Hub.current().statistics().alive());
    });
  }

  @Test
  void oneThatIsAliveIsCounted() throws Exception {
    run(() -> {
      var hub = Hub.current();
      var sleeper = spawn(() -> sleep(LONG));
      sleep();

      assertEquals(2, hub.statistics().alive());
      assertEquals(1, hub.statistics().timers());
      sleeper.kill();

      assertEquals(1, hub.statistics().alive());
      assertEquals(0, hub.statistics().timers());
      assertEquals(0, hub.statistics().runnable());
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  private void step(String name) {
    steps.add(name);
  }

  private void onAClockThatIsMovedByHand(Action body) throws Exception {
    try (var hub = Hub.start("by hand", HubOptions.DEFAULT.withClock(now::get))) {
      spawn(hub, body).await();
    }
  }

  private void moveClock(Duration time) {
    now.addAndGet(time.toNanos());
    sleep(); // the timers come at the end of the turn
    sleep(); // those that were woken have theirs
  }

  private void sleepThenStep(long millis, String name) {
    sleep(Duration.ofMillis(millis));
    step(name);
  }
}
