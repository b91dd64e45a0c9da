package net.eventlet.hubs;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How a fiber begins, is unwound, and ends.
@Bounded
class FiberTest {

  private static final long FOR_EVER = Long.MAX_VALUE;

  private final HandClock clock = new HandClock();
  private final HandPoller poller = new HandPoller(clock);
  private final List<Object> seen = new ArrayList<>();
  private final Unwound unwound = new Unwound("first");
  private final Unwound second = new Unwound("second");

  @Test
  void itRunsWhenItIsStartedAndTellsHowItEnded() throws Exception {
    run(() -> {
      var fiber = Hub.current().fiber(recording(() -> seen.add("ran")), this);
      pass();
      assertEquals(List.of(), seen);
      assertSame(fiber, fiber.start());
      assertFalse(fiber.ended());
      pass();
      assertTrue(fiber.ended());
      assertFalse(fiber.thread().isAlive());
    });

    assertEquals(List.of("ran", "returned"), seen);
  }

  @Test
  void somethingIsDoneAfterEachOfItsTurns() throws Exception {
    run(() -> {
      var fiber =
          Hub.current()
              .fiber(
                  () -> {
                    seen.add("first turn");
                    pass();
                    seen.add("second turn");
                  },
                  this);
      fiber.afterTurns(() -> seen.add("after"));
      fiber.start();
      pass();
      pass();
    });

    assertEquals(List.of("first turn", "after", "second turn", "after"), seen);
  }

  @Test
  void itIsAsGoodAsNewUntilSomethingIsLeftInIt() throws Exception {
    var local = new ThreadLocal<String>();
    var inheritable = new InheritableThreadLocal<String>();
    assertPristine(true, () -> {});
    assertPristine(true, () -> pass());
    assertPristine(true, () -> new Waiter().await(0));
    assertPristine(false, () -> local.set("mine"));
    assertPristine(false, () -> inheritable.set("mine"));
    assertPristine(false, () -> self().attach("mine"));
    assertPristine(false, () -> self().unwindAfter(ofHours(1), unwound));
    assertPristine(true, () -> self().unwindAfter(ofHours(1), unwound).cancel());
    assertPristine(
        true,
        () -> {
          self().unwindAfter(ofHours(1), unwound).cancel();
          self().unwindAfter(ofHours(1), second).cancel();
        });
    assertPristine(
        false,
        () -> {
          self().unwindAfter(ofHours(1), unwound);
          self().unwindAfter(ofHours(1), second).cancel();
        });
    assertPristine(false, () -> Thread.currentThread().interrupt());
    assertPristine(false, () -> self().unwind(unwound));
    assertPristine(
        false,
        () -> {
          self().unwind(unwound);
          assertThrows(Unwound.class, () -> pass());
        });
  }

  private void assertPristine(boolean pristine, OnHub.Body body) throws Exception {
    run(() -> {
      var fiber =
          start(() -> {
            assertTrue(self().isPristine());
            body.run();
            assertEquals(pristine, self().isPristine());
          });
      while (!fiber.ended()) {
        pass();
      }
    });
  }

  private static Fiber self() {
    var self = Fiber.currentOrNull();
    if (self == null) {
      throw new AssertionError("not in a fiber");
    }
    return self;
  }

  @Test
  void itCannotBeStartedTwice() throws Exception {
    run(() -> {
      var fiber = start(() -> seen.add("ran"));
      assertThrows(IllegalThreadStateException.class, fiber::start);
      pass();
    });

    assertEquals(List.of("ran"), seen);
  }

  @Test
  void aFailureComesOutAsItIs() throws Exception {
    run(() -> {
      record(() -> {
        throw unwound;
      });
      pass();
    });

    assertEquals(List.of(unwound), seen);
  }

  @Test
  void aFailureThatNobodyTakesGoesToTheUncaughtHandlerOnce() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var thread = new AtomicReference<Thread>();
      run(() -> {
        var fiber =
            Hub.current()
                .fiber(
                    () -> {
                      throw unwound;
                    },
                    this);
        thread.set(fiber.start().thread());
        pass();
      });

      var failure = uncaught.next();
      assertSame(unwound, failure.cause());
      assertSame(thread.get(), failure.thread());
      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void anUncaughtHandlerThatThrowsHarmsNobody() throws Exception {
    var broken = new IllegalStateException("broken handler");
    broken.setStackTrace(new StackTraceElement[0]); // both are printed
    unwound.setStackTrace(broken.getStackTrace());
    try (var _ = Uncaught.watch()) { // puts the handler back
      Hub.uncaughtHandler((_, _) -> {
        throw broken;
      });
      run(() -> {
        Hub.current()
            .fiber(
                () -> {
                  throw unwound;
                },
                this)
            .start();
        start(() -> seen.add("other"));
        pass();
      });
    }

    assertEquals(List.of("other"), seen);
    assertEquals(List.of(broken), List.of(unwound.getSuppressed()));
  }

