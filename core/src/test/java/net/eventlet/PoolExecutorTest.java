package net.eventlet;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class PoolExecutorTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> steps = new ArrayList<>();

  // ----------------------------------------------------------------------------------- executing

  @Test
  void tasksAreGreenThreadsOfThePool() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var executor = pool.executor();
      var here = Thread.currentThread();

      var task =
          executor.submit(() -> {
            assertNotSame(here, Thread.currentThread());
            assertSame(Hub.current(), pool.spawn(() -> Hub.current()).await());
            return pool.running();
          });

      assertEquals(1, pool.running());
      assertEquals(1, task.get());
    });
  }

  @Test
  void tasksRunOnTheHubWhereTheExecutorWasMade() throws Exception {
    try (var hub = Hub.start("other")) {
      var executor = spawn(hub, () -> new GreenPool().executor()).await();

      assertSame(hub, executor.submit(() -> Hub.current()).get());
      run(() -> assertSame(hub, executor.submit(() -> Hub.current()).get()));
    }
    assertSame(Hub.shared(), new GreenPool().executor().submit(() -> Hub.current()).get());
  }

  @Test
  void executingWaitsWhileThePoolIsFull() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var executor = pool.executor();
      var event = new Event<String>();
      executor.submit(() -> event.await());
      var other =
          spawn(() -> {
            executor.execute(() -> step("ran"));
            step("executed");
          });
      sleep();
      assertEquals(1, pool.waiting());

      event.send("go on");
      other.await();
      pool.waitAll();

      assertEquals(List.of("executed", "ran"), steps);
    });
  }

  @Test
  void aTaskOfAFullPoolExecutesInPlace() throws Exception {
    run(() -> {
      var executor = new GreenPool(1).executor();

      executor
          .submit(() -> {
            assertEquals("inner", executor.submit(() -> "inner").get());
            return true;
          })
          .get();
    });
  }

  @Test
  void aCompletableFutureRunsOnIt() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var executor = pool.executor();

      var future =
          CompletableFuture.supplyAsync(
                  () -> {
                    sleep();
                    return 20;
                  },
                  executor)
              .thenApplyAsync(number -> number + 1, executor)
              .thenCombine(CompletableFuture.supplyAsync(() -> 2, executor), (a, b) -> a * b);

      assertEquals(42, future.get());
      pool.waitAll();
      assertEquals(2, pool.free());
    });
  }

  @Test
  void invokeAllRunsAll() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var inside = new AtomicInteger();
      var most = new AtomicInteger();
      var tasks = new ArrayList<Callable<Integer>>();
      for (var i = 0; i < 10; i++) {
        var number = i;
        tasks.add(() -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          sleep();
          inside.decrementAndGet();
          return number;
        });
      }

      var results = pool.executor().invokeAll(tasks);

      for (var i = 0; i < 10; i++) {
        assertEquals(i, results.get(i).get());
      }
      assertEquals(2, most.get());
    });
  }

  @Test
  void invokeAllCancelsWhatRunsOutOfTime() throws Exception {
    run(() -> {
      var pool = new GreenPool(10);
      List<Callable<String>> tasks =
          List.of(
              () -> "quick",
              () -> {
                sleep(LONG);
                return "slow";
              });

      var results = pool.executor().invokeAll(tasks, 2, MILLISECONDS);

      assertEquals("quick", results.getFirst().get());
      assertThrows(CancellationException.class, () -> results.getLast().get());
      pool.waitAll();
    });
  }

  @Test
  void invokeAnyGivesWhatComesFirst() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      List<Callable<String>> tasks =
          List.of(
              () -> {
                sleep(LONG);
                return "slow";
              },
              () -> {
                throw new IOException("mine");
              },
              () -> "quick");

      assertEquals("quick", pool.executor().invokeAny(tasks));

      pool.waitAll();
    });
  }

  @Test
  void cancellingAFutureUnwindsItsTask() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var future =
          pool.executor()
              .submit(() -> {
                try {
                  sleep(LONG);
                } finally {
                  step("unwound");
                }
              });
      sleep();

      future.cancel(true);
      pool.waitAll();

      assertEquals(List.of("unwound"), steps);
    });
  }

  @Test
  void aFailureIsTheFuturesAlone() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        var pool = new GreenPool(1);
        var failure = new IOException("mine");

        var future =
            pool.executor()
                .submit(() -> {
                  throw failure;
                });

        assertSame(failure, assertThrows(ExecutionException.class, future::get).getCause());
        pool.waitAll();
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void theFailureOfWhatIsOnlyExecutedReachesTheHandlerOnce() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IllegalStateException("of nobody");
      run(() -> {
        var pool = new GreenPool(1);
        pool.executor()
            .execute(() -> {
              throw failure;
            });
        pool.waitAll();
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void noTaskIsRefused() {
    assertThrows(NullPointerException.class, () -> new GreenPool().executor().execute(null));
  }

  @Test
  void aPlainThreadMayUseIt() throws Exception {
    var pool = new GreenPool(3);
    try (var executor = pool.executor()) {
      var futures = new ArrayList<Future<Integer>>();
      for (var i = 0; i < 200; i++) {
        var number = i;
        futures.add(
            executor.submit(() -> {
              sleep();
              return number;
            }));
      }

      for (var i = 0; i < 200; i++) {
        assertEquals(i, futures.get(i).get());
      }
    }
    pool.waitAll();
  }

  // ---------------------------------------------------------------------------------- shutting
  // down

  @Test
  void afterShutdownItTakesNothingAndThePoolGoesOn() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var executor = pool.executor();
      var other = pool.executor();

      executor.shutdown();
      executor.shutdown();

      assertSays(
          assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {})),
          "shut down");
      assertTrue(executor.isShutdown());
      assertFalse(other.isShutdown());
      assertEquals(1, other.submit(() -> 1).get());
      assertEquals(2, pool.spawn(() -> 2).await());
    });
  }

  @Test
  void itIsTerminatedWhenItsTasksHaveEnded() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      pool.spawn(() -> sleep(LONG)); // is not of this executor
      var executor = pool.executor();
      var event = new Event<String>();
      executor.submit(() -> event.await());
      executor.shutdown();
      assertFalse(executor.isTerminated());
      assertFalse(executor.awaitTermination(1, MILLISECONDS));
      var waiter = spawn(() -> executor.awaitTermination(1, DAYS));
      sleep();

      event.send("end");

      assertTrue(waiter.await());
      assertTrue(executor.isTerminated());
      assertTrue(executor.awaitTermination(0, DAYS));
    });
  }

  @Test
  void onePlusAnotherTaskAreTwoToWaitFor() throws Exception {
    run(() -> {
      var executor = new GreenPool(3).executor();
      var events = List.of(new Event<String>(), new Event<String>());
      events.forEach(event -> executor.submit(() -> event.await()));
      executor.shutdown();

      events.getFirst().send("end");
      sleep();
      assertFalse(executor.isTerminated());
      events.getLast().send("end");
      sleep();

      assertTrue(executor.isTerminated());
    });
  }

  @Test
  void awaitingTheTerminationMayBeInterrupted() throws Exception {
    run(() -> {
      var executor = new GreenPool().executor();
      var waiter = spawn(() -> executor.awaitTermination(1, DAYS));
      sleep();

      waiter.thread().interrupt();

      assertThrows(InterruptedException.class, waiter::await);
    });
  }

  @Test
  void closingItWaitsForItsTasks() throws Exception {
    run(() -> {
      try (var executor = new GreenPool(1).executor()) {
        executor.execute(() -> {
          sleep();
          sleep();
          step("done");
        });
      }

      assertEquals(List.of("done"), steps);
    });
  }

  @Test
  void shutdownNowKillsWhatRuns() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      var other = pool.spawn(() -> sleep(LONG));
      var executor = pool.executor();
      for (var name : List.of("a", "b")) {
        executor.execute(() -> {
          try {
            sleep(LONG);
          } finally {
            step(name);
          }
        });
      }
      sleep();

      assertEquals(List.of(), executor.shutdownNow());

      assertTrue(executor.awaitTermination(10, SECONDS));
      assertEquals(2, steps.size());
      assertFalse(other.isDone());
      assertEquals(1, pool.running());
    });
  }

  /// As [java.util.concurrent.ExecutorService#shutdownNow()] promises: else a [Future] of it would
  /// never be done.
  @Test
  void shutdownNowGivesBackWhatDidNotBegin() throws Exception {
    run(() -> {
      var executor = new GreenPool(3).executor();
      var future = executor.submit(() -> step("ran"));

      var given = executor.shutdownNow();

      assertTrue(executor.awaitTermination(10, SECONDS));
      assertEquals(List.of(), steps);
      assertTrue(
          future.isDone() || given.contains((Runnable) future), "who waits for it waits for ever");
    });
  }

  @Test
  void aTaskThatShutsItsExecutorDownNowKillsTheOthersToo() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      var executor = pool.executor();
      for (var name : List.of("a", "b", "c")) {
        executor.execute(() -> {
          try {
            sleep();
            if (name.equals("b")) {
              executor.shutdownNow();
            }
            sleep(LONG);
          } finally {
            step(name);
          }
        });
      }
      sleep();
      sleep();
      sleep();
      sleep();

      assertEquals(List.of("a", "b", "c"), steps.stream().sorted().toList());
      assertTrue(executor.isTerminated());
    });
  }

  @Test
  void whatWaitsForASlotWhenItIsShutDownDoesNotRunAfterItsEnd() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var event = new Event<String>();
      pool.spawn(() -> event.await());
      var executor = pool.executor();
      var waiting =
          spawn(() -> executor.execute(() -> step(executor.isTerminated() ? "too late" : "ran")));
      sleep();
      assertEquals(1, pool.waiting());

      executor.shutdown();
      event.send("the slot is free");
      pool.waitAll();

      assertTrue(waiting.isDone());
      assertFalse(steps.contains("too late"));
    });
  }

  @Test
  void shutdownNowReachesWhatWaitsForASlot() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var event = new Event<String>();
      pool.spawn(() -> event.await());
      var executor = pool.executor();
      var waiting = spawn(() -> executor.execute(() -> step("ran")));
      sleep();

      executor.shutdownNow();
      event.send("the slot is free");
      pool.waitAll();

      assertTrue(waiting.isDone());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void itIsNotTerminatedWhileATaskOfItRunsInPlace() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var executor = pool.executor();
      var event = new Event<String>();
      pool.spawn(() ->
          executor.execute(() -> {
            try {
              event.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }));
      sleep();

      executor.shutdown();
      assertFalse(executor.isTerminated());
      event.send("end");
      pool.waitAll();

      assertTrue(executor.isTerminated());
    });
  }

  // -------------------------------------------------------------------------------------- threads

  @Test
  void shutdownWhileManyExecuteLosesNoTask() throws Exception {
    for (var round = 0; round < 100; round++) {
      var pool = new GreenPool(2);
      var executor = pool.executor();
      var accepted = new AtomicInteger();
      var ran = new AtomicInteger();
      var begin = new CountDownLatch(1);
      var callers = new ArrayList<Future<Boolean>>();
      for (var i = 0; i < 3; i++) {
        callers.add(
            Plain.start(() -> {
              begin.await();
              try {
                while (true) {
                  executor.execute(ran::incrementAndGet);
                  accepted.incrementAndGet();
                }
              } catch (RejectedExecutionException e) {
                return true;
              }
            }));
      }

      begin.countDown();
      Until.holds(() -> accepted.get() > 5);
      executor.shutdown();
      assertTrue(executor.awaitTermination(10, SECONDS));
      var ranBefore = ran.get();
      for (var caller : callers) {
        assertTrue(caller.get());
      }
      pool.waitAll();

      assertEquals(accepted.get(), ran.get(), "round " + round);
      assertEquals(ran.get(), ranBefore, "ran after the termination, round " + round);
    }
  }

  // -------------------------------------------------------------------------------------- helpers

  private void step(String name) {
    steps.add(name);
  }
}
