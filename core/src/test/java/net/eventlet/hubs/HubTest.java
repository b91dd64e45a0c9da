package net.eventlet.hubs;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Turns, order and time, on a clock that is moved by hand.
@Bounded
class HubTest {

  private final HandClock clock = new HandClock();
  private final HandPoller poller = new HandPoller(clock);
  private final List<String> seen = new ArrayList<>();

  @Test
  void theyRunFirstInFirstOut() throws Exception {
    run(() -> {
      for (var name : List.of("a", "b", "c")) {
        start(() -> {
          seen.add(name + "1");
          pass();
          seen.add(name + "2");
        });
      }
      passTimes(3);
    });

    assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "c2"), seen);
  }

  @Test
  void startingNeverSwitches() throws Exception {
    run(() -> {
      start(() -> seen.add("child"));
      seen.add("parent");
      pass();
    });

    assertEquals(List.of("parent", "child"), seen);
  }

  @Test
  void aTurnRunsWhatWasRunnableWhenItBeganThenTheTimers() throws Exception {
    run(() -> {
      start(() -> {
        seen.add("first");
        start(() -> seen.add("next turn"));
        schedule(Duration.ZERO, "timer");
      });
      start(() -> seen.add("second"));
      passTimes(2);
    });

    assertEquals(List.of("first", "second", "timer", "next turn"), seen);
  }

  @Test
  void whatATimerMakesRunnableRunsInTheNextTurn() throws Exception {
    run(() -> {
      var hub = Hub.current();
      hub.schedule(Duration.ZERO, () -> start(hub, () -> seen.add("started by the timer")));
      start(() -> seen.add("started before"));
      passTimes(2);
    });

    assertEquals(List.of("started before", "started by the timer"), seen);
  }

  @Test
  void timersDueTogetherFireInTheOrderTheyWereMadeWhateverTheyAre() throws Exception {
    run(() -> {
      schedule(ofMillis(10), "scheduled");
      start(() -> {
        LockSupport.parkNanos(10_000_000);
        seen.add("parked by the JDK");
      });
      start(() -> {
        new Waiter().await(10_000_000);
        seen.add("waited");
      });
      pass();
      schedule(ofMillis(10), "scheduled last");
      schedule(ofMillis(5), "earlier");
      sleep(ofMillis(20));
    });

    assertEquals(
        List.of("earlier", "scheduled", "scheduled last", "parked by the JDK", "waited"), seen);
  }

  @Test
  void sleepersWhoseTimeEndsTogetherRunInTheOrderTheyFellAsleep() throws Exception {
    run(() -> {
      for (var name : List.of("a", "b", "c")) {
        start(() -> {
          sleep(ofMillis(10));
          seen.add(name);
        });
      }
      sleep(ofMillis(11));
    });

    assertEquals(List.of("a", "b", "c"), seen);
  }

  @Test
  void aDelayOfZeroOrLessMeansTheEndOfThisTurn() throws Exception {
    run(() -> {
      schedule(Duration.ZERO, "zero");
      schedule(ofSeconds(-1), "less");
      seen.add("now");
      start(() -> seen.add("next turn"));
      pass();
    });

    assertEquals(List.of("now", "zero", "less", "next turn"), seen);
  }

  @Test
  void aTimerThatSchedulesItselfFiresOncePerTurn() throws Exception {
    run(() -> {
      tick(Hub.current());
      for (var i = 0; i < 3; i++) {
        seen.add("turn");
        pass();
      }
    });

    assertEquals(List.of("turn", "tick", "turn", "tick", "turn", "tick"), seen.subList(0, 6));
  }

  @Test
  void theLongestDelayIsAcceptedAndNeverDue() throws Exception {
    run(() -> {
      schedule(ofSeconds(Long.MAX_VALUE), "never");
      schedule(ofSeconds(Long.MIN_VALUE), "at once");
      pass();
      sleep(ofSeconds(1_000_000));
    });

    assertEquals(List.of("at once"), seen);
  }

  @Test
  void aCancelledTimerDoesNothing() throws Exception {
    run(() -> {
      var timer = Hub.current().schedule(ofMillis(1), () -> seen.add("fired"));
      assertTrue(timer.pending());
      timer.cancel();
      assertFalse(timer.pending());
      timer.cancel();
      sleep(ofMillis(2));
    });

    assertEquals(List.of(), seen);
  }

  @Test
  void whatATimerThrowsGoesToTheUncaughtHandlerAndHarmsNobody() throws Exception {
    var failure = new IllegalStateException("broken timer");

    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        Hub.current()
            .schedule(
                Duration.ZERO,
                () -> {
                  throw failure;
                });
        schedule(Duration.ZERO, "next timer");
        pass();
      });

      assertEquals(List.of(failure), uncaught.causes());
    }
    assertEquals(List.of("next timer"), seen);
  }

  @Test
  void aHubThatWaitsForATimeAsksThePollerForExactlyThatTime() throws Exception {
    run(() -> sleep(ofMillis(7)));

    assertEquals(List.of(ofMillis(7).toNanos()), poller.timeouts);
    assertEquals(ofMillis(7), clock.elapsed());
  }

  @Test
  void aHubWithNothingToDoWaitsForEver() throws Exception {
    run(() -> {
      var hub = Hub.current();
      var waiter = new Waiter();
      Thread.ofPlatform()
          .start(() -> {
            hub.schedule(Duration.ZERO, () -> {}); // wakes the hub, not the waiter
            waiter.wake();
          });
      waiter.await(Long.MAX_VALUE);
    });

    assertTrue(poller.timeouts.stream().allMatch(timeout -> timeout < 0));
  }

  @Test
  void aSleepStormStarvesNobodyWhoWaitsForADescriptor() throws Exception {
    run(() -> {
      start(() -> {
        Hub.current().trampoline(5, Interest.READ, null);
        seen.add("read");
      });
      var storm = start(() -> storm(1000));
      pass();
      poller.makeReady(5, Interest.READ);
      var before = switches();
      while (seen.isEmpty()) {
        pass();
      }
      assertTrue(switches() - before <= 6, () -> "turns taken: " + (switches() - before));
      assertFalse(storm.ended());
    });
  }

  @Test
  void aSleepStormStarvesNoTimer() throws Exception {
    run(() -> {
      start(() -> storm(1000));
      schedule(ofMillis(1), "timer");
      clock.advance(1_000_000);
      pass();
    });

    assertEquals(List.of("timer"), seen);
  }

  @Test
  void aBusyHubLooksAtItsDescriptorsNowAndThenEvenIfNobodyWaitsHere() throws Exception {
    var looks = new ArrayList<Long>();
    var options =
        poller
            .options()
            .withInstruments(
                List.of(
                    new Instrument() {
                      @Override
                      public void polled(int ready, long timeoutNanos) {
                        looks.add(timeoutNanos);
                      }
                    }));

    OnHub.run(options, () -> storm(1000));

    assertTrue(looks.size() >= 10, () -> "looks: " + looks);
  }

  @Test
  void itRunsOnTheCallingThread() throws Exception {
    var carrier = new AtomicReference<Thread>();

    run(() -> {
      Hub.current().schedule(Duration.ZERO, () -> carrier.set(Thread.currentThread()));
      pass();
    });

    assertSame(Thread.currentThread(), carrier.get());
  }

  @Test
  void aVirtualThreadCannotCarryAHub() throws Exception {
    var refusal = new AtomicReference<Throwable>();

    Thread.ofVirtual()
        .start(() ->
            refusal.set(
                assertThrows(
                    IllegalStateException.class,
                    () -> Hub.run(poller.options(), hub -> hub.fiber(() -> {}, this)))))
        .join();

    assertTrue(refusal.get().getMessage().contains("a virtual thread"));
  }

  @Test
  void itEndsWithItsFirstFiberAndGivesItsPollerUp() throws Exception {
    run(() -> seen.add("first"));

    assertEquals(List.of("first"), seen);
    assertTrue(poller.closed);
  }

  @Test
  void itEndsAlsoIfItsFirstFiberCannotBeMade() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Hub.run(
                poller.options(),
                _ -> {
                  throw new IllegalArgumentException("no fiber");
                }));

    assertTrue(poller.closed);
  }

  @Test
  void theCurrentHubIsTheOneThatRunsTheCaller() throws Exception {
    run(() -> {
      var hub = Hub.current();
      assertSame(hub, Hub.currentOrNull());
      assertSame(clock, hub.clock());
      assertSame(clock, Hub.clockHere());
      assertSame(hub, hub.spawn(Hub::current).get());
    });
  }

  @Test
  void offAHubThereIsNoCurrentOneAndTheMessageSaysWhatToDo() throws Exception {
    var refusal = assertThrows(IllegalStateException.class, Hub::current);

    assertTrue(refusal.getMessage().contains(Thread.currentThread().toString()));
    assertTrue(refusal.getMessage().contains("call this inside Eventlet.run"));
    assertNull(Hub.currentOrNull());
    assertNotEquals(clock, Hub.clockHere());
  }

  @Test
  void thereIsNoCurrentHubInATimerOrInAStockVirtualThread() throws Exception {
    var inTimer = new AtomicReference<Hub>();
    run(() -> {
      var hub = Hub.current();
      inTimer.set(hub);
      hub.schedule(Duration.ZERO, () -> inTimer.set(Hub.currentOrNull()));
      pass();
    });
    var inStock = new FutureTask<>(Hub::currentOrNull);
    Thread.ofVirtual().start(inStock).join();

    assertNull(inTimer.get());
    assertNull(inStock.get());
  }

  @Test
  void oneSeedGivesTheSameRandomNumbersAndAnotherGivesOthers() throws Exception {
    Callable<Long> number = () -> Hub.current().random().nextLong();

    var one = OnHub.call(poller.options().withSeed(1), number);
    var oneAgain = OnHub.call(poller.options().withSeed(1), number);
    var two = OnHub.call(poller.options().withSeed(2), number);

    assertEquals(one, oneAgain);
    assertNotEquals(one, two);
  }

  @Test
  void anotherOrderPicksAmongThoseThatCanRun() throws Exception {
    RunOrder lastInFirstOut = runnable -> runnable.size() - 1;

    OnHub.run(
        poller.options().withOrder(lastInFirstOut),
        () -> {
          for (var name : List.of("a", "b", "c")) {
            start(() -> seen.add(name));
          }
          sleep(ofMillis(1));
        });

    assertEquals(List.of("c", "b", "a"), seen);
  }

  @Test
  void aSeededOrderRepeatsItselfAndAnotherSeedDiffers() throws Exception {
    var first = shuffled(7);
    var again = shuffled(7);
    var other = shuffled(8);

    assertEquals(first, again);
    assertNotEquals(first, other);
    assertEquals(List.copyOf(first).stream().sorted().toList(), other.stream().sorted().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, Integer.MAX_VALUE})
  void anOrderThatPicksNobodyIsRefused(int index) {
    var options = poller.options().withOrder(_ -> index);

    try (var _ = Uncaught.watch()) { // told of who could not end
      assertThrows(IndexOutOfBoundsException.class, () -> OnHub.run(options, () -> {}));
    }
  }

  @Test
  void theOrderIsAskedAboutTheFibersThemselves() throws Exception {
    var offered = new ArrayList<List<Fiber>>();
    RunOrder recording =
        runnable -> {
          offered.add(List.copyOf(runnable));
          return 0;
        };

    OnHub.run(
        poller.options().withOrder(recording),
        () -> {
          var me = Fiber.currentOrNull();
          var a = start(() -> {});
          var b = start(() -> {});
          pass();
          assertEquals(
              List.of(List.of(me), List.of(a, b, me), List.of(b, me), List.of(me)), offered);
        });
  }

  @Test
  void statisticsCountWhatThereIs() throws Exception {
    run(() -> {
      var hub = Hub.current();
      assertEquals(new Statistics(1, 0, 0, 1), hub.statistics());
      start(() -> sleep(ofMillis(1)));
      var timer = hub.schedule(ofSeconds(1), () -> {});
      assertEquals(new Statistics(2, 1, 1, 1), hub.statistics());
      pass();
      assertEquals(new Statistics(2, 0, 2, 3), hub.statistics());
      timer.cancel();
      sleep(ofMillis(2));
      assertEquals(new Statistics(1, 0, 0, 5), hub.statistics());
    });
  }

  private List<Integer> shuffled(long seed) throws Exception {
    var random = new Random(seed);
    var order = new ArrayList<Integer>();
    OnHub.run(
        new HandPoller(new HandClock())
            .options()
            .withOrder(runnable -> random.nextInt(runnable.size())),
        () -> {
          for (var i = 0; i < 50; i++) {
            var number = i;
            start(() -> order.add(number));
          }
          sleep(ofMillis(1));
        });
    return order;
  }

  private void tick(Hub hub) {
    hub.schedule(
        Duration.ZERO,
        () -> {
          seen.add("tick");
          tick(hub);
        });
  }

  private void schedule(Duration delay, String name) {
    Hub.current().schedule(delay, () -> seen.add(name));
  }

  private void run(OnHub.Body body) throws Exception {
    OnHub.run(poller.options(), body);
  }

  private static long switches() {
    return Hub.current().statistics().switches();
  }

  private static void storm(int turns) {
    passTimes(turns);
  }

  private static void passTimes(int turns) {
    for (var i = 0; i < turns; i++) {
      pass();
    }
  }

  private static void sleep(Duration time) {
    new Waiter().await(time.toNanos());
  }
}
