package net.eventlet;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.junit.jupiter.api.Test;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class PoolTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final List<Thing> disposed = new ArrayList<>();

  /// What is lent.
  ///
  /// @param number in the order of making
  private record Thing(int number) {}

  // --------------------------------------------------------------------------------- get and put

  @Test
  void thingsAreMadeWhenTheyAreNeededAndUsedAgain() throws Exception {
    var pool = pool(3);
    assertEquals(0, made.get());

    var first = pool.get();
    var second = pool.get();
    pool.put(first);
    assertSame(first, pool.get());

    assertNotSame(first, second);
    assertEquals(2, made.get());
  }

  @Test
  void whatCameBackFirstIsLentFirst() throws Exception {
    var pool = pool(3);
    var things = List.of(pool.get(), pool.get(), pool.get());

    things.forEach(pool::put);

    assertEquals(things, List.of(pool.get(), pool.get(), pool.get()));
  }

  @Test
  void aStackLendsWhatCameBackLast() throws Exception {
    var pool = new Pool<>(0, 3, true, this::thing);
    var things = List.of(pool.get(), pool.get(), pool.get());

    things.forEach(pool::put);

    assertEquals(things.reversed(), List.of(pool.get(), pool.get(), pool.get()));
  }

  @Test
  void aMinimumIsMadeAtOnce() throws Exception {
    var pool = new Pool<>(2, 3, false, this::thing);
    assertEquals(2, made.get());
    assertEquals(3, pool.free());

    assertEquals(new Thing(0), pool.get());
    assertEquals(new Thing(1), pool.get());
    assertEquals(new Thing(2), pool.get());
  }

  @Test
  void gettingAndPuttingWithoutAWaitDoNotSwitch() throws Exception {
    run(() -> {
      var pool = pool(1);
      spawn(() -> step("another ran"));

      pool.put(pool.get());
      pool.put(pool.get(LONG));

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void gettingWaitsWhileAllAreLentInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var pool = pool(1);
      var thing = pool.get();
      for (var name : List.of("a", "b", "c")) {
        spawn(() -> {
          var mine = pool.get();
          step(name);
          pool.put(mine);
        });
      }
      sleep();
      assertStatus(pool, 0, 3);

      pool.put(thing);
      step("put");
      assertThrows(TimeoutException.class, () -> pool.get(Duration.ZERO));
      sleep();
      sleep();

      assertEquals(List.of("put", "a", "b", "c"), steps);
      assertEquals(1, made.get());
      assertStatus(pool, 1, 0);
    });
  }

  @Test
  void aHundredWhoGetMakeNoMoreThanThereMayBe() throws Exception {
    run(() -> {
      var most = new AtomicInteger();
      var inside = new AtomicInteger();
      var pool =
          new Pool<>(
              4,
              () -> {
                sleep();
                sleep();
                return thing();
              });
      var getters = new ArrayList<GreenThread<?>>();
      for (var i = 0; i < 100; i++) {
        getters.add(
            spawn(() -> {
              var thing = pool.get();
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              sleep();
              inside.decrementAndGet();
              pool.put(thing);
            }));
      }

      for (var getter : getters) {
        getter.await();
      }

      assertEquals(4, made.get());
      assertEquals(4, most.get());
      assertStatus(pool, 4, 0);
    });
  }

  @Test
  void anItemIsLentForABlock() throws Exception {
    var pool = pool(1);

    assertThrows(
        IOException.class,
        () -> {
          try (var item = pool.item()) {
            assertEquals(new Thing(0), item.value());
            assertEquals(0, pool.free());
            throw new IOException("mine");
          }
        });

    assertEquals(1, pool.free());
  }

  @Test
  void anItemThatIsClosedTwiceIsGivenBackOnce() throws Exception {
    var pool = pool(2);
    var item = pool.item();
    pool.get();

    item.close();
    item.close();

    assertEquals(1, pool.free());
  }

  @Test
  void whoIsKilledGivesBackWhatItHolds() throws Exception {
    run(() -> {
      var pool = pool(1);
      var victim =
          spawn(() -> {
            try (var _ = pool.item()) {
              sleep(LONG);
            }
          });
      sleep();

      victim.kill();

      assertEquals(new Thing(0), pool.get(SHORT));
    });
  }

  // --------------------------------------------------------------------------------- wrong calls

  @Test
  void puttingMoreThanWasGotIsRefused() throws Exception {
    var pool = pool(2);
    var thing = pool.get();
    pool.put(thing);

    var thrown = assertThrows(IllegalStateException.class, () -> pool.put(thing));

    assertSays(thrown, "more was put than got");
    assertStatus(pool, 2, 0);
    assertThrows(IllegalStateException.class, () -> pool(1).put(new Thing(7)));
  }

  @Test
  void puttingAnotherInItsPlaceIsAllowed() throws Exception {
    var pool = pool(1);
    pool.get();
    var other = new Thing(7);

    pool.put(other);

    assertSame(other, pool.get());
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void nullIsNoThing() throws Exception {
    var pool = pool(1);
    pool.get();

    assertThrows(NullPointerException.class, () -> pool.put(null));
    assertEquals(0, pool.free());
    assertThrows(NullPointerException.class, () -> new Pool<>(1, null));
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void aCreateThatReturnsNullIsAFailure() throws Exception {
    var pool = new Pool<Thing>(1, () -> null);

    assertThrows(NullPointerException.class, pool::get);

    assertEquals(1, pool.free());
  }

  @Test
  void wrongSizesAreRefused() {
    assertSays(assertThrows(IllegalArgumentException.class, () -> pool(-1)), "maxSize=-1");
    assertSays(
        assertThrows(IllegalArgumentException.class, () -> new Pool<>(3, 2, false, this::thing)),
        "minSize=3",
        "maxSize=2");
    assertThrows(IllegalArgumentException.class, () -> new Pool<>(-1, 2, false, this::thing));
    var pool = pool(2);
    assertSays(assertThrows(IllegalArgumentException.class, () -> pool.resize(-1)), "-1");
    assertEquals(2, pool.free());
    assertEquals(0, made.get());
  }

  // -------------------------------------------------------------------------- failures to create

  @Test
  void whoAskedGetsTheFailureToCreate() throws Exception {
    var failure = new IOException("mine");
    var pool =
        new Pool<Thing>(
            1,
            () -> {
              throw failure;
            });

    assertSame(failure, assertThrows(IOException.class, pool::get));
    assertSame(failure, assertThrows(IOException.class, () -> pool.get(LONG)));

    assertStatus(pool, 1, 0);
  }

  @Test
  void afterAFailureToCreateTheNextWhoWaitsTries() throws Exception {
    run(() -> {
      var failures = new AtomicInteger(2);
      var pool =
          new Pool<>(
              1,
              () -> {
                sleep();
                if (failures.getAndDecrement() > 0) {
                  throw new IOException("mine");
                }
                return thing();
              });
      var getters =
          List.of(
              spawn(() -> pool.get()),
              spawn(() -> pool.get()),
              spawn(() -> pool.get()),
              spawn(() -> pool.get()));
      sleep();
      assertEquals(3, pool.waiting());

      assertThrows(IOException.class, getters.get(0)::await);
      assertThrows(IOException.class, getters.get(1)::await);
      var thing = getters.get(2).await();
      assertFalse(getters.get(3).isDone());
      pool.put(thing);
      assertSame(thing, getters.get(3).await());
    });
  }

  @Test
  void whoIsKilledWhileItCreatesLetsTheNextTry() throws Exception {
    run(() -> {
      var pool =
          new Pool<>(
              1,
              () -> {
                sleep();
                return thing();
              });
      var victim = spawn(() -> pool.get());
      var heir = spawn(() -> pool.get());
      sleep();

      victim.kill();

      assertEquals(new Thing(0), heir.await());
      assertStatus(pool, 0, 0);
    });
  }

  @Test
  void aMinimumThatCannotBeMadeFailsTheConstructor() {
    var checked = new IOException("mine");
    var unchecked = new IllegalStateException("mine");

    assertSame(
        checked,
        assertThrows(CompletionException.class, () -> new Pool<>(1, 2, false, failing(checked)))
            .getCause());
    assertSame(
        unchecked,
        assertThrows(
            IllegalStateException.class, () -> new Pool<>(1, 2, false, failing(unchecked))));
  }

  // --------------------------------------------------------------------------------------- limit

  @Test
  void aLimitThatRunsOutThrowsAndLeavesNoTrace() throws Exception {
    run(() -> {
      var pool = pool(1);
      var thing = pool.get();

      var thrown = assertThrows(TimeoutException.class, () -> pool.get(SHORT));
      assertSays(thrown, "PT0.002S", "1 lent");
      assertFalse(Timeout.run(SHORT, () -> pool.get()));
      assertStatus(pool, 0, 0);
      pool.put(thing);

      assertSame(thing, pool.get(SHORT));
    });
  }

  @Test
  void noLimitIsForEver() throws Exception {
    run(() -> {
      var pool = pool(1);
      var thing = pool.get();
      var getter = spawn(() -> pool.get(null));
      sleep();

      pool.put(thing);

      assertSame(thing, getter.await());
    });
  }

  /// However often what came back turns out to be broken.
  @Test
  void aLimitIsTheLongestWaitInAll() throws Exception {
    var now = new long[1];
    try (var hub = Hub.start("clock", HubOptions.DEFAULT.withClock(() -> now[0]))) {
      spawn(
              hub,
              () -> {
                var pool = new Checked(2);
                var held = pool.get();
                var other = pool.get();
                pool.broken.add(held);
                var getter = spawn(() -> pool.get(Duration.ofMillis(10)));
                sleep();
                var rival = spawn(() -> pool.get());
                sleep();

                advance(now, 9);
                pool.put(held); // is broken: the getter goes back to waiting
                sleep();
                sleep();
                advance(now, 9);
                sleep();
                sleep();

                assertTrue(getter.isDone(), "18 of 10 ms have passed, and it waits: " + pool);
                rival.cancel(true);
                pool.put(other);
              })
          .await();
    }
  }

  private static void advance(long[] now, int millis) {
    now[0] += Duration.ofMillis(millis).toNanos();
  }

  // ---------------------------------------------------------------------------------- validation

  /// A pool some of whose things are broken.
  private final class Checked extends Pool<Thing> {

    private final Set<Thing> broken = new HashSet<>();
    private Action check = () -> {};

    Checked(int maxSize) {
      super(maxSize, PoolTest.this::thing);
    }

    @Override
    protected boolean usable(Thing item) {
      try {
        check.run();
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
      return !broken.contains(item);
    }

    @Override
    protected void dispose(Thing item) {
      disposed.add(item);
    }
  }

  @Test
  void whatBrokeIsDisposedOfAndAnotherLent() throws Exception {
    var pool = new Checked(2);
    var first = pool.get();
    var second = pool.get();
    pool.put(first);
    pool.put(second);
    pool.broken.addAll(List.of(first, second));

    assertEquals(new Thing(2), pool.get());

    assertEquals(List.of(first, second), disposed);
    assertEquals(1, pool.free());
  }

  @Test
  void whatBrokeAmongGoodOnesIsPassedOver() throws Exception {
    var pool = new Checked(2);
    var first = pool.get();
    var second = pool.get();
    pool.put(first);
    pool.put(second);
    pool.broken.add(first);

    assertSame(second, pool.get());

    assertEquals(List.of(first), disposed);
  }

  @Test
  void aCheckThatFailsSurfacesAndDisposesOfTheThing() throws Exception {
    var pool = new Checked(1);
    var thing = pool.get();
    pool.put(thing);
    pool.check =
        () -> {
          throw new IOException("mine");
        };

    assertThrows(IllegalStateException.class, pool::get);

    assertEquals(List.of(thing), disposed);
    assertStatus(pool, 1, 0);
  }

  @Test
  void whoIsKilledInTheCheckLosesNoPlace() throws Exception {
    run(() -> {
      var pool = new Checked(1);
      pool.put(pool.get());
      pool.check = () -> sleep(LONG);
      var victim = spawn(() -> pool.get());
      sleep();

      victim.kill();

      assertEquals(1, disposed.size());
      assertStatus(pool, 1, 0);
    });
  }

  @Test
  void whoIsKilledWhileItDisposesOfWhatBrokeLosesNoPlace() throws Exception {
    run(() -> {
      var pool =
          new Pool<>(1, this::thing) {
            @Override
            protected boolean usable(Thing item) {
              return false;
            }

            @Override
            protected void dispose(Thing item) {
              sleep(LONG);
            }
          };
      pool.put(pool.get());
      var victim = spawn(() -> pool.get());
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
      assertStatus(pool, 1, 0);
    });
  }

  @Test
  void whoFindsAThingBrokenIsNotOvertakenByWhoCameLater() throws Exception {
    run(() -> {
      var pool = new Checked(1);
      var thing = pool.get();
      pool.put(thing);
      pool.broken.add(thing);
      var event = new Event<String>();
      pool.check = event::await;
      spawn(() -> {
        pool.get();
        step("first");
      });
      sleep(); // and it checks, which takes a while
      spawn(() -> {
        pool.get();
        step("second");
      });
      sleep();
      event.send("checked");
      for (var i = 0; i < 5; i++) {
        sleep();
      }

      assertEquals(List.of("first"), steps);
    });
  }

  @Test
  void oneThingMoreIsMadeForWhoWaitsWhenOneBroke() throws Exception {
    run(() -> {
      var pool = new Checked(1);
      var thing = pool.get();
      var getter = spawn(() -> pool.get());
      sleep();
      pool.broken.add(thing);

      pool.put(thing);

      assertEquals(new Thing(1), getter.await());
      assertEquals(List.of(thing), disposed);
    });
  }

  // -------------------------------------------------------------------------------------- resize

  @Test
  void aLargerPoolLetsInWhoWaits() throws Exception {
    run(() -> {
      var pool = pool(0);
      for (var name : List.of("a", "b", "c")) {
        spawn(() -> {
          pool.get();
          step(name);
        });
      }
      sleep();
      assertStatus(pool, 0, 3);

      pool.resize(2);
      assertStatus(pool, 0, 1);
      sleep();

      assertEquals(List.of("a", "b"), steps);
    });
  }

  @Test
  void aSmallerPoolDisposesOfWhatIsTooMuch() throws Exception {
    var pool = new Checked(3);
    var things = List.of(pool.get(), pool.get(), pool.get());
    pool.put(things.get(0));
    pool.put(things.get(1));

    pool.resize(2);
    assertEquals(List.of(things.get(1)), disposed);
    pool.resize(0);
    assertEquals(List.of(things.get(1), things.get(0)), disposed);
    assertEquals(0, pool.free());
    pool.put(things.get(2));

    assertEquals(3, disposed.size());
    assertEquals(0, pool.free());
  }

  @Test
  void aPoolThatBecameSmallerLetsNobodyInUntilItHasRoom() throws Exception {
    run(() -> {
      var pool = new Checked(2);
      var first = pool.get();
      var second = pool.get();
      pool.resize(1);
      var getter = spawn(() -> pool.get());
      sleep();

      pool.put(first);
      sleep();
      assertFalse(getter.isDone());
      assertEquals(List.of(first), disposed);
      pool.put(second);

      assertSame(second, getter.await());
    });
  }

  // --------------------------------------------------------------------------------------- close

  @Test
  void closingWakesWhoWaitsAndDisposesOfWhatIsIdle() throws Exception {
    run(() -> {
      var pool = new Checked(2);
      var lent = pool.get();
      var idle = pool.get();
      pool.put(idle);
      pool.resize(2);
      pool.get();
      var getters = List.of(spawn(() -> pool.get()), spawn(() -> pool.get(LONG)));
      sleep();

      pool.close();
      pool.close();

      for (var getter : getters) {
        assertSays(assertThrows(IllegalStateException.class, getter::await), "closed");
      }
      assertSays(assertThrows(IllegalStateException.class, pool::get), "closed");
      assertEquals(List.of(), disposed);
      pool.put(lent);
      assertEquals(List.of(lent), disposed);
    });
  }

  @Test
  void closingDisposesOfWhatIsIdle() throws Exception {
    var pool = new Checked(2);
    var first = pool.get();
    var second = pool.get();
    pool.put(first);
    pool.put(second);

    pool.close();

    assertEquals(List.of(first, second), disposed);
  }

  @Test
  void whatIsMadeWhileThePoolClosesIsDisposedOfWhenItComesBack() throws Exception {
    run(() -> {
      var event = new Event<String>();
      var closed = new ArrayList<String>();
      var pool =
          new Pool<AutoCloseable>(
              1,
              () -> {
                event.await();
                return () -> closed.add("closed");
              });
      var getter = spawn(() -> pool.get());
      sleep();

      pool.close();
      event.send("made");
      pool.put(getter.await());

      assertEquals(List.of("closed"), closed);
    });
  }

  @Test
  void whatCanBeClosedIsClosedAndItsFailureReported() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IOException("while closing");
      var closed = new AtomicInteger();
      var pool =
          new Pool<AutoCloseable>(
              2,
              2,
              false,
              () ->
                  () -> {
                    if (closed.incrementAndGet() == 1) {
                      throw failure;
                    }
                  });

      pool.close();

      assertEquals(2, closed.get());
      assertEquals(List.of(failure), uncaught.causes());
    }
  }

  // ----------------------------------------------------------------------------------- unwinding

  @Test
  void aThingGoesPastThoseWhoWereKilled() throws Exception {
    run(() -> {
      var pool = pool(1);
      var thing = pool.get();
      var victim = spawn(() -> pool.get());
      var heir = spawn(() -> pool.get());
      sleep();

      victim.cancel(true); // and has not run since
      pool.put(thing);

      assertSame(thing, heir.await());
    });
  }

  @Test
  void whoIsKilledAfterItWasServedHasTheThing() throws Exception {
    run(() -> {
      var pool = pool(1);
      var thing = pool.get();
      var victim =
          spawn(() -> {
            try (var item = pool.item()) {
              step("got " + item.value().number());
              sleep();
            }
          });
      sleep();

      pool.put(thing);
      victim.kill();

      assertEquals(List.of("got 0"), steps);
      assertStatus(pool, 1, 0);
    });
  }

  @Test
  void whoIsKilledAfterItMayCreateLetsTheNextTry() throws Exception {
    run(() -> {
      var pool =
          new Pool<>(
              0,
              () -> {
                sleep();
                return thing();
              });
      var victim = spawn(() -> pool.get());
      var heir = spawn(() -> pool.get());
      sleep();

      pool.resize(1);
      victim.kill();

      assertEquals(new Thing(0), heir.await());
    });
  }

  @Test
  void anInterruptFromOutsideIsAKill() throws Exception {
    run(() -> {
      var pool = pool(0);
      var victim = spawn(() -> pool.get());
      sleep();

      victim.thread().interrupt();

      assertThrows(GreenThreadExit.class, victim::await);
      assertStatus(pool, 0, 0);
    });
  }

  // ------------------------------------------------------------------------------------- threads

  @Test
  void gettersOfAllKindsAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var pool = pool(1);
      var thing = pool.get();
      var getters = new ArrayList<Future<Thing>>();
      for (var i = 0; i < 9; i++) {
        getters.add(
            switch (i % 3) {
              case 0 -> spawn(left, () -> pool.get());
              case 1 -> spawn(right, () -> pool.get(LONG));
              default -> Plain.start(pool::get);
            });
        Until.holds(() -> pool.waiting() == getters.size());
      }

      for (var i = 0; i < getters.size(); i++) {
        pool.put(thing);
        assertSame(thing, getters.get(i).get());
        assertEquals(getters.size() - 1 - i, pool.waiting());
      }
    }
  }

  @Test
  void aPlainThreadsLimitRunsOut() {
    var pool = pool(0);

    assertThrows(TimeoutException.class, () -> pool.get(SHORT));

    assertStatus(pool, 0, 0);
  }

  @Test
  void itSaysHowItIs() throws Exception {
    var pool = new Pool<>(2, 3, false, this::thing);
    pool.get();

    assertEquals("Pool[1 lent and 1 idle of 3, 0 waiting]", pool.toString());
    pool.close();
    assertEquals("Pool[1 lent and 0 idle of 3, 0 waiting, closed]", pool.toString());
  }

  // ------------------------------------------------------------------------------------- helpers

  private Pool<Thing> pool(int maxSize) {
    return new Pool<>(maxSize, this::thing);
  }

  private Thing thing() {
    return new Thing(made.getAndIncrement());
  }

  private static Callable<Thing> failing(Exception failure) {
    return () -> {
      throw failure;
    };
  }

  private static void assertStatus(Pool<?> pool, int free, int waiting) {
    assertEquals(List.of(free, waiting), List.of(pool.free(), pool.waiting()), "free and waiting");
  }

  private void step(String name) {
    steps.add(name);
  }
}
