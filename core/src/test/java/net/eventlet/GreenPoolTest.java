package net.eventlet;

import static net.eventlet.Eventlet.current;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static net.eventlet.Failures.raise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class GreenPoolTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();

  // --------------------------------------------------------------------------------------- spawn

  @Test
  void spawningIntoAPoolWithRoomDoesNotSwitch() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);

      var worker = pool.spawn(() -> 42);
      pool.spawn(() -> step("ran"));
      assertEquals(List.of(), steps);
      assertEquals(2, pool.running());

      assertEquals(42, worker.await());
      pool.waitAll();
      assertEquals(List.of("ran"), steps);
    });
  }

  @Test
  void spawningIntoAFullPoolWaits() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var event = new Event<String>();
      pool.spawn(() -> event.await());
      var spawner =
          spawn(() -> {
            pool.spawn(() -> step("ran"));
            step("spawned");
          });
      sleep();
      assertStatus(pool, 1, 0, 1);
      assertFalse(spawner.isDone());

      event.send("go on");
      spawner.await();
      pool.waitAll();

      assertEquals(List.of("spawned", "ran"), steps);
      assertStatus(pool, 0, 1, 0);
    });
  }

  @Test
  void whoWaitsToSpawnIsServedInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      pool.spawn(() -> sleep());
      for (var name : List.of("a", "b", "c", "d")) {
        spawn(() -> pool.spawn(() -> step(name)));
      }
      sleep();

      pool.waitAll();

      assertEquals(List.of("a", "b", "c", "d"), steps);
    });
  }

  @Test
  void noMoreThanTheSizeRunAtOnce() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      var inside = new AtomicInteger();
      var most = new AtomicInteger();

      for (var i = 0; i < 50; i++) {
        pool.spawn(() -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          sleep();
          inside.decrementAndGet();
        });
        assertTrue(pool.running() <= 3);
      }
      pool.waitAll();

      assertEquals(3, most.get());
    });
  }

  @Test
  void thereAreAThousandUnlessOneSaysOtherwise() {
    assertEquals(1000, new GreenPool().free());
  }

  @Test
  void tasksRunOnTheHubOfWhoSpawnsThem() throws Exception {
    var pool = new GreenPool();
    run(() -> assertSame(Hub.current(), pool.spawn(() -> Hub.current()).await()));

    assertSame(Hub.shared(), pool.spawn(() -> Hub.current()).await());
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void nothingToRunIsRefusedAndTakesNoSlot() {
    var pool = new GreenPool(1);

    assertThrows(NullPointerException.class, () -> pool.spawn((Action) null));
    assertThrows(NullPointerException.class, () -> pool.spawnN(null));

    assertEquals(1, pool.free());
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertSays(assertThrows(IllegalArgumentException.class, () -> new GreenPool(-3)), "-3");
  }

  @Test
  void itSaysHowItIs() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      pool.spawn(() -> sleep());
      spawn(() -> pool.spawn(() -> sleep()));
      sleep();

      assertEquals("GreenPool[1 of 1 running, 1 waiting]", pool.toString());
      pool.close();
      assertEquals("GreenPool[1 of 1 running, 0 waiting, closed]", pool.toString());
    });
  }

  // ----------------------------------------------------------------------- a task's end, and slots

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("checked"), new IllegalStateException("unchecked"), new Error("error"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsTheHandlesAndFreesTheSlot(Throwable failure) throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      var failing = pool.spawn(() -> raise(failure));

      assertSame(failure, assertThrows(Throwable.class, failing::await));
      assertStatus(pool, 0, 1, 0);
    });
  }

  @Test
  void aTaskThatIsKilledFreesItsSlot() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var victim = pool.spawn(() -> sleep(LONG));
      sleep();
      var heir = spawn(() -> pool.spawn(() -> step("heir")));
      sleep();

      victim.kill();

      heir.await();
      pool.waitAll();
      assertEquals(List.of("heir"), steps);
    });
  }

  @Test
  void aTaskThatNeverBeganFreesItsSlot() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var killed = pool.spawn(() -> step("killed"));
      var cancelled = pool.spawn(() -> step("cancelled"));

      killed.kill();
      assertTrue(cancelled.cancel());
      pool.waitAll();

      assertEquals(List.of(), steps);
      assertStatus(pool, 0, 2, 0);
    });
  }

  @Test
  void aTaskThatIsCancelledHasItsSlotUntilItEnds() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var victim =
          pool.spawn(() -> {
            try {
              sleep(LONG);
            } finally {
              step("cleaning up with " + pool.running() + " running");
            }
          });
      sleep();

      victim.cancel(true);
      assertTrue(victim.isDone());
      assertEquals(1, pool.running());
      pool.waitAll();

      assertEquals(List.of("cleaning up with 1 running"), steps);
    });
  }

  @Test
  void theEndOfTheHubFreesTheSlots() throws Exception {
    var pool = new GreenPool(3);
    run(() -> {
      pool.spawn(() -> sleep(LONG));
      sleep();
      pool.spawn(() -> step("had no turn"));
    });

    assertStatus(pool, 0, 3, 0);
    assertEquals(List.of(), steps);
  }

  @Test
  void theEndOfTheHubUnwindsWhoWaitsToSpawn() throws Exception {
    var pool = new GreenPool(0);
    run(() -> {
      spawn(() -> pool.spawn(() -> step("ran")));
      sleep();
      assertEquals(1, pool.waiting());
    });

    assertStatus(pool, 0, 0, 0);
    assertEquals(List.of(), steps);
  }

  // -------------------------------------------------------------------------------------- spawnN

  @Test
  void theFailureOfATaskThatNobodyWaitsForReachesTheHandlerOnce() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IOException("of nobody");
      run(() -> {
        var pool = new GreenPool(1);
        pool.spawnN(() -> raise(failure));
        pool.waitAll();
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  @Test
  void aTaskThatNobodyWaitsForMayBeKilledInSilence() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        var pool = new GreenPool(1);
        var victim = new ArrayList<GreenThread<?>>();
        pool.spawnN(() -> {
          victim.add(current());
          sleep(LONG);
        });
        sleep();

        victim.getFirst().kill();
        pool.waitAll();
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  // ------------------------------------------------------------------------------------ in place

  @Test
  void aMemberOfAFullPoolRunsInPlaceWhatItSpawns() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      pool.spawn(
              () -> {
                var inner =
                    pool.spawn(() -> {
                      step("inner");
                      sleep();
                      return Thread.currentThread();
                    });
                step("spawned");

                assertTrue(inner.isDone());
                assertSame(Thread.currentThread(), inner.await());
              })
          .await();

      assertEquals(List.of("inner", "spawned"), steps);
      assertStatus(pool, 0, 1, 0);
    });
  }

  @Test
  void aMemberOfAPoolWithRoomSpawnsAsAnyone() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      pool.spawn(() -> {
        pool.spawn(() -> step("inner"));
        step("spawned");
      });
      pool.waitAll();

      assertEquals(List.of("spawned", "inner"), steps);
    });
  }

  @Test
  void inPlaceIsAsDeepAsOneLikes() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      assertEquals(50, pool.spawn(() -> descend(pool, 50)).await());
    });
  }

  private static int descend(GreenPool pool, int levels) throws Exception {
    return levels == 0 ? 0 : 1 + pool.spawn(() -> descend(pool, levels - 1)).await();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatFailsInPlaceFailsTheHandleAndNotItsSpawner(Throwable failure) throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      pool.spawn(
              () -> {
                var failing = pool.spawn(() -> raise(failure));
                assertSame(failure, assertThrows(Throwable.class, failing::await));
              })
          .await();
    });
  }

  @Test
  void aSpawnerIsItselfAfterWhatFailedInPlace() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      var spawner =
          pool.spawn(() -> {
            var before = current();
            var failing = pool.spawn(() -> raise(new IOException("mine")));
            assertThrows(IOException.class, failing::await);
            assertSame(before, current());
            return before;
          });

      assertSame(spawner, spawner.await());
    });
  }

  @Test
  void whatNobodyWaitsForAndFailsInPlaceReachesTheHandlerOnce() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IOException("of nobody");
      run(() -> {
        var pool = new GreenPool(1);
        pool.spawn(
                () -> {
                  pool.spawnN(() -> raise(failure));
                  step("went on");
                })
            .await();
      });

      assertEquals(List.of(failure), uncaught.causes());
      assertEquals(List.of("went on"), steps);
    }
  }

  @Test
  void whoIsKilledInPlaceIsKilled() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var victim =
          pool.spawn(() -> {
            pool.spawn(() -> sleep(LONG));
            step("went on");
          });
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of(), steps);
      assertStatus(pool, 0, 1, 0);
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whoIsKilledInPlaceWithACauseOfItsKillersIsKilled(Throwable cause) throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var victim =
          pool.spawn(() -> {
            pool.spawn(() -> sleep(LONG));
            step("went on");
          });
      sleep();

      victim.kill(cause);

      assertSame(cause, assertThrows(Throwable.class, victim::await));
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void theSpawnersTimeoutPassesThroughWhatRunsInPlace() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      pool.spawn(
              () -> {
                assertFalse(Timeout.run(SHORT, () -> pool.spawn(() -> sleep(LONG))));
                step("went on");
              })
          .await();

      assertEquals(List.of("went on"), steps);
    });
  }

  @Test
  void aMemberOfAnotherPoolWaits() throws Exception {
    run(() -> {
      var full = new GreenPool(1);
      var other = new GreenPool(1);
      var event = new Event<String>();
      full.spawn(() -> event.await());
      other.spawn(() -> full.spawn(() -> step("ran")));
      sleep();
      assertEquals(1, full.waiting());

      event.send("go on");
      other.waitAll();
      full.waitAll();

      assertEquals(List.of("ran"), steps);
    });
  }

  @Test
  void whatAMemberSpawnsOutsideIsNoMember() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var event = new Event<String>();
      pool.spawn(() -> {
        spawn(() -> pool.spawn(() -> step("ran")));
        event.await();
      });
      sleep();
      sleep();
      assertEquals(1, pool.waiting());

      event.send("go on");
      pool.waitAll();

      assertEquals(List.of("ran"), steps);
    });
  }

  // ------------------------------------------------------------------------------------- waitAll

  @Test
  void waitAllOfAnIdlePoolReturnsAtOnce() throws Exception {
    run(() -> {
      spawn(() -> step("another ran"));

      new GreenPool().waitAll();

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void waitAllWaitsForThoseWhoWaitToSpawnAsWell() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var first = new Event<String>();
      pool.spawn(() -> first.await());
      for (var name : List.of("a", "b")) {
        spawn(() -> pool.spawn(() -> step(name)));
      }
      sleep();
      var waiter = spawn(pool::waitAll);
      sleep();

      first.send("go on");
      waiter.await();

      assertEquals(List.of("a", "b"), steps);
      assertStatus(pool, 0, 1, 0);
    });
  }

  @Test
  void waitAllMayBeCalledByManyAndAgain() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      for (var round = 0; round < 3; round++) {
        var event = new Event<String>();
        pool.spawn(() -> event.await());
        var waiters = new ArrayList<GreenThread<?>>();
        for (var name : List.of("a", "b", "c")) {
          waiters.add(
              spawn(() -> {
                pool.waitAll();
                step(name);
              }));
        }
        sleep();

        waiters.get(1).kill();
        event.send("go on");
        pool.waitAll();

        assertEquals(List.of("a", "c"), steps);
        steps.clear();
      }
    });
  }

  @Test
  void aMemberThatWaitsForAllIsToldAtOnce() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);

      var member = pool.spawn(pool::waitAll);

      var thrown = assertThrows(IllegalStateException.class, member::await);
      assertSays(thrown, "waitAll", "member", "itself");
    });
  }

  @Test
  void whatRunsInPlaceMayNotWaitForAllEither() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      pool.spawn(
              () -> {
                var inner = pool.spawn(pool::waitAll);
                assertThrows(IllegalStateException.class, inner::await);
              })
          .await();
    });
  }

  @Test
  void aMemberMayWaitForAllOfAnotherPool() throws Exception {
    run(() -> {
      var pool = new GreenPool();
      var other = new GreenPool();
      other.spawn(() -> step("ran"));

      pool.spawn(other::waitAll).await();

      assertEquals(List.of("ran"), steps);
    });
  }

  @Test
  void waitAllGivesWayToATimeout() throws Exception {
    run(() -> {
      var pool = new GreenPool();
      pool.spawn(() -> sleep(LONG));

      assertFalse(Timeout.run(SHORT, pool::waitAll));

      assertEquals(1, pool.running());
    });
  }

  // -------------------------------------------------------------------------------------- resize

  @Test
  void aLargerPoolLetsInWhoWaits() throws Exception {
    run(() -> {
      var pool = new GreenPool(0);
      for (var name : List.of("a", "b", "c")) {
        spawn(() ->
            pool.spawn(() -> {
              step(name);
              sleep(LONG);
            }));
      }
      sleep();
      assertStatus(pool, 0, 0, 3);

      pool.resize(2);
      assertStatus(pool, 2, 0, 1);
      sleep();
      sleep();

      assertEquals(List.of("a", "b"), steps);
    });
  }

  @Test
  void aSmallerPoolLetsNobodyInUntilItHasRoom() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      var events = List.of(new Event<String>(), new Event<String>(), new Event<String>());
      events.forEach(event -> pool.spawn(() -> event.await()));
      pool.resize(1);
      assertStatus(pool, 3, 0, 0);
      spawn(() -> pool.spawn(() -> step("ran")));
      sleep();
      assertStatus(pool, 3, 0, 1);

      events.get(0).send("end");
      sleep();
      assertStatus(pool, 2, 0, 1);
      events.get(1).send("end");
      sleep();
      assertStatus(pool, 1, 0, 1);
      assertEquals(List.of(), steps);
      events.get(2).send("end");
      pool.waitAll();

      assertEquals(List.of("ran"), steps);
      assertStatus(pool, 0, 1, 0);
    });
  }

  @Test
  void aMemberOfAPoolThatBecameSmallerRunsInPlace() throws Exception {
    run(() -> {
      var pool = new GreenPool(5);

      pool.spawn(
              () -> {
                pool.resize(1);
                assertTrue(pool.spawn(() -> step("ran")).isDone());
              })
          .await();

      assertEquals(List.of("ran"), steps);
    });
  }

  @Test
  void resizingToANegativeSizeIsRefusedAndChangesNothing() {
    var pool = new GreenPool(2);

    assertSays(assertThrows(IllegalArgumentException.class, () -> pool.resize(-1)), "-1");

    assertEquals(2, pool.free());
  }

  // --------------------------------------------------------------------------------------- close

  @Test
  void aClosedPoolTakesNoMoreWork() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      pool.close();
      pool.close();

      assertSays(assertThrows(IllegalStateException.class, () -> pool.spawn(() -> 1)), "closed");
      assertThrows(IllegalStateException.class, () -> pool.spawnN(() -> {}));
      pool.waitAll();
      assertEquals(0, pool.running());
    });
  }

  @Test
  void closingWakesWhoWaitsToSpawn() throws Exception {
    run(() -> {
      var pool = new GreenPool(0);
      var spawners = List.of(spawn(() -> pool.spawn(() -> 1)), spawn(() -> pool.spawn(() -> 2)));
      sleep();

      pool.close();

      for (var spawner : spawners) {
        assertSays(assertThrows(IllegalStateException.class, spawner::await), "closed");
      }
      assertStatus(pool, 0, 0, 0);
    });
  }

  @Test
  void whatRunsInAClosedPoolEndsByItself() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var worker =
          pool.spawn(() -> {
            sleep();
            assertThrows(IllegalStateException.class, () -> pool.spawn(() -> step("too late")));
            return "done";
          });
      sleep();

      pool.close();
      pool.waitAll();

      assertEquals("done", worker.await());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void whoWasLetInBeforeTheCloseIsIn() throws Exception {
    run(() -> {
      var pool = new GreenPool(0);
      var spawner = spawn(() -> pool.spawn(() -> "ran").await());
      sleep();

      pool.resize(1);
      pool.close();

      assertEquals("ran", spawner.await());
    });
  }

  // ----------------------------------------------------------------------------------- unwinding

  @Test
  void aSpawnerThatIsKilledLeavesNoTrace() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var event = new Event<String>();
      pool.spawn(() -> event.await());
      var victim = spawn(() -> pool.spawn(() -> step("victim's")));
      spawn(() -> pool.spawn(() -> step("heir's")));
      sleep();

      victim.cancel(true); // and has not run since
      event.send("go on");
      pool.waitAll();

      assertEquals(List.of("heir's"), steps);
      assertStatus(pool, 0, 1, 0);
    });
  }

  @Test
  void aSpawnerWhoseTimeoutRunsOutLeavesNoTrace() throws Exception {
    run(() -> {
      var pool = new GreenPool(0);

      assertFalse(Timeout.run(SHORT, () -> pool.spawn(() -> step("ran"))));
      pool.resize(1);
      sleep();

      assertStatus(pool, 0, 1, 0);
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void aSpawnerThatIsKilledAfterItWasLetInHasSpawned() throws Exception {
    run(() -> {
      var pool = new GreenPool(0);
      var victim =
          spawn(() -> {
            pool.spawn(() -> step("task"));
            sleep();
            step("went on");
          });
      sleep();

      pool.resize(1);
      victim.kill();
      pool.waitAll();

      assertEquals(List.of("task"), steps);
      assertThrows(GreenThreadExit.class, victim::await);
      assertStatus(pool, 0, 1, 0);
    });
  }

  // ------------------------------------------------------------------------------------- threads

  @Test
  void spawnersOfAllKindsAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var pool = new GreenPool(0);
      var spawners = new ArrayList<Future<? extends GreenThread<Integer>>>();
      var served = new AtomicInteger();
      for (var i = 0; i < 9; i++) {
        spawners.add(
            switch (i % 3) {
              case 0 -> spawn(left, () -> pool.spawn(served::getAndIncrement));
              case 1 -> spawn(right, () -> pool.spawn(served::getAndIncrement));
              default -> Plain.start(() -> pool.spawn(served::getAndIncrement));
            });
        Until.holds(() -> pool.waiting() == spawners.size());
      }

      for (var i = 0; i < spawners.size(); i++) {
        pool.resize(i + 1);
        assertEquals(i, spawners.get(i).get().get());
        pool.waitAll();
        pool.resize(0);
      }
    }
  }

  @Test
  void onePoolServesSeveralHubsAndPlainThreads() throws Exception {
    var pool = new GreenPool(3);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var done = new AtomicInteger();
    Action task =
        () -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          sleep();
          inside.decrementAndGet();
          done.incrementAndGet();
        };
    Action spawnMany =
        () -> {
          for (var i = 0; i < 100; i++) {
            pool.spawn(task);
          }
        };
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var spawners =
          List.of(
              spawn(left, spawnMany),
              spawn(right, spawnMany),
              Plain.start(() -> {
                spawnMany.run();
                return true;
              }));
      for (var spawner : spawners) {
        spawner.get();
      }

      pool.waitAll();
    }

    assertEquals(300, done.get());
    assertTrue(most.get() <= 3, () -> most + " at once");
    assertStatus(pool, 0, 3, 0);
  }

  @Test
  void whoWaitedForAllFindsAllDone() throws Exception {
    try (var hub = Hub.start("other")) {
      var pool = new GreenPool();
      for (var round = 0; round < 200; round++) {
        var tasks = new ArrayList<GreenThread<?>>();
        spawn(
                hub,
                () -> {
                  for (var i = 0; i < 3; i++) {
                    tasks.add(pool.spawn(() -> sleep()));
                  }
                })
            .await();

        pool.waitAll();

        assertTrue(tasks.stream().allMatch(GreenThread::isDone), "round " + round);
      }
    }
  }

  /// What a plain thread or another hub was told of, it can count on.
  @Test
  void whoAwaitedATaskFindsItsSlotFree() throws Exception {
    try (var hub = Hub.start("other")) {
      var pool = new GreenPool(1);
      for (var round = 0; round < 2_000; round++) {
        var task = spawn(hub, () -> pool.spawn(() -> 1)).await();

        task.await();

        assertStatus(pool, 0, 1, 0);
      }
    }
  }

  // ------------------------------------------------------------------------------------- helpers

  private static void assertStatus(GreenPool pool, int running, int free, int waiting) {
    assertEquals(
        List.of(running, free, waiting),
        List.of(pool.running(), pool.free(), pool.waiting()),
        "running, free and waiting");
  }

  private void step(@Nullable String name) {
    steps.add(String.valueOf(name));
  }
}
