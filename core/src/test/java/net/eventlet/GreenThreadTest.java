package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static net.eventlet.Eventlet.current;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Eventlet.spawnN;
import static net.eventlet.Failures.assertSays;
import static net.eventlet.Failures.raise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class GreenThreadTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();

  // --------------------------------------------------------------------------------------- await

  @Test
  void anyNumberMayAwaitAnyNumberOfTimes() throws Exception {
    run(() -> {
      var result = new Object();
      var worker = spawn(() -> sleepThen(result));
      var waiters = new ArrayList<GreenThread<List<Object>>>();
      for (var i = 0; i < 10; i++) {
        waiters.add(spawn(() -> List.of(worker.await(), worker.await())));
      }

      for (var waiter : waiters) {
        assertEquals(List.of(result, result), waiter.await());
      }
      assertSame(result, worker.await());
    });
  }

  @Test
  void waitersAreServedInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("done"));
      for (var name : List.of("a", "b", "c", "d")) {
        spawn(() -> {
          worker.await();
          step(name);
        });
      }
      sleep();

      worker.await();

      assertEquals(List.of("a", "b", "c", "d"), steps);
    });
  }

  @Test
  void awaitOfOneThatHasEndedDoesNotSwitch() throws Exception {
    run(() -> {
      var ended = spawn(() -> "value");
      ended.await();
      spawn(() -> step("another ran"));

      assertEquals("value", ended.await());
      assertEquals("value", ended.await(Duration.ZERO));

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void awaitReturnsNullForNull() throws Exception {
    run(() -> assertNull(spawn(() -> null).await()));
  }

  @Test
  void awaitWorksFromAnotherHub() throws Exception {
    try (var other = Hub.start("other")) {
      run(() -> {
        var here = spawn(() -> sleepThen("value"));
        var there = spawn(other, () -> List.of(here.await(), here.await()));

        assertEquals(List.of("value", "value"), there.await());
      });
    }
  }

  @Test
  void awaitWorksFromPlainThreads() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      var plain = new FutureTask<>(worker::await);
      var limited = new FutureTask<>(() -> worker.await(LONG));

      Thread.ofPlatform().start(plain);
      Thread.ofPlatform().start(limited);

      assertEquals("value", plain.get());
      assertEquals("value", limited.get());
    });
  }

  @Test
  void aPlainThreadThatIsInterruptedWhileItAwaitsIsToldSo() throws Exception {
    try (var hub = Hub.start("other")) {
      var worker = spawn(hub, () -> sleep(LONG));
      Thread.currentThread().interrupt();

      assertThrows(InterruptedException.class, worker::await);

      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("checked"), new IllegalStateException("unchecked"), new Error("error"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void awaitThrowsTheVeryObjectEachTime(Throwable failure) throws Exception {
    run(() -> {
      var failing = spawn(() -> raise(failure));

      assertSame(failure, assertThrows(Throwable.class, failing::await));
      assertSame(failure, assertThrows(Throwable.class, failing::await));
      assertSame(failure, assertThrows(Throwable.class, () -> failing.await(LONG)));
    });
  }

  @Test
  void awaitOfOneselfIsAnError() throws Exception {
    run(() -> {
      var self = spawn(() -> assertThrows(IllegalStateException.class, () -> current().await()));

      assertSays(self.await(), self.name());
    });
  }

  @Test
  void awaitOfOneselfIsAnErrorWithALimitAndThroughFutureToo() throws Exception {
    run(() -> {
      assertThrows(IllegalStateException.class, () -> current().await(LONG));
      assertThrows(IllegalStateException.class, () -> current().get());
      assertThrows(IllegalStateException.class, () -> current().get(1, DAYS));
    });
  }

  @Test
  void aWaitThatRunsOutLeavesTheOtherGoingOn() throws Exception {
    run(() -> {
      var release = new CompletableFuture<String>();
      var worker = spawn(() -> release.get());

      var thrown = assertThrows(TimeoutException.class, () -> worker.await(SHORT));

      assertSays(thrown, worker.name());
      assertFalse(worker.isDone());
      release.complete("went on");
      assertEquals("went on", worker.await());
    });
  }

  @Test
  void aLimitOfZeroOrLessGivesTheOthersATurnAndRunsOut() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleep(LONG));
      spawn(() -> step("turn"));

      assertThrows(TimeoutException.class, () -> worker.await(Duration.ZERO));
      assertEquals(List.of("turn"), steps);
      assertThrows(TimeoutException.class, () -> worker.await(Duration.ofSeconds(-1)));
    });
  }

  @Test
  void aLimitOfNullNeverRunsOut() throws Exception {
    run(() -> assertEquals("value", spawn(() -> sleepThen("value")).await(null)));
  }

  @Test
  void aWaitThatRanOutIsForgotten() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleep(LONG));
      for (var i = 0; i < 10; i++) {
        assertThrows(TimeoutException.class, () -> worker.await(Duration.ZERO));
      }

      assertEquals(1, Hub.current().statistics().timers());
      worker.kill();
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void awaitFromAPlainThreadRunsOutToo() throws Exception {
    try (var hub = Hub.start("other")) {
      var worker = spawn(hub, () -> sleep(LONG));

      assertThrows(TimeoutException.class, () -> worker.await(SHORT));
      assertThrows(TimeoutException.class, () -> worker.await(Duration.ZERO));
      assertThrows(TimeoutException.class, () -> worker.get(1, MILLISECONDS));
    }
  }

  // ---------------------------------------------------------------------------------------- link

  @Test
  void linksAreCalledInOrderByTheOneThatEnds() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      var callers = new ArrayList<Object>();
      worker.link(ended -> callers.add(Thread.currentThread() == ended.thread()));
      worker.link(ended -> callers.add(ended));
      worker.link(ended -> callers.add(ended.isDone()));

      worker.await();

      assertEquals(List.of(true, worker, true), callers);
    });
  }

  @Test
  void aLinkMadeAfterTheEndIsCalledAtOnce() throws Exception {
    run(() -> {
      var ended = spawn(() -> "value");
      ended.await();

      ended.link(_ -> step("linked"));

      assertEquals(List.of("linked"), steps);
    });
  }

  @Test
  void aLinkCanBeMadeInALink() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      worker.link(ended -> {
        step("outer");
        ended.link(_ -> step("inner"));
      });
      worker.link(_ -> step("last"));

      worker.await();

      assertEquals(List.of("outer", "inner", "last"), steps);
    });
  }

  @Test
  void aLinkThatThrowsHarmsNeitherTheOthersNorTheResult() throws Exception {
    var failures = List.of(new IllegalStateException("first"), new Error("second"));
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        var worker = spawn(() -> sleepThen("value"));
        worker.link(_ -> step("a"));
        worker.link(_ -> {
          throw (RuntimeException) failures.getFirst();
        });
        worker.link(_ -> step("b"));
        worker.link(_ -> {
          throw (Error) failures.getLast();
        });
        worker.link(_ -> step("c"));

        assertEquals("value", worker.await());
        assertEquals(List.of("a", "b", "c"), steps);
      });

      assertEquals(failures, uncaught.causes());
    }
  }

  @Test
  void aLinkIsCalledAfterAFailureAndAfterAKill() throws Exception {
    run(() -> {
      var failing = spawn(() -> raise(new IOException("fails")));
      failing.link(_ -> step("failed"));
      var unstarted = spawn(() -> step("ran"));
      unstarted.link(_ -> step("never ran"));
      var killed = spawn(() -> sleep(LONG));
      killed.link(_ -> step("killed"));
      unstarted.kill();
      sleep();

      killed.kill();

      assertEquals(List.of("never ran", "failed", "killed"), steps);
      assertThrows(IOException.class, failing::await);
    });
  }

  @Test
  void anUnlinkedCallbackIsNotCalled() throws Exception {
    run(() -> {
      var worker = spawn(() -> "value");
      Consumer<Object> callback = _ -> step("called");
      worker.link(callback);
      worker.link(_ -> step("other"));

      assertTrue(worker.unlink(callback));
      assertFalse(worker.unlink(callback));

      worker.await();
      assertEquals(List.of("other"), steps);
      assertFalse(worker.unlink(callback));
    });
  }

  @Test
  void aClosedLinkIsNotCalled() throws Exception {
    run(() -> {
      var worker = spawn(() -> "value");
      try (var _ = worker.link(_ -> step("called"))) {
        worker.link(_ -> step("other"));
      }

      worker.await();

      assertEquals(List.of("other"), steps);
    });
  }

  @Test
  void closingOneOfTwoLinksToTheSameCallbackLeavesTheOther() throws Exception {
    run(() -> {
      var worker = spawn(() -> "value");
      Consumer<Object> callback = _ -> step("called");
      var first = worker.link(callback);
      worker.link(callback);

      first.close();
      first.close();

      worker.await();
      assertEquals(List.of("called"), steps);
    });
  }

  @Test
  void aLinkIsCalledWithTheOutcomeThere() throws Exception {
    run(() -> {
      var outcome = new CompletableFuture<String>();
      var worker = spawn(() -> sleepThen("value"));
      worker.link(ended -> outcome.complete(ended.resultNow()));

      assertEquals("value", outcome.get());
    });
  }

  // ------------------------------------------------------------------------- kill, state by state

  @Test
  void oneThatIsKilledBeforeItsFirstTurnNeverRuns() throws Exception {
    run(() -> {
      var unstarted = spawn(() -> step("ran"));

      unstarted.kill();

      assertTrue(unstarted.isDone());
      assertTrue(unstarted.isCancelled());
      assertThrows(GreenThreadExit.class, unstarted::await);
      sleep();
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void killBeforeTheFirstTurnDoesNotSwitch() throws Exception {
    run(() -> {
      spawn(() -> step("another ran"));
      var unstarted = spawn(() -> step("ran"));

      unstarted.kill();

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void anInstanceThatKillsBeforeTheFirstTurnIsWhatAwaitThrows() throws Exception {
    run(() -> {
      var cause = new IOException("mine");
      var unstarted = spawn(() -> step("ran"));

      unstarted.kill(cause);

      assertSame(cause, assertThrows(IOException.class, unstarted::await));
      assertFalse(unstarted.isCancelled());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void theKillerRunsOnAfterTheHandlersOfTheVictim() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              sleep(LONG);
            } catch (GreenThreadExit exit) {
              step("exit");
              throw exit;
            } finally {
              step("finally");
            }
          });
      victim.link(_ -> step("linked"));
      sleep();

      victim.kill();

      step("after kill");
      assertEquals(List.of("exit", "finally", "linked", "after kill"), steps);
      assertTrue(victim.isDone());
    });
  }

  @Test
  void theKillerRunsOnWhenTheVictimWaitsInItsHandlers() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              sleep(LONG);
            } finally {
              step("up to the next wait");
              sleep();
              step("after it");
            }
          });
      sleep();

      victim.kill();

      step("killer");
      assertFalse(victim.isDone());
      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("up to the next wait", "killer", "after it"), steps);
    });
  }

  @Test
  void oneThatIsToldToGoOnByAYieldIsKilledThere() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            sleep();
            step("went on");
          });
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void aKillThatMeetsAWaitAlreadyServedComesAtTheNextWait() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("handed over"));
      var victim =
          spawn(() -> {
            step(worker.await());
            sleep();
            step("after the next wait");
          });
      sleep(); // the victim waits, so that it is woken before the link is called
      worker.link(_ -> victim.kill());

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("handed over"), steps);
    });
  }

  @Test
  void aKillThatMeetsAWaitOfTheJdkAlreadyServedComesAtTheNextWait() throws Exception {
    run(() -> {
      var queue = new LinkedBlockingQueue<String>();
      var victim =
          spawn(() -> {
            step(queue.take());
            sleep();
            step("after the next wait");
          });
      sleep();
      queue.put("handed over"); // the victim is runnable now

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(0, queue.size() + steps.size() - 1, "handed over once, or still there");
      assertFalse(steps.contains("after the next wait"));
    });
  }

  @Test
  void oneThatAwaitsIsKilledThereAndTheOtherGoesOn() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      var victim = spawn(() -> worker.await());
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals("value", worker.await());
    });
  }

  @Test
  void oneThatReadsAGreenSocketIsKilledThereAndTheSocketStaysUsable() throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        var victim = spawn(() -> pair.accepted().read(new byte[1], 0, 1));
        sleep();

        victim.kill();

        assertThrows(GreenThreadExit.class, victim::await);
        pair.connected().write("x\n".getBytes(UTF_8), 0, 2);
        assertEquals("x", pair.accepted().readLine());
      }
    });
  }

  /// Something of the JDK's that waits for ever, unless it is interrupted.
  ///
  /// @param name of the wait
  /// @param action waits
  record Wait(String name, Action action) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Wait> waitsOfTheJdk() {
    var lock = new ReentrantLock();
    return Stream.of(
        new Wait("Thread.sleep", () -> Thread.sleep(LONG)),
        new Wait("CountDownLatch.await", () -> new CountDownLatch(1).await()),
        new Wait("CountDownLatch.await timed", () -> new CountDownLatch(1).await(1, DAYS)),
        new Wait("CyclicBarrier.await", () -> new CyclicBarrier(2).await()),
        new Wait("Semaphore.acquire", () -> new Semaphore(0).acquire()),
        new Wait("LinkedBlockingQueue.take", () -> new LinkedBlockingQueue<>().take()),
        new Wait("ArrayBlockingQueue.poll", () -> new ArrayBlockingQueue<>(1).poll(1, DAYS)),
        new Wait("SynchronousQueue.put", () -> new SynchronousQueue<>().put("never taken")),
        new Wait("CompletableFuture.get", () -> new CompletableFuture<>().get()),
        new Wait("CompletableFuture.get timed", () -> new CompletableFuture<>().get(1, DAYS)),
        new Wait("Condition.await", () -> awaitCondition(lock)),
        new Wait("Object.wait", () -> awaitMonitor(0)),
        new Wait("Object.wait timed", () -> awaitMonitor(LONG.toMillis())),
        new Wait("Thread.join", GreenThreadTest::joinStock),
        new Wait("LockSupport.park", GreenThreadTest::parkUntilInterrupted),
        new Wait("Socket.read", () -> readStock(0)),
        new Wait("Socket.read with a limit", () -> readStock((int) LONG.toMillis())),
        new Wait("ServerSocket.accept", GreenThreadTest::acceptStock),
        new Wait("ServerSocketChannel.accept", GreenThreadTest::acceptChannel),
        new Wait("SocketChannel.read", GreenThreadTest::readChannel),
        new Wait("Selector.select", GreenThreadTest::select));
  }

  @ParameterizedTest
  @MethodSource("waitsOfTheJdk")
  void oneThatWaitsInTheJdkIsKilledThere(Wait wait) throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              wait.action().run();
            } finally {
              step("finally");
            }
          });
      sleep();
      sleep();

      assertFalse(victim.isDone());

      victim.kill();

      step("after kill");
      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("finally", "after kill"), steps);
      assertTrue(victim.isCancelled());
    });
  }

  @ParameterizedTest
  @MethodSource("waitsOfTheJdk")
  void anInstanceThatKillsAWaitOfTheJdkIsWhatAwaitThrows(Wait wait) throws Exception {
    run(() -> {
      var cause = new IOException("mine");
      var victim =
          spawn(() -> {
            wait.action().run();
            sleep(LONG);
          });
      sleep();
      sleep();

      victim.kill(cause);

      assertSame(cause, assertThrows(IOException.class, victim::await));
    });
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry")
  void aLockThatHeedsNoInterruptIsTakenAndTheKillComesAtTheNextWait() throws Exception {
    run(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      var victim =
          spawn(() -> {
            lock.lock();
            try {
              step("locked");
              sleep();
              step("after the next wait");
            } finally {
              lock.unlock();
            }
          });
      sleep();

      victim.kill();

      assertEquals(List.of(), steps);
      lock.unlock();
      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("locked"), steps);
      assertFalse(lock.isLocked());
    });
  }

  @Test
  void aMonitorThatIsHeldIsEnteredAndTheKillComesAtTheNextWait() throws Exception {
    run(() -> {
      var monitor = new Object();
      var victim =
          spawn(() -> {
            synchronized (monitor) {
              step("entered");
            }
            sleep();
            step("after the next wait");
          });
      synchronized (monitor) {
        sleep();
        victim.kill();
        assertEquals(List.of(), steps);
      }

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("entered"), steps);
    });
  }

  @Test
  void theWaitOfTheJdksThatComesNextEndsAtOnce() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("handed over"));
      var victim =
          spawn(() -> {
            step(worker.await());
            Thread.sleep(LONG);
            step("after the next wait");
          });
      sleep(); // the victim waits, so that it is woken before the link is called
      worker.link(_ -> victim.kill());

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("handed over"), steps);
    });
  }

  @Test
  void oneThatKillsItselfLeavesAtOnce() throws Exception {
    run(() -> {
      var self =
          spawn(() -> {
            try {
              current().kill();
              step("went on");
            } finally {
              step("finally");
            }
          });

      assertThrows(GreenThreadExit.class, self::await);
      assertEquals(List.of("finally"), steps);
    });
  }

  @Test
  void oneThatKillsItselfWithAnInstanceThrowsIt() throws Exception {
    run(() -> {
      var cause = new IOException("mine");
      var self = spawn(() -> current().kill(cause));

      assertSame(cause, assertThrows(IOException.class, self::await));
    });
  }

  @Test
  void oneThatHasEndedKeepsItsResult() throws Exception {
    run(() -> {
      var ended = spawn(() -> "value");
      ended.await();
      spawn(() -> step("another ran"));

      ended.kill();
      ended.kill(new IOException("late"));

      assertEquals("value", ended.await());
      assertFalse(ended.isCancelled());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void oneIsKilledFromAnotherHub() throws Exception {
    try (var other = Hub.start("other")) {
      run(() -> {
        var victim = spawn(() -> sleep(LONG));
        sleep();

        spawn(other, () -> victim.kill()).await();

        assertThrows(GreenThreadExit.class, victim::await);
      });
    }
  }

  @Test
  void oneIsKilledFromAPlainThread() throws Exception {
    try (var hub = Hub.start("other")) {
      var cause = new IOException("mine");
      var begun = new CountDownLatch(1);
      var victim =
          spawn(
              hub,
              () -> {
                begun.countDown();
                sleep(LONG);
              });
      begun.await();

      victim.kill(cause);

      assertSame(cause, assertThrows(IOException.class, victim::await));
    }
  }

  @Test
  void oneInAWaitOfTheJdkIsKilledFromAPlainThread() throws Exception {
    try (var hub = Hub.start("other")) {
      var latch = new CountDownLatch(1);
      var victim = spawn(hub, () -> latch.await());
      while (victim.thread().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
    }
  }

  @Test
  void oneThatNeverStartedIsKilledFromAPlainThreadWhileItsHubIsBusy() throws Exception {
    try (var hub = Hub.start("other")) {
      var busy = new CountDownLatch(1);
      var enough = new CompletableFuture<Void>();
      spawn(
          hub,
          () -> {
            busy.countDown();
            while (!enough.isDone()) {
              Thread.onSpinWait();
            }
          });
      busy.await();
      var unstarted = spawn(hub, () -> step("ran"));

      unstarted.kill();

      assertThrows(GreenThreadExit.class, unstarted::await);
      enough.complete(null);
      spawn(hub, () -> {}).await();
      assertEquals(List.of(), steps);
    }
  }

  @Test
  void oneThatSwallowsItsKillHasItsValue() throws Exception {
    run(() -> {
      var swallower =
          spawn(() -> {
            try {
              sleep(LONG);
              return "not killed";
            } catch (GreenThreadExit swallowed) {
              return "swallowed";
            }
          });
      sleep();

      swallower.kill();

      assertEquals("swallowed", swallower.await());
      assertFalse(swallower.isCancelled());
    });
  }

  @Test
  void oneThatSwallowsTheInterruptOfAWaitOfTheJdkHasItsValueAndNoStrayInterrupt() throws Exception {
    run(() -> {
      var swallower =
          spawn(() -> {
            try {
              Thread.sleep(LONG);
              return "not killed";
            } catch (InterruptedException swallowed) {
              return "swallowed";
            }
          });
      sleep();

      swallower.kill();

      assertEquals("swallowed", swallower.await());
    });
  }

  @Test
  void whatTheJdkThrowsIsKeptWithTheKill() throws Exception {
    run(() -> {
      var victim = spawn(() -> Thread.sleep(LONG));
      sleep();
      victim.kill();

      var thrown = assertThrows(GreenThreadExit.class, victim::await);

      assertInstanceOf(InterruptedException.class, thrown.getSuppressed()[0]);
    });
  }

  @Test
  void aKillThatTheJdksWaitSwallowedComesAgainAtTheNextWait() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              Thread.sleep(LONG);
            } catch (InterruptedException swallowed) {
              step("swallowed");
            }
            sleep(LONG);
            step("after the next wait");
          });
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("swallowed"), steps);
    });
  }

  @Test
  void severalKillsAreThrownInOrderOneAWait() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            for (var i = 0; i < 3; i++) {
              var cause = assertThrows(IOException.class, () -> sleep(LONG));
              step(cause.getMessage());
            }
          });
      sleep();
      spawn(() -> victim.kill(new IOException("a")));
      spawn(() -> victim.kill(new IOException("b")));
      spawn(() -> victim.kill(new IOException("c")));

      victim.await();

      assertEquals(List.of("a", "b", "c"), steps);
    });
  }

  @Test
  void aKillThatComesAfterTheLastWaitDoesNotReplaceTheValue() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("handed over"));
      var victim = spawn(() -> worker.await());
      sleep(); // the victim waits, so that it is woken before the link is called
      worker.link(_ -> victim.kill());

      assertEquals("handed over", victim.await());
    });
  }

  @Test
  void aKillIsNotReplacedByATimeoutThatComesRightAfterIt() throws Exception {
    run(() -> {
      var fallback = new AtomicReference<String>("none");
      var victim =
          spawn(
              () -> fallback.set(Timeout.call(SHORT, () -> sleepThen(LONG, "slept"), "fallback")));
      sleep();
      spinFor(SHORT.multipliedBy(2)); // the timeout is due, and has had no chance yet

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals("none", fallback.get());
    });
  }

  @Test
  void anUnwindThatIsThrownIsWhatTheBodyEndsWithThoughAnotherIsPending() throws Exception {
    run(() -> {
      var victim = // which forgets its timeout
          spawn(() -> {
            Timeout.after(SHORT);
            sleep(LONG);
          });
      sleep();
      spinFor(SHORT.multipliedBy(2));

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertTrue(victim.isCancelled());
    });
  }

  @Test
  void theKillOfOneThatIsKilledAlreadyAndCleansUpInterruptsTheCleanUp() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              sleep(LONG);
            } finally {
              sleep(LONG);
              step("cleaned up");
            }
          });
      sleep();
      victim.kill();
      assertFalse(victim.isDone());

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void aKilledKillerIsUnwoundInItsKill() throws Exception {
    run(() -> {
      var killer = new AtomicReference<GreenThread<?>>();
      var victim =
          spawn(() -> {
            try {
              sleep(LONG);
            } finally {
              killer.get().kill();
            }
          });
      sleep();
      killer.set(
          spawn(() -> {
            victim.kill();
            step("went on");
          }));

      assertThrows(GreenThreadExit.class, () -> killer.get().await());
      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void theStackTraceOfAKillIsTheKillers() throws Exception {
    run(() -> {
      var victim = spawn(() -> sleep(LONG));
      sleep();
      victim.kill();

      var thrown = assertThrows(GreenThreadExit.class, victim::await);

      var frames = List.of(thrown.getStackTrace());
      assertTrue(
          frames.stream().anyMatch(frame -> frame.getMethodName().contains("Killers")),
          frames::toString);
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullsAreRefused() throws Exception {
    run(() -> {
      var worker = spawn(() -> "value");

      assertThrows(NullPointerException.class, () -> worker.kill(null));
      assertThrows(NullPointerException.class, () -> worker.link(null));
      assertThrows(NullPointerException.class, () -> worker.get(1, null));

      assertEquals("value", worker.await());
    });
  }

  // -------------------------------------------------------------------------- interrupt, outside

  @Test
  void anInterruptFromOutsideIsAKill() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              sleep(LONG);
            } finally {
              step("finally");
            }
          });
      sleep();

      victim.thread().interrupt();

      assertThrows(GreenThreadExit.class, victim::await);
      assertTrue(victim.isCancelled());
      assertEquals(List.of("finally"), steps);
    });
  }

  @Test
  void anInterruptThatComesBeforeTheWaitIsAKillThere() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            Thread.currentThread().interrupt();
            step("goes on");
            sleep();
            step("after the wait");
          });

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("goes on"), steps);
    });
  }

  @Test
  void anInterruptFromAPlainThreadIsAKill() throws Exception {
    try (var hub = Hub.start("other")) {
      var begun = new CountDownLatch(1);
      var victim =
          spawn(
              hub,
              () -> {
                begun.countDown();
                sleep(LONG);
              });
      begun.await();

      victim.thread().interrupt();

      assertThrows(GreenThreadExit.class, victim::await);
    }
  }

  @Test
  void anInterruptInAwaitIsAKillOfWhoAwaits() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      var victim = spawn(() -> worker.await());
      sleep();

      victim.thread().interrupt();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals("value", worker.await());
    });
  }

  @Test
  void anInterruptInGetIsAnInterrupt() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      var victim = spawn(() -> assertThrows(InterruptedException.class, () -> worker.get(1, DAYS)));
      sleep();

      victim.thread().interrupt();

      assertInstanceOf(InterruptedException.class, victim.await());
      assertEquals("value", worker.get());
    });
  }

  @Test
  void aKillInGetIsAKill() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));
      var victim = spawn(() -> worker.get());
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
    });
  }

  @Test
  void anInterruptThatFollowsAServedWaitIsAKillAtTheNext() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("handed over"));
      var victim =
          spawn(() -> {
            step(worker.await());
            sleep();
            step("after the next wait");
          });
      sleep(); // the victim waits, so that it is woken before the link is called
      worker.link(_ -> victim.thread().interrupt());

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("handed over"), steps);
    });
  }

  @Test
  void cancellingWhatAHubRunsIsAKill() throws Exception {
    run(() -> {
      var future =
          Hub.current()
              .spawn(() -> {
                try {
                  sleep(LONG);
                  return "slept";
                } finally {
                  step("finally");
                }
              });
      sleep();

      future.cancel(true);
      sleep();

      assertEquals(List.of("finally"), steps);
      assertThrows(CancellationException.class, future::get);
    });
  }

  // -------------------------------------------------------------------------------------- future

  @Test
  void cancelPreventsOnlyWhatHasNotStarted() throws Exception {
    run(() -> {
      var started = spawn(() -> sleepThen("value"));
      sleep();
      var unstarted = spawn(() -> step("ran"));

      assertFalse(started.cancel());
      assertTrue(unstarted.cancel());
      assertFalse(unstarted.cancel());

      assertEquals("value", started.await());
      assertFalse(started.cancel());
      assertThrows(GreenThreadExit.class, unstarted::await);
      assertTrue(unstarted.isCancelled());
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void cancelWithoutInterruptIsCancel() throws Exception {
    run(() -> {
      var started = spawn(() -> sleepThen("value"));
      sleep();
      var unstarted = spawn(() -> step("ran"));

      assertFalse(started.cancel(false));
      assertTrue(unstarted.cancel(false));

      assertEquals("value", started.get());
      assertThrows(CancellationException.class, unstarted::get);
      assertEquals(Future.State.CANCELLED, unstarted.state());
    });
  }

  @Test
  void cancelWithInterruptCancelsAtOnceAndKills() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            try {
              return sleepThen(LONG, "value");
            } finally {
              step("finally");
            }
          });
      sleep();

      assertTrue(victim.cancel(true));

      assertTrue(victim.isDone());
      assertTrue(victim.isCancelled());
      assertThrows(CancellationException.class, victim::get);
      assertThrows(GreenThreadExit.class, victim::await);
      assertFalse(victim.cancel(true));
      sleep();
      assertEquals(List.of("finally"), steps);
    });
  }

  @Test
  void oneThatIsCancelledStaysSoWhateverItsBodyMakesOfIt() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        var swallower =
            spawn(() -> {
              try {
                return sleepThen(LONG, "value");
              } catch (GreenThreadExit swallowed) {
                return "swallowed";
              }
            });
        sleep();

        swallower.cancel(true);
        sleep();

        assertTrue(swallower.isCancelled());
        assertThrows(CancellationException.class, swallower::get);
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void whatACancelledOneFailsWithIsReported() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IOException("in the clean-up");
      run(() -> {
        var victim =
            spawn(() -> {
              try {
                sleep(LONG);
              } catch (GreenThreadExit exit) {
                throw failure;
              }
            });
        sleep();

        victim.cancel(true);
        sleep();
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  @Test
  void getWrapsTheFailure() throws Exception {
    run(() -> {
      var failure = new Error("mine");
      var failing = spawn(() -> raise(failure));

      assertSame(failure, assertThrows(ExecutionException.class, failing::get).getCause());
      assertSame(failure, failing.exceptionNow());
      assertEquals(Future.State.FAILED, failing.state());
      assertFalse(failing.isCancelled());
    });
  }

  @Test
  void getReturnsTheValue() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("value"));

      assertEquals(Future.State.RUNNING, worker.state());
      assertEquals("value", worker.get());
      assertEquals("value", worker.get(0, DAYS));
      assertEquals("value", worker.resultNow());
      assertEquals(Future.State.SUCCESS, worker.state());
    });
  }

  @Test
  void getRunsOut() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleep(LONG));

      assertThrows(TimeoutException.class, () -> worker.get(1, MILLISECONDS));
      assertThrows(TimeoutException.class, () -> worker.get(0, MILLISECONDS));
      assertThrows(TimeoutException.class, () -> worker.get(-1, DAYS));
      assertFalse(worker.isDone());
    });
  }

  @Test
  void aKillThatEndedTheBodyIsACancellation() throws Exception {
    run(() -> {
      var victim = spawn(() -> sleep(LONG));
      sleep();
      victim.kill();

      var thrown = assertThrows(CancellationException.class, victim::get);

      assertInstanceOf(GreenThreadExit.class, thrown.getCause());
    });
  }

  @Test
  void oneSaysWhatItIs() throws Exception {
    run(() -> {
      var worker = spawn(() -> sleepThen("the value"));
      assertSame(Hub.current(), worker.hub());
      assertTrue(worker.thread().isVirtual());
      assertTrue(worker.toString().startsWith(worker.name()), worker::toString);

      worker.await();

      assertTrue(worker.toString().contains("the value"), worker::toString);
    });
  }

  // --------------------------------------------------------------------------------- uncaught

  @Test
  void theFailureOfADroppedHandleReachesTheHandlerOnceItIsGone() throws Exception {
    var failure = new IOException("of nobody");
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        spawn(() -> raise(failure));
        sleep();
        assertEquals(List.of(), uncaught.causes());

        collectGarbageUntil(() -> !uncaught.causes().isEmpty());
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  @Test
  void theFailureOfOneThatNobodyHoldsAfterAWaitThatRanOutReachesTheHandler() throws Exception {
    var failure = new IOException("of nobody");
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        dropAfterAWaitThatRunsOut(failure);

        collectGarbageUntil(() -> !uncaught.causes().isEmpty());
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  private static void dropAfterAWaitThatRunsOut(Throwable failure) {
    var failing =
        spawn(() -> {
          sleep(SHORT);
          return raise(failure);
        });
    assertThrows(TimeoutException.class, () -> failing.await(Duration.ZERO));
    sleep(SHORT.multipliedBy(2));
  }

  @Test
  void whatAwaitHandsOverIsNotReportedAsWell() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        var gone =
            new WeakReference<>(
                failOnce(failing -> assertThrows(IOException.class, failing::await)));
        var linked = new WeakReference<>(failOnce(failing -> failing.link(_ -> step("told"))));
        var killed = new WeakReference<>(spawn(() -> sleep(LONG)));
        sleep();
        killThere(killed);
        sleep();

        collectGarbageUntil(() -> gone.refersTo(null) && linked.refersTo(null));
        collectGarbageUntil(() -> killed.refersTo(null));
        otherDroppedOneIsReported(uncaught);
      });
    }
    assertEquals(List.of("told"), steps);
  }

  private static void killThere(WeakReference<? extends GreenThread<?>> reference) {
    var victim = reference.get();
    if (victim != null) {
      victim.kill();
    }
  }

  private static GreenThread<?> failOnce(Consumer<GreenThread<?>> receiver) {
    var failing = spawn(() -> raise(new IOException("received")));
    receiver.accept(failing);
    sleep();
    return failing;
  }

  /// What was dropped before would have come before.
  private static void otherDroppedOneIsReported(Uncaught uncaught) {
    var last = new IOException("last");
    spawn(() -> raise(last));
    sleep();
    collectGarbageUntil(() -> !uncaught.causes().isEmpty());
    assertEquals(List.of(last), uncaught.causes());
  }

  @Test
  void theHandlerIsToldWhichThreadFailed() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var thread = new AtomicReference<Thread>();
      run(() -> {
        spawnN(() -> {
          thread.set(Thread.currentThread());
          throw new IOException("of nobody");
        });
        sleep();
      });

      assertSame(thread.get(), uncaught.next().thread());
    }
  }

  // ------------------------------------------------------------------------------------- helpers

  private void step(@Nullable Object name) {
    steps.add(String.valueOf(name));
  }

  private static <T> T sleepThen(T value) {
    return sleepThen(SHORT, value);
  }

  private static <T> T sleepThen(Duration time, T value) {
    sleep(time);
    return value;
  }

  private static void spinFor(Duration time) {
    var end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  private static void collectGarbageUntil(java.util.function.BooleanSupplier done) {
    for (var i = 0; i < 200 && !done.getAsBoolean(); i++) {
      System.gc();
      sleep(Duration.ofMillis(5)); // the collector's references come from another thread
    }
    assertTrue(done.getAsBoolean(), "still not, after 200 collections");
  }

  @SuppressWarnings("WaitNotInLoop") // it is never signalled
  private static void awaitCondition(ReentrantLock lock) throws InterruptedException {
    lock.lock();
    try {
      lock.newCondition().await();
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // it is never notified
  private static void awaitMonitor(long millis) throws InterruptedException {
    var monitor = new Object();
    synchronized (monitor) {
      monitor.wait(millis);
    }
  }

  private static void parkUntilInterrupted() throws InterruptedException {
    while (!Thread.interrupted()) {
      LockSupport.park();
    }
    throw new InterruptedException();
  }

  private static void joinStock() throws InterruptedException {
    var thread = Thread.ofPlatform().daemon().start(LockSupport::park);
    try {
      thread.join();
    } finally {
      LockSupport.unpark(thread);
    }
  }

  private static void readStock(int limitMillis) throws IOException {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
      socket.setSoTimeout(limitMillis);
      socket.getInputStream().read();
    }
  }

  private static void acceptStock() throws IOException {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.accept().close();
    }
  }

  private static void acceptChannel() throws IOException {
    try (var listener = ServerSocketChannel.open().bind(Connected.LOOPBACK)) {
      listener.accept().close();
    }
  }

  private static void readChannel() throws IOException {
    try (var listener = ServerSocketChannel.open().bind(Connected.LOOPBACK);
        var channel = SocketChannel.open(listener.getLocalAddress())) {
      channel.read(ByteBuffer.allocate(1));
    }
  }

  private static void select() throws IOException, InterruptedException {
    try (var selector = Selector.open()) {
      selector.select();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
  }
}
