package net.eventlet.hubs;

import static java.time.Duration.ofMillis;
import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
class WaiterTest {

  private static final long FOR_EVER = Long.MAX_VALUE;

  private final HandClock clock = new HandClock();
  private final HandPoller poller = new HandPoller(clock);
  private final List<String> seen = new ArrayList<>();

  @Test
  void wakingNeverSwitches() throws Exception {
    run(() -> {
      var waiter = new AtomicReference<Waiter>();
      start(() -> {
        waiter.set(new Waiter());
        seen.add("woken by " + waiter.get().await(FOR_EVER));
      });
      pass();
      assertTrue(waiter.get().wake());
      seen.add("waker goes on");
      pass();
    });

    assertEquals(List.of("waker goes on", "woken by READY"), seen);
  }

  @Test
  void aWaitThatWasWokenBeforeItBeganReturnsAtOnce() throws Exception {
    run(() -> {
      start(() -> seen.add("other"));
      var waiter = new Waiter();
      waiter.wake();
      assertEquals(Wakeup.READY, waiter.await(FOR_EVER));
      assertEquals(List.of(), seen);
    });
  }

  @Test
  void onlyOneCallWakes() throws Exception {
    run(() -> {
      var waiter = new Waiter();
      assertTrue(waiter.waiting());
      assertTrue(waiter.wake());
      assertFalse(waiter.wake());
      assertFalse(waiter.waiting());
    });
  }

  @Test
  void aWaitWhoseTimeIsUpCannotBeWoken() throws Exception {
    run(() -> {
      var waiter = new Waiter();
      assertEquals(Wakeup.TIMED_OUT, waiter.await(ofMillis(5).toNanos()));
      assertEquals(ofMillis(5), clock.elapsed());
      assertFalse(waiter.wake());
    });
  }

