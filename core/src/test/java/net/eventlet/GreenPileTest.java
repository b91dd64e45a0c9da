package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static net.eventlet.Failures.raise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class GreenPileTest {

  private static final Duration SHORT = Duration.ofMillis(2);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000})
  void resultsComeInTheOrderOfSpawning(int size) throws Exception {
    run(() -> {
      var pile = new GreenPile<Integer>(size);
      for (var i = 0; i < 20; i++) {
        var number = i;
        pile.spawn(() -> {
          for (var turn = number % 4; turn > 0; turn--) {
            sleep();
          }
          return number;
        });
      }

      var next = 0;
      for (var result : pile) {
        assertEquals(next++, result);
      }
      assertEquals(20, next);
    });
  }

  @Test
  void anEmptyPileIsAtItsEnd() {
    var results = new GreenPile<String>().iterator();

    assertFalse(results.hasNext());
    assertSays(assertThrows(NoSuchElementException.class, results::next), "empty");
  }

  @Test
  void aFailureSurfacesAtItsPlaceAndOneGoesOn() throws Exception {
    run(() -> {
      var unchecked = new IllegalStateException("unchecked");
      var checked = new IOException("checked");
      var error = new Error("error");
      var pile = new GreenPile<Object>();
      pile.spawn(() -> 0);
      pile.spawn(() -> raise(unchecked));
      pile.spawn(() -> raise(checked));
      pile.spawn(() -> raise(error));
      pile.spawn(() -> 4);
      var results = pile.iterator();

      assertEquals(0, results.next());
      assertSame(unchecked, assertThrows(IllegalStateException.class, results::next));
      assertSame(checked, assertThrows(CompletionException.class, results::next).getCause());
      assertSame(error, assertThrows(Error.class, results::next));
      assertEquals(4, results.next());
      assertFalse(results.hasNext());
    });
  }

  @Test
  void nullIsAResult() throws Exception {
    run(() -> {
      var pile = new GreenPile<@Nullable String>();
      pile.spawn(() -> null);
      var results = pile.iterator();

      assertTrue(results.hasNext());
      assertNull(results.next());
      assertFalse(results.hasNext());
    });
  }

  @Test
  void severalPilesShareAPool() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var left = new GreenPile<String>(pool);
      var right = new GreenPile<String>(pool);
      for (var i = 0; i < 5; i++) {
        var number = i;
        left.spawn(() -> "left " + number);
        right.spawn(() -> "right " + number);
        assertTrue(pool.running() <= 2);
      }

      assertEquals(List.of("left 0", "left 1", "left 2", "left 3", "left 4"), all(left));
      assertEquals(List.of("right 0", "right 1", "right 2", "right 3", "right 4"), all(right));
    });
  }

  @Test
  void whatWasSpawnedMeanwhileComesAsWell() throws Exception {
    run(() -> {
      var pile = new GreenPile<Integer>();
      pile.spawn(() -> 1);
      var results = pile.iterator();
      assertEquals(1, results.next());
      assertFalse(results.hasNext());

      pile.spawn(() -> 2);

      assertEquals(2, results.next());
    });
  }

  @Test
  void aTakenResultIsNoLongerInThePile() throws Exception {
    run(() -> {
      var pile = new GreenPile<Integer>();
      pile.spawn(() -> 1);
      pile.spawn(() -> 2);

      assertEquals(1, pile.iterator().next());

      assertEquals(List.of(2), all(pile));
      assertEquals(List.of(), all(pile));
    });
  }

  @Test
  void aMemberOfTheFullPoolMaySpawnIntoThePile() throws Exception {
    run(() -> {
      var pile = new GreenPile<String>(1);
      pile.spawn(() -> {
        pile.spawn(() -> "inner");
        return "outer";
      });

      assertEquals(Set.of("outer", "inner"), new HashSet<>(all(pile)));
    });
  }

  @Test
  void whoTimesOutInTheIterationLosesNoResult() throws Exception {
    run(() -> {
      var pile = new GreenPile<String>();
      var event = new Event<String>();
      pile.spawn(() -> event.await());
      pile.spawn(() -> "second");
      var results = pile.iterator();

      assertFalse(Timeout.run(SHORT, results::next));
      event.send("first");

      assertEquals(List.of("first", "second"), all(pile));
    });
  }

  /// What comes as a wait for it is unwound stays for the next.
  @Test
  void whoTimesOutAsAResultComesLosesNoResult() throws Exception {
    var now = new AtomicLong();
    try (var hub = Hub.start("clock", HubOptions.DEFAULT.withClock(now::get))) {
      spawn(
              hub,
              () -> {
                var pile = new GreenPile<String>();
                var event = new Event<String>();
                pile.spawn(() -> event.await());
                var consumer = spawn(() -> Timeout.run(SHORT, pile.iterator()::next));
                sleep();

                event.send("first"); // and before the consumer runs, its time has run out
                now.addAndGet(SHORT.toNanos());

                assertFalse(consumer.await());
                assertEquals(List.of("first"), all(pile));
              })
          .await();
    }
  }

  @Test
  void twoWhoIterateNeverHaveTheSameResult() throws Exception {
    run(() -> {
      var pile = new GreenPile<Integer>();
      for (var i = 0; i < 4; i++) {
        var number = i;
        pile.spawn(() -> {
          sleep();
          sleep();
          return number;
        });
      }

      var left = spawn(() -> List.of(pile.iterator().next(), pile.iterator().next()));
      var right = spawn(() -> List.of(pile.iterator().next(), pile.iterator().next()));

      var all = new HashSet<>(left.await());
      all.addAll(right.await());
      assertEquals(Set.of(0, 1, 2, 3), all);
    });
  }

  @Test
  void aPlainThreadMayIterateOverWhatOthersSpawned() throws Exception {
    var pile = new GreenPile<Integer>(3);
    try (var hub = Hub.start("other")) {
      spawn(
              hub,
              () -> {
                for (var i = 0; i < 100; i++) {
                  var number = i;
                  pile.spawn(() -> number);
                }
              })
          .await();

      var next = 0;
      for (var result : pile) {
        assertEquals(next++, result);
      }
      assertEquals(100, next);
    }
  }

  @Test
  void aClosedPoolTakesNothing() {
    var pool = new GreenPool();
    var pile = new GreenPile<Integer>(pool);
    pool.close();

    assertThrows(IllegalStateException.class, () -> pile.spawn(() -> 1));

    assertFalse(pile.iterator().hasNext());
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new GreenPile<Integer>(-1));
  }

  private static <T> List<T> all(GreenPile<T> pile) {
    var all = new ArrayList<T>();
    for (Iterator<T> results = pile.iterator(); results.hasNext(); ) {
      all.add(results.next());
    }
    return all;
  }
}