  @Test
  void oneThatIsUnwoundBeforeItsFirstTurnNeverRuns() throws Exception {
    run(() -> {
      record(() -> seen.add("ran")).unwind(unwound);
      pass();
    });

    assertEquals(List.of(unwound), seen);
  }

  @Test
  void oneThatIsUnwoundBeforeItsStartNeverRuns() throws Exception {
    run(() -> {
      var fiber = Hub.current().fiber(recording(() -> seen.add("ran")), this);
      fiber.unwind(unwound);
      fiber.start();
      pass();
    });

    assertEquals(List.of(unwound), seen);
  }

  @Test
  void unwindingOneThatHasEndedDoesNothing() throws Exception {
    run(() -> {
      var fiber = record(() -> seen.add("ran"));
      pass();
      fiber.unwind(unwound);
      pass();
    });

    assertEquals(List.of("ran", "returned"), seen);
  }

  @Test
  void severalUnwindsAreThrownInTurnOneAtEachWait() throws Exception {
    run(() -> {
      var fiber =
          record(() -> {
            seen.add(assertThrows(Unwound.class, () -> new Waiter().await(FOR_EVER)));
            seen.add(assertThrows(Unwound.class, OnHub::pass));
            pass();
          });
      pass();
      fiber.unwind(unwound);
      fiber.unwind(second);
      pass();
      pass();
    });

    assertEquals(List.of(unwound, second, "returned"), seen);
  }

  @Test
  void anUnwindThatIsTakenBackInTimeIsNotThrown() throws Exception {
    run(() -> {
      var me = me();
      me.unwind(unwound);
      me.unwind(second);
      assertTrue(Thread.currentThread().isInterrupted());

      assertTrue(me.withdraw(unwound));
      assertFalse(me.withdraw(unwound));
      assertTrue(Thread.currentThread().isInterrupted());
      assertTrue(me.withdraw(second));
      assertFalse(Thread.currentThread().isInterrupted());

      pass();
    });
  }

  @Test
  void anUnwindThatWasThrownCannotBeTakenBack() throws Exception {
    run(() -> {
      var me = me();
      me.unwind(unwound);
      assertThrows(Unwound.class, OnHub::pass);
      assertFalse(me.withdraw(unwound));
    });
  }

  @Test
  void anUnwindWithoutAStackTraceGetsThatOfTheWait() throws Exception {
    unwound.setStackTrace(new StackTraceElement[0]);

    run(() -> {
      var fiber = record(FiberTest::waitHere);
      pass();
      fiber.unwind(unwound);
      pass();
    });

    var trace = List.of(unwound.getStackTrace());
    assertTrue(trace.stream().anyMatch(frame -> frame.getMethodName().equals("waitHere")));
  }

  @Test
  void anUnwindAfterATimeIsThrownWhereverItWaitsThen() throws Exception {
    run(() -> {
      var fiber = record(FiberTest::waitHere);
      fiber.unwindAfter(ofMillis(5), unwound);
      new Waiter().await(ofMillis(10).toNanos());
    });

    assertEquals(List.of(unwound), seen);
  }

  @Test
  void anUnwindAfterATimeCanBeCancelled() throws Exception {
    run(() -> {
      var timer = me().unwindAfter(ofMillis(5), unwound);
      assertTrue(timer.pending());
      timer.cancel();
      assertFalse(timer.pending());
      new Waiter().await(ofMillis(10).toNanos());
    });
  }

  @Test
  void anUnwindAfterATimeFindsNobodyIfTheFiberHasEnded() throws Exception {
    run(() -> {
      var fiber = record(() -> seen.add("ran"));
      fiber.unwindAfter(ofMillis(5), unwound);
      new Waiter().await(ofMillis(10).toNanos());
    });

    assertEquals(List.of("ran", "returned"), seen);
  }

  @Test
  void inAWaitOfTheJdksItIsInterruptedAndTheUnwindTakesTheInterruptsPlaceAtTheEnd()
      throws Exception {
    run(() -> {
      var fiber = record(FiberTest::sleepWithTheJdk);
      pass();
      fiber.unwind(unwound);
      pass();
    });

    assertEquals(List.of(unwound), seen);
    assertEquals(InterruptedException.class, unwound.getSuppressed()[0].getClass());
  }

  @Test
  void whatAWaitOfTheJdksThrewBecomesTheUnwindAtTheNextWaitOfOurs() throws Exception {
    run(() -> {
      var fiber =
          record(() -> {
            assertThrows(InterruptedException.class, FiberTest::sleepWithTheJdk);
            seen.add("interrupted");
            assertSame(unwound, assertThrows(Unwound.class, OnHub::pass));
          });
      pass();
      fiber.unwind(unwound);
      pass();
    });

    assertEquals(List.of("interrupted", "returned"), seen);
  }

