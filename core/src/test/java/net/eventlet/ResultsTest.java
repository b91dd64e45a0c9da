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
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class ResultsTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  // --------------------------------------------------------------------------------------- order

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void resultsComeInTheOrderOfTheItems(int size) throws Exception {
    run(() -> {
      var pool = new GreenPool(size);

      var results = all(pool.imap(ResultsTest::afterAWhile, numbers(50)));

      assertEquals(numbers(50), results);
      assertIdle(pool, size);
    });
  }

  @Test
  void unorderedResultsComeAsTheyCome() throws Exception {
    run(() -> {
      var pool = new GreenPool(3);
      var first = new Event<String>();
      var second = new Event<String>();

      var results =
          pool.imapUnordered(Event::await, List.of(first, second, sent("third"))).iterator();

      assertEquals("third", results.next());
      second.send("second");
      assertEquals("second", results.next());
      first.send("first");
      assertEquals("first", results.next());
      assertFalse(results.hasNext());
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void noUnorderedResultIsLostOrDoubled(int size) throws Exception {
    run(() -> {
      var pool = new GreenPool(size);

      var results = all(pool.imapUnordered(ResultsTest::afterAWhile, numbers(50)));

      assertEquals(50, results.size());
      assertEquals(new HashSet<>(numbers(50)), new HashSet<>(results));
      assertIdle(pool, size);
    });
  }

  @Test
  void twoSourcesAreReadUntilOneEnds() throws Exception {
    run(() -> {
      var pool = new GreenPool();

      assertEquals(
          List.of("a0", "b1"),
          all(pool.imap((String a, Integer b) -> a + b, List.of("a", "b"), numbers(5))));
      assertEquals(
          List.of("a0", "b1"),
          all(pool.imap((String a, Integer b) -> a + b, List.of("a", "b", "c"), numbers(2))));
    });
  }

  @Test
  void pairsAreTakenApart() throws Exception {
    run(() -> {
      var pairs = List.of(Map.entry("a", 1), Map.entry("b", 2));

      assertEquals(
          List.of("a1", "b2"), all(new GreenPool().starmap((String a, Integer b) -> a + b, pairs)));
    });
  }

  @Test
  void nothingComesOfNothing() throws Exception {
    run(() -> {
      var pool = new GreenPool();
      var results = pool.imap(ResultsTest::afterAWhile, List.<Integer>of()).iterator();

      assertFalse(results.hasNext());
      assertThrows(NoSuchElementException.class, results::next);
      assertThrows(NoSuchElementException.class, results::next);
      assertEquals(List.of(), all(pool.imapUnordered(ResultsTest::afterAWhile, List.of())));
    });
  }

  @Test
  void nullIsAnItemAndAResult() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var items = new ArrayList<@Nullable String>();
      items.add(null);
      var results = pool.<@Nullable String, @Nullable String>imap(item -> item, items).iterator();

      assertTrue(results.hasNext());
      assertNull(results.next());
      assertFalse(results.hasNext());
    });
  }

  @Test
  void lookingAheadTakesNothing() throws Exception {
    run(() -> {
      var results = new GreenPool().imap(ResultsTest::afterAWhile, numbers(2)).iterator();

      for (var i = 0; i < 5; i++) {
        assertTrue(results.hasNext());
      }

      assertEquals(0, results.next());
      assertEquals(1, results.next());
    });
  }

  @Test
  void resultsAreIteratedOverOnce() throws Exception {
    run(() -> {
      var results = new GreenPool().imap(ResultsTest::afterAWhile, numbers(2));
      all(results);

      assertThrows(IllegalStateException.class, results::iterator);
    });
  }

  // ------------------------------------------------------------------------- lazy, and on the pool

  @Test
  void nothingIsReadBeforeSomebodyAsks() throws Exception {
    run(() -> {
      var source = new Source(100);

      new GreenPool().imap(ResultsTest::afterAWhile, source);
      sleep();

      assertEquals(0, source.read);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void noMoreIsReadAheadThanThePoolIsLarge(int size) throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(size);
        var source = new Source(Integer.MAX_VALUE);
        try (var results = map(pool, ordered, item -> item, source)) {
          var iterator = results.iterator();
          for (var taken = 1; taken <= 30; taken++) {
            iterator.next();
            for (var i = 0; i < 5; i++) {
              sleep(); // an idle consumer stops the source
            }
            assertTrue(source.read <= taken + size + 1, source.read + " read, taken " + taken);
          }
        }
      }
    });
  }

  @Test
  void tasksCountAgainstThePool() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var inside = new AtomicInteger();
      var most = new AtomicInteger();
      ThrowingFunction<Integer, Integer> crowd =
          item -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            assertTrue(pool.running() <= 2);
            sleep();
            inside.decrementAndGet();
            return item;
          };

      var first = spawn(() -> all(pool.imap(crowd, numbers(20))));
      var second = spawn(() -> all(pool.imapUnordered(crowd, numbers(20))));
      first.await();
      second.await();

      assertEquals(2, most.get());
    });
  }

  @Test
  void waitAllSeesTheTasks() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var event = new Event<String>();
      var results = pool.imap(Event::await, List.of(event)).iterator();
      spawn(results::next);
      sleep();
      sleep();
      assertEquals(1, pool.running());
      var waiter = spawn(pool::waitAll);
      sleep();
      assertFalse(waiter.isDone());

      event.send("done");

      waiter.await();
      assertEquals(0, pool.running());
    });
  }

  @Test
  void manyItemsNeedNoMoreThanThePool() throws Exception {
    run(() -> {
      var pool = new GreenPool(10);
      var sum = 0L;

      for (var result : pool.imap(item -> item, new Source(20_000))) {
        sum += result;
      }

      assertEquals(20_000L * 19_999 / 2, sum);
      assertIdle(pool, 10);
    });
  }

  // ------------------------------------------------------------------------------------- failures

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("unchecked"), new Error("error"), new IOException("checked"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailingItemSurfacesAtItsPlaceAndOneGoesOn(Throwable failure) throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var results = pool.imap(item -> item % 3 == 1 ? raise(failure) : item, numbers(6)).iterator();

      assertEquals(0, results.next());
      assertFails(failure, results);
      assertEquals(2, results.next());
      assertEquals(3, results.next());
      assertFails(failure, results);
      assertEquals(5, results.next());
      assertFalse(results.hasNext());
      assertIdle(pool, 2);
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailingUnorderedItemSurfacesAndOneGoesOn(Throwable failure) throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var results =
          pool.imapUnordered(item -> item == 1 ? raise(failure) : item, numbers(4)).iterator();
      var seen = new ArrayList<Object>();

      while (results.hasNext()) {
        try {
          seen.add(results.next());
        } catch (Throwable thrown) {
          seen.add(unwrapped(thrown));
        }
      }

      assertEquals(Set.of(0, failure, 2, 3), new HashSet<>(seen));
      assertEquals(4, seen.size());
    });
  }

  @Test
  void theFirstItemMayFail() throws Exception {
    run(() -> {
      var failure = new IllegalStateException("first");
      var results =
          new GreenPool(1).imap(item -> item == 0 ? raise(failure) : item, numbers(2)).iterator();

      assertFails(failure, results);
      assertEquals(1, results.next());
    });
  }

  @Test
  void anItemThatKillsItselfSurfacesAtItsPlace() throws Exception {
    run(() -> {
      var results =
          new GreenPool(2)
              .imap(item -> item == 1 ? raise(new GreenThreadExit("mine")) : item, numbers(3))
              .iterator();

      assertEquals(0, results.next());
      assertThrows(GreenThreadExit.class, results::next);
      assertEquals(2, results.next());
    });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailingSourceSurfacesAtItsPlace(Throwable failure) throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(10);
        var results = map(pool, ordered, item -> item, failingAfter(3, failure)).iterator();
        var seen = new ArrayList<Object>();

        while (results.hasNext()) {
          try {
            seen.add(results.next());
          } catch (Throwable thrown) {
            seen.add(unwrapped(thrown));
          }
        }

        assertEquals(Set.of(0, 1, 2, failure), new HashSet<>(seen));
        if (ordered) {
          assertEquals(List.of(0, 1, 2, failure), seen);
        }
        assertThrows(NoSuchElementException.class, results::next);
        assertIdle(pool, 10);
      }
    });
  }

  @Test
  void aSourceThatFailsAtOnceSurfaces() throws Exception {
    run(() -> {
      var failure = new IllegalStateException("at once");
      var results = new GreenPool().imap(item -> item, failingAfter(0, failure)).iterator();

      assertFails(failure, results);
      assertFalse(results.hasNext());
    });
  }

  @Test
  void aSourceThatIsNoneFailsTheCall() {
    Iterable<Integer> none =
        () -> {
          throw new IllegalStateException("mine");
        };

    assertThrows(IllegalStateException.class, () -> new GreenPool().imap(item -> item, none));
  }

  @Test
  void aPoolThatIsClosedMeanwhileSurfaces() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var results = pool.imap(item -> item, numbers(10)).iterator();
      assertEquals(0, results.next());

      pool.close();

      var thrown =
          assertThrows(
              IllegalStateException.class,
              () -> {
                while (results.hasNext()) {
                  results.next();
                }
              });
      assertSays(thrown, "no more work");
    });
  }

  @Test
  void noFailureThatSurfacedIsReportedAsWell() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IllegalStateException("mine");
      run(() -> {
        for (var ordered : List.of(true, false)) {
          var results =
              map(new GreenPool(2), ordered, _ -> raise(failure), failingAfter(5, failure))
                  .iterator();
          while (results.hasNext()) {
            assertThrows(IllegalStateException.class, results::next);
          }
        }
        System.gc();
      });

      assertFalse(uncaught.causes().contains(failure));
    }
  }

  // -------------------------------------------------------------------------------- leaving early

  @Test
  void leavingEarlyKillsWhatIsInFlight() throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(5);
        var killed = new AtomicInteger();
        try (var results =
            map(
                pool,
                ordered,
                item -> {
                  if (item > 0) {
                    try {
                      sleep(LONG);
                    } finally {
                      killed.incrementAndGet();
                    }
                  }
                  return item;
                },
                new Source(Integer.MAX_VALUE))) {
          assertEquals(0, results.iterator().next());
          Until.holds(() -> pool.running() == 5);
          sleep(); // the last of them begins
        }

        pool.waitAll();
        assertEquals(5, killed.get());
        assertIdle(pool, 5);
      }
    });
  }

  @Test
  void leavingEarlyStartsNothingMore() throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(1);
        var left = new boolean[1];
        var late = new AtomicInteger();
        try (var results =
            map(
                pool,
                ordered,
                item -> {
                  if (left[0]) {
                    late.incrementAndGet();
                  }
                  return item;
                },
                new Source(Integer.MAX_VALUE))) {
          for (var result : results) {
            if (result == 3) {
              break;
            }
          }
        }
        left[0] = true;
        for (var i = 0; i < 10; i++) {
          sleep();
        }

        assertEquals(0, late.get(), "started after the end, ordered: " + ordered);
        assertIdle(pool, 1);
      }
    });
  }

  @Test
  void leavingEarlyWhileTheSourceWaitsForASlotStartsNothingMore() throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(1);
        var event = new Event<String>();
        pool.spawn(() -> event.await());
        var started = new AtomicInteger();
        var results = map(pool, ordered, _ -> started.incrementAndGet(), numbers(3));
        var consumer = spawn(() -> all(results));
        sleep();
        sleep();
        assertEquals(1, pool.waiting());

        event.send("the slot is free, and the source is let in");
        sleep();
        results.close();
        pool.waitAll();

        assertEquals(0, started.get(), "started after the end, ordered: " + ordered);
        assertThrows(IllegalStateException.class, consumer::await);
      }
    });
  }

  @Test
  void leavingEarlyIsNoFailure() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        for (var ordered : List.of(true, false)) {
          for (var size : List.of(1, 2, 10)) {
            try (var results =
                map(
                    new GreenPool(size),
                    ordered,
                    ResultsTest::afterAWhile,
                    new Source(Integer.MAX_VALUE))) {
              assertTrue(results.iterator().hasNext());
            }
            sleep();
            sleep();
          }
        }
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void leavingEarlyStopsTheSource() throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(2);
        var source = new Source(Integer.MAX_VALUE);
        try (var results = map(pool, ordered, ResultsTest::afterAWhile, source)) {
          results.iterator().next();
        }
        sleep();
        var read = source.read;

        for (var i = 0; i < 10; i++) {
          sleep();
        }

        assertEquals(read, source.read);
        assertEquals(1, Hub.current().statistics().alive());
      }
    });
  }

  @Test
  void whoTimesOutInTheIterationKillsWhatIsInFlight() throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var pool = new GreenPool(3);

        assertFalse(
            Timeout.run(
                SHORT,
                () -> {
                  try (var results =
                      map(
                          pool,
                          ordered,
                          item -> {
                            sleep(LONG);
                            return item;
                          },
                          numbers(10))) {
                    all(results);
                  }
                }));
        sleep();
        sleep();

        assertEquals(0, pool.running(), "ordered: " + ordered);
      }
    });
  }

  @Test
  void whoTimesOutInTheIterationLosesNoResult() throws Exception {
    run(() -> {
      for (var ordered : List.of(true, false)) {
        var event = new Event<Integer>();
        var results =
            map(new GreenPool(1), ordered, item -> item == 0 ? event.await() : item, numbers(3))
                .iterator();
        assertFalse(Timeout.run(SHORT, results::next));
        event.send(0);

        var seen = new ArrayList<Integer>();
        results.forEachRemaining(seen::add);

        assertEquals(List.of(0, 1, 2), seen, "ordered: " + ordered);
      }
    });
  }

  /// What comes as a wait for it is unwound stays for the next.
  @Test
  void whoTimesOutAsAResultComesLosesNoResult() throws Exception {
    var now = new AtomicLong();
    try (var hub = Hub.start("clock", HubOptions.DEFAULT.withClock(now::get))) {
      for (var ordered : List.of(true, false)) {
        spawn(
                hub,
                () -> {
                  var event = new Event<Integer>();
                  var results =
                      map(new GreenPool(2), ordered, _ -> event.await(), numbers(1)).iterator();
                  var consumer = spawn(() -> Timeout.run(SHORT, results::next));
                  for (var i = 0; i < 5; i++) {
                    sleep();
                  }

                  event.send(7); // and before the consumer runs, its time has run out
                  now.addAndGet(SHORT.toNanos());

                  assertFalse(consumer.await());
                  assertTrue(results.hasNext(), "ordered: " + ordered);
                  assertEquals(7, results.next());
                })
            .await();
      }
    }
  }

  @Test
  void closedResultsAreAtTheirEnd() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);
      var results = pool.imap(item -> item, numbers(5));
      var iterator = results.iterator();
      iterator.next();

      results.close();
      results.close();

      assertFalse(iterator.hasNext());
      assertThrows(NoSuchElementException.class, iterator::next);
    });
  }

  @Test
  void resultsThatWereClosedFirstAreNotIteratedOver() throws Exception {
    run(() -> {
      var source = new Source(5);
      var results = new GreenPool().imap(item -> item, source);

      results.close();

      assertThrows(IllegalStateException.class, results::iterator);
      sleep();
      assertEquals(0, source.read);
    });
  }

  // --------------------------------------------------------------------------------------- nested

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 50})
  void aMemberMayMapOnItsOwnPool(int size) throws Exception {
    run(() -> {
      var pool = new GreenPool(size);

      var sums =
          all(
              pool.imap(
                  outer ->
                      all(pool.imap(inner -> outer * 10 + inner, numbers(5))).stream()
                          .mapToInt(Integer::intValue)
                          .sum(),
                  numbers(5)));

      assertEquals(List.of(10, 60, 110, 160, 210), sums);
      assertIdle(pool, size);
    });
  }

  @Test
  void aMemberMayMapThreeDeep() throws Exception {
    run(() -> {
      var pool = new GreenPool(2);

      var counts =
          all(
              pool.imap(
                  _ ->
                      all(pool.imapUnordered(
                              _ -> all(pool.imap(item -> item, numbers(3))).size(), numbers(3)))
                          .size(),
                  numbers(3)));

      assertEquals(List.of(3, 3, 3), counts);
      assertIdle(pool, 2);
    });
  }

  @Test
  void aFailingItemOfANestedMapSurfacesAtItsPlaceAndOneGoesOn() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);
      var failure = new IllegalStateException("mine");

      pool.spawn(
              () -> {
                var results =
                    pool.imap(item -> item == 1 ? raise(failure) : item, numbers(3)).iterator();
                assertEquals(0, results.next());
                assertFails(failure, results);
                assertEquals(2, results.next());
                assertFalse(results.hasNext());
              })
          .await();
    });
  }

  @Test
  void anItemOfANestedMapThatRunsOutOfTimeSurfacesAtItsPlaceAndOneGoesOn() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      pool.spawn(
              () -> {
                var results =
                    pool.imap(
                            item -> item == 1 ? Timeout.call(SHORT, () -> late(item)) : item,
                            numbers(3))
                        .iterator();
                assertEquals(0, results.next());
                assertThrows(Timeout.class, results::next);
                assertEquals(2, results.next());
                assertFalse(results.hasNext());
              })
          .await();
    });
  }

  @Test
  void anItemOfANestedMapThatKillsItselfSurfacesAtItsPlaceAndOneGoesOn() throws Exception {
    run(() -> {
      var pool = new GreenPool(1);

      pool.spawn(
              () -> {
                var results =
                    pool.imap(
                            item -> item == 1 ? raise(new GreenThreadExit("mine")) : item,
                            numbers(3))
                        .iterator();
                assertEquals(0, results.next());
                assertThrows(GreenThreadExit.class, results::next);
                assertEquals(2, results.next());
                assertFalse(results.hasNext());
              })
          .await();
    });
  }

  private static int late(int item) {
    sleep(LONG);
    return item;
  }

  // -------------------------------------------------------------------------------------- threads

  @Test
  void aPlainThreadMayIterate() {
    for (var ordered : List.of(true, false)) {
      var pool = new GreenPool(3);

      var results = all(map(pool, ordered, ResultsTest::afterAWhile, numbers(200)));

      assertEquals(new HashSet<>(numbers(200)), new HashSet<>(results));
      assertEquals(200, results.size());
    }
  }

  @Test
  void aPlainThreadMayLeaveEarly() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      for (var round = 0; round < 100; round++) {
        for (var ordered : List.of(true, false)) {
          var pool = new GreenPool(3);
          try (var results =
              map(pool, ordered, ResultsTest::afterAWhile, new Source(Integer.MAX_VALUE))) {
            results.iterator().next();
          }
          Until.holds(() -> pool.running() == 0 && pool.waiting() == 0);
        }
      }

      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void onePoolMapsForSeveralHubs() throws Exception {
    var pool = new GreenPool(3);
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var consumers = new ArrayList<Future<List<Integer>>>();
      for (var i = 0; i < 3; i++) {
        consumers.add(spawn(left, () -> all(pool.imap(ResultsTest::afterAWhile, numbers(100)))));
        consumers.add(
            spawn(right, () -> all(pool.imapUnordered(ResultsTest::afterAWhile, numbers(100)))));
        consumers.add(Plain.start(() -> all(pool.imap(ResultsTest::afterAWhile, numbers(100)))));
      }

      for (var consumer : consumers) {
        assertEquals(100, new HashSet<>(consumer.get()).size());
      }
      pool.waitAll();
    }
    assertIdle(pool, 3);
  }

  // -------------------------------------------------------------------------------------- helpers

  /// Items that are counted as they are read.
  private static final class Source implements Iterable<Integer> {

    private final int most;
    private int read;

    Source(int most) {
      this.most = most;
    }

    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return read < most;
        }

        @Override
        public Integer next() {
          return read++;
        }
      };
    }
  }

  private static Iterable<Integer> failingAfter(int items, Throwable failure) {
    return () ->
        new Iterator<>() {
          private int read;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Integer next() {
            if (read == items) {
              throw Waits.<RuntimeException>sneak(failure);
            }
            return read++;
          }
        };
  }

  private static <R> Results<R> map(
      GreenPool pool,
      boolean ordered,
      ThrowingFunction<Integer, R> function,
      Iterable<Integer> items) {
    return ordered ? pool.imap(function, items) : pool.imapUnordered(function, items);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static int afterAWhile(int item) {
    for (var i = 0; i < item % 3; i++) {
      sleep();
    }
    return item;
  }

  private static Event<String> sent(String value) {
    var event = new Event<String>();
    event.send(value);
    return event;
  }

  private static <R> List<R> all(Results<R> results) {
    var all = new ArrayList<R>();
    for (var result : results) {
      all.add(result);
    }
    return all;
  }

  private static void assertFails(Throwable failure, Iterator<?> results) {
    var thrown = assertThrows(Throwable.class, results::next);
    assertSame(failure, unwrapped(thrown));
    assertEquals(!(failure instanceof IOException), thrown == failure, "wrapped if checked");
  }

  private static @Nullable Throwable unwrapped(Throwable thrown) {
    return thrown instanceof CompletionException ? thrown.getCause() : thrown;
  }

  private static void assertIdle(GreenPool pool, int size) {
    pool.waitAll();
    assertEquals(
        List.of(0, size, 0),
        List.of(pool.running(), pool.free(), pool.waiting()),
        "running, free and waiting");
  }
}