  @Test
  void aWaitThatWasWokenLeavesNoTimerBehind() throws Exception {
    run(() -> {
      var waiter = new Waiter();
      Hub.current().schedule(ofMillis(1), waiter::wake);
      assertEquals(Wakeup.READY, waiter.await(ofMillis(5).toNanos()));
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  @Test
  void aLimitOfZeroOrLessGivesTheOthersOneTurn() throws Exception {
    run(() -> {
      start(() -> {
        seen.add("first turn");
        pass();
        seen.add("second turn");
      });
      assertEquals(Wakeup.TIMED_OUT, new Waiter().await(0));
      seen.add("zero");
      assertEquals(Wakeup.TIMED_OUT, new Waiter().await(-1));
      seen.add("less");
    });

    assertEquals(List.of("first turn", "zero", "second turn", "less"), seen);
  }

  @Test
  void ofAWakeUpAndALimitAtTheSameMomentTheOneThatWasMadeFirstCounts() throws Exception {
    run(() -> {
      var woken = new Waiter();
      Hub.current().schedule(ofMillis(1), () -> seen.add("woke " + woken.wake()));
      assertEquals(Wakeup.READY, woken.await(ofMillis(1).toNanos()));

      var late = new Waiter();
      start(() -> Hub.current().schedule(ofMillis(1), () -> seen.add("woke " + late.wake())));
      assertEquals(Wakeup.TIMED_OUT, late.await(ofMillis(1).toNanos()));
    });

    assertEquals(List.of("woke true", "woke false"), seen);
  }

  @Test
  void anUnwindIsThrownAsItIsAndTheWaitIsOver() throws Exception {
    var unwind = new Unwound();

    run(() -> {
      var waiter = new AtomicReference<Waiter>();
      var fiber = start(() -> waiter.set(throwing(unwind)));
      pass();
      fiber.unwind(unwind);
      pass();
      assertFalse(waiter.get().wake());
    });
  }

  @Test
  void anUnwindThatMeetsAWaitAlreadyServedComesAtTheNext() throws Exception {
    var unwind = new Unwound();

    run(() -> {
      var waiter = new AtomicReference<Waiter>();
      var fiber =
          start(() -> {
            waiter.set(new Waiter());
            seen.add("served: " + waiter.get().await(FOR_EVER));
            var next = new Waiter();
            assertSame(unwind, assertThrows(Unwound.class, () -> next.await(FOR_EVER)));
            seen.add("unwound");
            assertFalse(Thread.currentThread().isInterrupted());
          });
      pass();
      assertTrue(waiter.get().wake());
      fiber.unwind(unwind);
      pass();
    });

    assertEquals(List.of("served: READY", "unwound"), seen);
  }

  @Test
  void aWaitThatIsUnwoundCannotBeServed() throws Exception {
    run(() -> {
      var waiter = new AtomicReference<Waiter>();
      var fiber = start(() -> waiter.set(throwing(null)));
      pass();
      var waits = fiber.waiting();
      fiber.unwind(new Unwound());
      assertFalse(waits.wake());
      pass();
    });
  }

  @Test
  void anInterruptEndsTheWaitAndIsUsedUp() throws Exception {
    run(() -> {
      var fiber =
          start(() -> {
            var waiter = new Waiter();
            seen.add(waiter.await(FOR_EVER) + " " + Thread.currentThread().isInterrupted());
            seen.add("woke " + waiter.wake());
          });
      pass();
      fiber.thread().interrupt();
      pass();
    });

    assertEquals(List.of("INTERRUPTED false", "woke false"), seen);
  }

  @Test
  void anInterruptThatComesTooLateStays() throws Exception {
    run(() -> {
      var waiter = new AtomicReference<Waiter>();
      var fiber =
          start(() -> {
            waiter.set(new Waiter());
            seen.add(waiter.get().await(FOR_EVER) + " " + Thread.interrupted());
          });
      pass();
      waiter.get().wake();
      fiber.thread().interrupt();
      pass();
    });

    assertEquals(List.of("READY true"), seen);
  }

  @Test
  void oneThatIsInterruptedAlreadyDoesNotWait() throws Exception {
    run(() -> {
      Thread.currentThread().interrupt();
      assertEquals(Wakeup.INTERRUPTED, new Waiter().await(FOR_EVER));
      assertFalse(Thread.currentThread().isInterrupted());
    });
  }

  @Test
  void anInterruptEndsAWaitWithoutTimeAsWell() throws Exception {
    run(() -> {
      Thread.currentThread().interrupt();
      assertEquals(Wakeup.INTERRUPTED, new Waiter().await(0));
      assertEquals(Wakeup.TIMED_OUT, new Waiter().await(0));
    });
  }

  @Test
  void anInterruptInTheTurnThatAWaitWithoutTimeGivesAwayEndsIt() throws Exception {
    run(() -> {
      var me = Thread.currentThread();
      start(me::interrupt);
      assertEquals(Wakeup.INTERRUPTED, new Waiter().await(0));
    });
  }

  @Test
  void aWakeUpInTheTurnThatAWaitWithoutTimeGivesAwayCounts() throws Exception {
    run(() -> {
      var waiter = new Waiter();
      start(() -> assertTrue(waiter.wake()));
      assertEquals(Wakeup.READY, waiter.await(0));
    });
  }

  @Test
  void anUnwindInTheTurnThatAWaitWithoutTimeGivesAwayIsThrown() throws Exception {
    var unwind = new Unwound();
    run(() -> {
      var me = Fiber.currentOrNull();
      start(() -> me.unwind(unwind));
      assertSame(unwind, assertThrows(Unwound.class, () -> new Waiter().await(0)));
    });
  }

  @Test
  void aFiberTellsWhatItWaitsFor() throws Exception {
    run(() -> {
      var fiber = start(() -> new Waiter().await(ofMillis(1).toNanos()));
      pass();
      assertSame(fiber.thread(), fiber.waiting().thread());
      assertTrue(fiber.waiting().waiting());
      new Waiter().await(ofMillis(2).toNanos());
      assertSame(null, fiber.waiting());
    });
  }

  static Stream<ThreadFactory> offTheHub() {
    return Stream.of(Thread.ofPlatform().factory(), Thread.ofVirtual().factory());
  }

  @ParameterizedTest
  @MethodSource("offTheHub")
  void offAHubItWaitsUntilItIsWoken(ThreadFactory threads) throws Exception {
    var waiter = new AtomicReference<Waiter>();
    var made = new CountDownLatch(1);
    var wakeup =
        in(
            threads,
            () -> {
              waiter.set(new Waiter());
              made.countDown();
              return waiter.get().await(FOR_EVER);
            });
    made.await();

    assertTrue(waiter.get().wake());

    assertEquals(Wakeup.READY, get(wakeup));
    assertFalse(waiter.get().wake());
  }

  @ParameterizedTest
  @MethodSource("offTheHub")
  void offAHubItsTimeRunsOut(ThreadFactory threads) throws Exception {
    assertEquals(Wakeup.TIMED_OUT, get(in(threads, () -> new Waiter().await(1_000_000))));
    assertEquals(Wakeup.TIMED_OUT, get(in(threads, () -> new Waiter().await(0))));
    assertEquals(Wakeup.TIMED_OUT, get(in(threads, () -> new Waiter().await(-1))));
  }

  @ParameterizedTest
  @MethodSource("offTheHub")
  void offAHubAnInterruptEndsItAndIsUsedUp(ThreadFactory threads) throws Exception {
    var result =
        in(
            threads,
            () -> {
              Thread.currentThread().interrupt();
              var waiter = new Waiter();
              return waiter.await(FOR_EVER) + " " + Thread.interrupted() + " " + waiter.wake();
            });

    assertEquals("INTERRUPTED false false", get(result));
  }

  @ParameterizedTest
  @MethodSource("offTheHub")
  void offAHubAnInterruptThatComesTooLateStays(ThreadFactory threads) throws Exception {
    var result =
        in(
            threads,
            () -> {
              Thread.currentThread().interrupt();
              var waiter = new Waiter();
              waiter.wake();
              return waiter.await(FOR_EVER) + " " + Thread.interrupted();
            });

    assertEquals("READY true", get(result));
  }

  @Test
  void whatIsHandedToAGreenThreadIsNeitherLostNorDoubledWhateverEndsItsWaits() throws Exception {
    try (var hub = Hub.start("races")) {
      for (var seed = 0; seed < 4; seed++) {
        race(hub.threadFactory(), seed, true);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("offTheHub")
  void whatIsHandedToAnyThreadIsNeitherLostNorDoubled(ThreadFactory threads) throws Exception {
    race(threads, 1, false);
  }

  /// Three threads end one's waits, by handing something over, by interrupting it and by unwinding
  /// it, while its time runs out as well. What was handed over must be what arrived.
  private static void race(ThreadFactory threads, int seed, boolean unwinds) throws Exception {
    var offered = new AtomicReference<Waiter>();
    var over = new AtomicBoolean();
    var begun = new CountDownLatch(1);
    var receiver =
        new FutureTask<>(() -> {
          begun.countDown();
          return receive(offered, over, seed);
        });
    var thread = threads.newThread(receiver);
    thread.start();
    begun.await();

    int handed;
    try (var others = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      others.submit(() -> interruptUntil(over, thread));
      if (unwinds) {
        var fiber = Fiber.of(thread).orElseThrow();
        others.submit(() -> unwindUntil(over, fiber));
      }
      handed = get(others.submit(() -> hand(offered, over)));
      assertEquals(handed, get(receiver));
    }
    assertTrue(handed > 0);
  }

  private static int receive(AtomicReference<Waiter> offered, AtomicBoolean over, int seed) {
    var random = new Random(seed);
    var received = 0;
    try {
      for (var i = 0; i < 20_000; i++) {
        try {
          var waiter = new Waiter();
          offered.set(waiter);
          if (waiter.await(random.nextLong(40_000)) == Wakeup.READY) {
            received++;
          }
        } catch (Unwound | CancellationException _) { // received nothing
        }
      }
    } finally {
      over.set(true);
    }
    return received;
  }

  private static int hand(AtomicReference<Waiter> offered, AtomicBoolean over) {
    var handed = 0;
    while (!over.get()) {
      var waiter = offered.getAndSet(null);
      if (waiter == null) {
        Thread.onSpinWait();
      } else if (waiter.wake()) {
        handed++;
      }
    }
    return handed;
  }

  private static void interruptUntil(AtomicBoolean over, Thread thread) {
    while (!over.get()) {
      thread.interrupt();
      new Waiter().await(50_000);
    }
  }

  private static void unwindUntil(AtomicBoolean over, Fiber fiber) {
    while (!over.get()) {
      fiber.unwind(new Unwound());
      new Waiter().await(70_000);
    }
  }

  private static Waiter throwing(Unwound unwind) {
    var waiter = new Waiter();
    var thrown = assertThrows(Unwound.class, () -> waiter.await(FOR_EVER));
    if (unwind != null) {
      assertSame(unwind, thrown);
    }
    return waiter;
  }

  private static <T> FutureTask<T> in(ThreadFactory threads, Callable<T> body) {
    var task = new FutureTask<>(body);
    threads.newThread(task).start();
    return task;
  }

  private void run(OnHub.Body body) throws Exception {
    OnHub.run(poller.options(), body);
  }

  private static final class Unwound extends Error {

    private static final long serialVersionUID = 1;
  }
}