  @Test
  void itKnowsThatAnUnwindIsToComeAfterAWaitOfTheJdks() throws Exception {
    run(() -> {
      var fiber =
          start(() -> {
            seen.add(Fiber.currentOrNull().unwinding());
            assertThrows(InterruptedException.class, FiberTest::sleepWithTheJdk);
            seen.add(Fiber.currentOrNull().unwinding());
            assertThrows(Unwound.class, OnHub::pass);
            seen.add(Fiber.currentOrNull().unwinding());
          });
      pass();
      fiber.unwind(unwound);
      pass();
    });

    assertEquals(List.of(false, true, false), seen);
  }

  @Test
  void aBodyThatSwallowsItsUnwindAndReturnsHasReturned() throws Exception {
    run(() -> {
      var fiber =
          record(() -> assertThrows(InterruptedException.class, FiberTest::sleepWithTheJdk));
      pass();
      fiber.unwind(unwound);
      pass();
    });

    assertEquals(List.of("returned"), seen);
  }

  @Test
  void ofTwoUnwindsTheOneThatEndedTheBodyIsWhatCameOut() throws Exception {
    run(() -> {
      var fiber = record(FiberTest::waitHere);
      pass();
      fiber.unwind(unwound);
      fiber.unwind(second);
      pass();
    });

    assertEquals(List.of(unwound), seen);
  }

  @Test
  void passingTellsOfAnInterruptAndUsesItUp() throws Exception {
    run(() -> {
      Thread.currentThread().interrupt();
      assertEquals(Wakeup.INTERRUPTED, me().pass());
      assertEquals(Wakeup.READY, me().pass());
    });
  }

  @Test
  void itKnowsWhereItWasSpawned() throws Exception {
    run(() -> {
      var lambda = spawnedHere(() -> {}).place();
      assertEquals("spawnedHere", lambda.getMethodName());
      assertEquals(FiberTest.class.getName(), lambda.getClassName());
      var object = spawnedHere(recording(() -> {})).place();
      assertEquals("spawnedHere", object.getMethodName());
    });
  }

  @Test
  void itKnowsItsThreadAndItsThreadKnowsIt() throws Exception {
    run(() -> {
      var fiber = start(() -> assertSame(Thread.currentThread(), me().thread()));
      assertEquals(Optional.of(fiber), Fiber.of(fiber.thread()));
      assertSame(Hub.current(), fiber.hub());
      assertNotEquals(me(), fiber);
      pass();
      assertEquals(Optional.of(fiber), Fiber.of(fiber.thread()));
    });

    assertEquals(Optional.empty(), Fiber.of(Thread.currentThread()));
    assertEquals(Optional.empty(), Fiber.of(Thread.ofVirtual().unstarted(() -> {})));
    assertNull(Fiber.currentOrNull());
  }

  @Test
  void itIsCalledAfterItsThread() throws Exception {
    run(() -> {
      var fiber = start(() -> {});
      assertEquals("green-" + fiber.thread().threadId(), fiber.toString());
      fiber.thread().setName("worker");
      assertEquals("worker", fiber.toString());
    });
  }

  @Test
  void itKeepsAnObjectForWhoeverBuildsOnIt() throws Exception {
    run(() -> {
      assertNull(me().attachment());
      me().attach("mine");
      assertEquals("mine", me().attachment());
    });
  }

  @Test
  void itInheritsTheInheritableThreadLocalsOfItsMaker() throws Exception {
    var local = new InheritableThreadLocal<String>();

    run(() -> {
      local.set("of the parent");
      start(() -> seen.add(local.get()));
      local.set("too late");
      pass();
    });

    assertEquals(List.of("of the parent"), seen);
  }

  private static Fiber spawnedHere(Fiber.Body body) {
    return Hub.current().fiber(body, body);
  }

  private Fiber record(Fiber.Body body) {
    return Hub.current().fiber(recording(body), body).start();
  }

  private Fiber.Body recording(Fiber.Body body) {
    return new Fiber.Body() {
      @Override
      public void run() throws Exception {
        body.run();
      }

      @Override
      public void ended(Fiber fiber, @Nullable Throwable failure) {
        seen.add(failure == null ? "returned" : failure);
      }
    };
  }

  private static void waitHere() {
    new Waiter().await(FOR_EVER);
  }

  private static void sleepWithTheJdk() throws InterruptedException {
    Thread.sleep(ofHours(1));
  }

  private static Fiber me() {
    var me = Fiber.currentOrNull();
    if (me == null) {
      throw new AssertionError("not in a green thread");
    }
    return me;
  }

  private void run(OnHub.Body body) throws Exception {
    OnHub.run(poller.options(), body);
  }

  private static final class Unwound extends Error {

    private static final long serialVersionUID = 1;

    Unwound(String message) {
      super(message);
    }
  }
}
