package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import net.eventlet.DagPool.Collision;
import net.eventlet.DagPool.PropagateError;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class DagPoolTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final DagPool<String, String> pool = new DagPool<>();
  private final List<String> steps = new ArrayList<>();

  // --------------------------------------------------------------------------------------- spawn

  @Test
  void aBodyMakesTheResultOfItsKey() throws Exception {
    run(() -> {
      var maker = pool.spawn("a", List.of(), (key, _) -> key + "!");

      assertEquals("a!", pool.await("a"));
      assertEquals("a!", maker.await());
    });
  }

  @Test
  void spawningDoesNotSwitch() throws Exception {
    run(() -> {
      pool.spawn("a", List.of(), (key, _) -> step(key));

      assertEquals(List.of(), steps);
      assertEquals(Set.of("a"), pool.runningKeys());
    });
  }

  @Test
  void aBodyIsToldTheResultsOfWhatItDependsOnAsTheyCome() throws Exception {
    run(() -> {
      pool.spawn("sum", List.of("a", "b", "c"), this::note);
      sleep();
      for (var key : List.of("b", "c", "a")) {
        pool.post(key, key.toUpperCase(Locale.ROOT));
        sleep();
      }

      assertEquals("sum=b:B c:C a:A", pool.await("sum"));
    });
  }

  @Test
  void whatABodyDependsOnMayBeSpawnedLater() throws Exception {
    run(() -> {
      pool.spawn("c", List.of("a", "b"), this::note);
      pool.spawn("b", List.of("a"), this::note);
      pool.spawn("a", List.of(), this::note);

      assertEquals("c=a:a= b:b=a:a=", pool.await("c"));
    });
  }

  @Test
  void manyAreSpawnedByTheirDependencies() throws Exception {
    run(() -> {
      var depends = new LinkedHashMap<String, Collection<String>>();
      depends.put("d", List.of("b", "c"));
      depends.put("b", List.of("a"));
      depends.put("c", List.of("a"));
      depends.put("a", List.of());

      pool.spawnMany(
          depends,
          (key, results) -> {
            results.forEach(_ -> {});
            return step(key);
          });

      assertEquals(Set.of("a", "b", "c", "d"), pool.waitAll().keySet());
      assertEquals(List.of("a", "b", "c", "d"), steps);
    });
  }

  @Test
  void bodiesRunAtOnceAndWaitForWhatTheyLack() throws Exception {
    run(() -> {
      pool.spawn(
          "b",
          List.of("a"),
          (key, results) -> {
            step("begun");
            results.forEach(result -> step(result.getValue()));
            return key;
          });
      sleep();
      assertEquals(List.of("begun"), steps);

      pool.post("a", "A");
      pool.await("b");

      assertEquals(List.of("begun", "A"), steps);
    });
  }

  @Test
  void aBodyMaySpawnOthers() throws Exception {
    run(() -> {
      pool.spawn(
          "a",
          List.of(),
          (_, _) -> {
            pool.spawn("b", List.of("a"), this::note);
            return "A";
          });

      assertEquals("b=a:A", pool.await("b"));
    });
  }

  @Test
  void resultsMayBeReadTwice() throws Exception {
    run(() -> {
      pool.post("a", "A");

      pool.spawn("b", List.of("a"), (key, results) -> note(key, results) + note(key, results));

      assertEquals("b=a:Ab=a:A", pool.await("b"));
    });
  }

  @Test
  void nullIsAResult() throws Exception {
    run(() -> {
      var pool = new DagPool<String, @Nullable String>();
      pool.spawn("a", List.of(), (_, _) -> null);

      assertNull(pool.await("a"));
      assertNull(pool.get("a", "fallback"));
      assertNull(pool.waitEach().iterator().next().getValue());
    });
  }

  // ---------------------------------------------------------------------------- post and
  // collisions

  @Test
  void resultsMayBeThereBefore() throws Exception {
    run(() -> {
      var pool = new DagPool<String, String>(Map.of("a", "A"));

      pool.spawn("b", List.of("a"), this::note);

      assertEquals("A", pool.await("a"));
      assertEquals("b=a:A", pool.await("b"));
    });
  }

  @Test
  void aKeyThatIsTakenIsRefused() throws Exception {
    run(() -> {
      pool.post("posted", "A");
      pool.spawn("running", List.of("never"), this::note);

      assertSays(
          assertThrows(Collision.class, () -> pool.spawn("posted", List.of(), this::note)),
          "posted");
      assertSays(
          assertThrows(Collision.class, () -> pool.spawn("running", List.of(), this::note)),
          "running");
      assertSays(
          assertThrows(Collision.class, () -> pool.post("posted", "B")), "posted", "replace");
      assertThrows(Collision.class, () -> pool.post("running", "B"));
      assertThrows(Collision.class, () -> pool.post("running", "B", true));

      assertEquals("A", pool.await("posted"));
      assertEquals(1, pool.running());
    });
  }

  @Test
  void aResultMayBeReplaced() throws Exception {
    run(() -> {
      pool.post("a", "old");
      pool.post("b", "B", true);

      pool.post("a", "new", true);

      assertEquals("new", pool.await("a"));
      assertEquals(List.of("a", "b"), List.copyOf(pool.keys()));
    });
  }

  @Test
  void aBodyMayPostItsOwnKey() throws Exception {
    run(() -> {
      var event = new Event<String>();
      pool.spawn(
          "a",
          List.of(),
          (key, _) -> {
            pool.post(key, "early");
            event.await();
            return "late";
          });

      assertEquals("early", pool.await("a"));
      assertEquals(Set.of("a"), pool.runningKeys());
      event.send("end");
      sleep();

      assertEquals("early", pool.await("a"));
      assertEquals(0, pool.running());
    });
  }

  @Test
  void anotherBodyMayNotPostIt() throws Exception {
    run(() -> {
      pool.spawn("a", List.of("never"), this::note);
      pool.spawn(
          "b",
          List.of(),
          (_, _) -> {
            assertThrows(Collision.class, () -> pool.post("a", "mine"));
            return "B";
          });

      assertEquals("B", pool.await("b"));
    });
  }

  @Test
  void aKeyIsTakenOnceItsBodyHasEnded() throws Exception {
    run(() -> {
      pool.spawn("a", List.of(), this::note);
      pool.await("a");

      assertThrows(Collision.class, () -> pool.spawn("a", List.of(), this::note));
      assertThrows(Collision.class, () -> pool.post("a", "B"));
    });
  }

  // ------------------------------------------------------------------------------------- failures

  static Stream<Throwable> failures() {
    return Stream.of(new IOException("mine"), new IllegalStateException("mine"), new Error("mine"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsTheResultOfItsKey(Throwable failure) throws Exception {
    run(() -> {
      var maker = pool.spawn("a", List.of(), (_, _) -> (String) raise(failure));

      var thrown = assertThrows(PropagateError.class, () -> pool.await("a"));

      assertSame(failure, thrown.getCause());
      assertEquals("a", thrown.key());
      assertSays(thrown, "a failed", "mine");
      assertSame(failure, assertThrows(Throwable.class, maker::await));
      assertThrows(PropagateError.class, () -> pool.get("a", "fallback"));
      assertThrows(PropagateError.class, pool::waitAll);
      assertThrows(PropagateError.class, () -> pool.await(List.of("a")));
    });
  }

  @Test
  void aFailurePassesToAllThatDependOnItWithThePathOfKeys() throws Exception {
    run(() -> {
      var failure = new IOException("mine");
      pool.spawn("c", List.of("b"), this::note);
      pool.spawn("b", List.of("a"), this::note);
      pool.spawn("a", List.of(), (_, _) -> (String) raise(failure));

      var thrown = assertThrows(PropagateError.class, () -> pool.await("c"));

      assertSays(thrown, "c <- b <- a failed: java.io.IOException: mine");
      assertEquals("c", thrown.key());
      var cause = assertInstanceOf(PropagateError.class, thrown.getCause());
      assertEquals("b", cause.key());
      assertSame(failure, assertInstanceOf(PropagateError.class, cause.getCause()).getCause());
    });
  }

  @Test
  void aBodyMayGoOnWithoutWhatFailed() throws Exception {
    run(() -> {
      pool.spawn("a", List.of(), (_, _) -> (String) raise(new IOException("mine")));
      pool.post("b", "B");
      pool.spawn(
          "c",
          List.of("a", "b"),
          (key, results) -> {
            var iterator = results.iterator();
            while (iterator.hasNext()) {
              try {
                step(iterator.next().getValue());
              } catch (PropagateError failed) {
                step("without " + failed.key());
              }
            }
            return key;
          });

      assertEquals("c", pool.await("c"));
      assertEquals(Set.of("B", "without a"), Set.copyOf(steps));
    });
  }

  @Test
  void aFailureThatIsTheResultOfAKeyIsNotReportedAsWell() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var failure = new IOException("mine");
      run(() -> {
        pool.spawn("a", List.of(), (_, _) -> (String) raise(failure));
        assertThrows(PropagateError.class, () -> pool.await("a"));
        System.gc();
      });

      assertFalse(uncaught.causes().contains(failure));
    }
  }

  @Test
  void aKilledKeyHasFailed() throws Exception {
    run(() -> {
      pool.spawn("a", List.of("never"), this::note);
      pool.spawn("b", List.of("a"), this::note);
      sleep();

      pool.kill("a");

      var thrown = assertThrows(PropagateError.class, () -> pool.await("b"));
      assertSays(thrown, "b <- a failed", "GreenThreadExit");
      assertEquals(0, pool.running());
    });
  }

  @Test
  void aKeyThatIsKilledBeforeItBeganHasFailed() throws Exception {
    run(() -> {
      pool.spawn("a", List.of(), (key, _) -> step(key));

      pool.kill("a");

      assertInstanceOf(
          GreenThreadExit.class,
          assertThrows(PropagateError.class, () -> pool.await("a")).getCause());
      sleep();
      assertEquals(List.of(), steps);
    });
  }

  @Test
  void killingWhatDoesNotRunIsRefused() throws Exception {
    run(() -> {
      pool.post("posted", "A");
      pool.spawn("ended", List.of(), this::note);
      pool.await("ended");

      for (var key : List.of("posted", "ended", "unknown")) {
        assertSays(assertThrows(NoSuchElementException.class, () -> pool.kill(key)), key);
      }
    });
  }

  // -------------------------------------------------------------------------------------- waiting

  @Test
  void resultsAreGivenInTheOrderOfTheKeysThatAreAskedFor() throws Exception {
    run(() -> {
      for (var key : List.of("c", "b", "a")) {
        pool.post(key, key + "!");
      }

      var results = pool.await(List.of("b", "a"));

      assertEquals("{b=b!, a=a!}", results.toString());
    });
  }

  @Test
  void eachIsGivenInTheOrderOfCompletion() throws Exception {
    run(() -> {
      var consumer =
          spawn(() -> {
            for (var result : pool.waitEach(List.of("a", "b", "c"))) {
              step(result.getKey() + "=" + result.getValue());
            }
          });
      sleep();
      for (var key : List.of("c", "x", "a", "b")) {
        pool.post(key, "1");
        sleep();
      }

      consumer.await();

      assertEquals(List.of("c=1", "a=1", "b=1"), steps);
    });
  }

  @Test
  void eachOfThoseThatAreThereIsGivenInTheOrderOfCompletion() throws Exception {
    run(() -> {
      for (var key : List.of("c", "a", "b")) {
        pool.post(key, "1");
      }

      pool.waitEach().forEach(result -> step(result.getKey()));

      assertEquals(List.of("c", "a", "b"), steps);
    });
  }

  @Test
  void eachFailureIsThrownAtItsPlaceAndOneGoesOn() throws Exception {
    run(() -> {
      pool.post("a", "A");
      failing("b");
      pool.post("c", "C");
      var results = pool.waitEach(List.of("a", "b", "c")).iterator();

      assertEquals("A", results.next().getValue());
      assertEquals("b", assertThrows(PropagateError.class, results::next).key());
      assertEquals("C", results.next().getValue());
      assertFalse(results.hasNext());
      assertThrows(NoSuchElementException.class, results::next);
    });
  }

  @Test
  void successesAndFailuresCanBeHadApart() throws Exception {
    run(() -> {
      var keys = List.of("a", "b", "c", "d");
      pool.post("a", "A");
      failing("b");
      pool.post("c", "C");
      failing("d");

      pool.waitEachSuccess(keys).forEach(result -> step(result.getKey()));
      assertEquals(List.of("a", "c"), steps);
      pool.waitEachException(keys)
          .forEach(result -> step(result.getKey() + result.getValue().key()));
      assertEquals(List.of("a", "c", "bb", "dd"), steps);
    });
  }

  @Test
  void waitingForNothingWaitsNot() throws Exception {
    run(() -> {
      assertEquals(Map.of(), pool.waitAll());
      assertEquals(Map.of(), pool.await(List.of()));
      assertFalse(pool.waitEach(List.of()).iterator().hasNext());
    });
  }

  @Test
  void waitAllWaitsForWhatRuns() throws Exception {
    run(() -> {
      pool.post("a", "A");
      pool.spawn(
          "b",
          List.of(),
          (_, _) -> {
            sleep();
            return "B";
          });

      assertEquals(Map.of("a", "A", "b", "B"), pool.waitAll());
    });
  }

  @Test
  void whoIsUnwoundWhileItWaitsLeavesNoTrace() throws Exception {
    run(() -> {
      var victim = spawn(() -> pool.await("a"));
      var heir = spawn(() -> pool.await("a"));
      sleep();

      victim.kill();
      assertFalse(Timeout.run(Duration.ofMillis(2), () -> pool.await("a")));
      pool.post("a", "A");

      assertEquals("A", heir.await());
    });
  }

  @Test
  void itServesSeveralHubsAndPlainThreads() throws Exception {
    try (var hub = Hub.start("other")) {
      var there = spawn(hub, () -> pool.await("c"));
      var plain = Plain.startWaiting(() -> pool.await("c"));
      spawn(hub, () -> pool.spawn("b", List.of("a"), this::note)).await();
      pool.spawn("c", List.of("b"), this::note); // on the process's default hub

      pool.post("a", "A");

      assertEquals("c=b:b=a:A", there.await());
      assertEquals("c=b:b=a:A", plain.get());
      assertEquals("c=b:b=a:A", pool.await("c"));
    }
  }

  // ------------------------------------------------------------------------------------ how it is

  @Test
  void aSnapshotTellsWhatIsThere() throws Exception {
    run(() -> {
      pool.post("b", "B");
      failing("c");
      pool.post("a", "A");

      assertEquals("[b, c, a]", pool.keys().toString());
      assertEquals("{b=B, a=A}", pool.items().toString());
      assertEquals("A", pool.get("a", "fallback"));
      assertEquals("fallback", pool.get("unknown", "fallback"));
      var keys = pool.keys();
      pool.post("d", "D");
      assertFalse(keys.contains("d"));
    });
  }

  @Test
  void itTellsWhoWaitsForWhat() throws Exception {
    run(() -> {
      pool.spawn("c", List.of("a", "b"), this::note);
      pool.spawn(
          "d",
          List.of(),
          (_, _) -> {
            sleep(LONG);
            return "D";
          });
      sleep();
      assertEquals(2, pool.running());
      assertEquals(Set.of("c", "d"), pool.runningKeys());
      assertEquals(1, pool.waiting());
      assertEquals(Map.of("c", Set.of("a", "b")), pool.waitingFor());

      pool.post("a", "A");
      assertEquals(Set.of("b"), pool.waitingFor("c"));
      assertEquals(Set.of(), pool.waitingFor("d"));
      assertEquals(Set.of(), pool.waitingFor("unknown"));
      pool.post("b", "B");

      assertEquals(0, pool.waiting());
      pool.await("c");
      assertEquals(1, pool.running());
    });
  }

  // -------------------------------------------------------------------------------------- circles

  @Test
  void aKeyThatDependsOnItselfIsRefused() throws Exception {
    run(() -> {
      var thrown =
          assertThrows(
              IllegalArgumentException.class, () -> pool.spawn("a", List.of("a"), this::note));

      assertSays(thrown, "circle", "[a, a]");
      assertEquals(0, pool.running());
      pool.post("a", "A");
    });
  }

  @Test
  void dependenciesThatGoRoundInACircleAreRefused() throws Exception {
    run(() -> {
      pool.spawn("a", List.of("x", "b"), this::note);
      pool.spawn("b", List.of("c"), this::note);
      pool.spawn("d", List.of("a"), this::note);

      var thrown =
          assertThrows(
              IllegalArgumentException.class, () -> pool.spawn("c", List.of("y", "a"), this::note));

      assertSays(thrown, "[c, a, b, c]");
      assertEquals(Set.of("a", "b", "d"), pool.runningKeys());
      pool.post("c", "C");
      pool.post("x", "X");
      assertEquals("b=c:C", pool.await("b"));
      pool.await("d");
    });
  }

  @Test
  void aCircleAmongManyIsRefused() throws Exception {
    run(() -> {
      var depends = new LinkedHashMap<String, Collection<String>>();
      depends.put("a", List.of("b"));
      depends.put("b", List.of("a"));

      var thrown =
          assertThrows(IllegalArgumentException.class, () -> pool.spawnMany(depends, this::note));

      assertSays(thrown, "[b, a, b]");
    });
  }

  @Test
  void waysThatMeetAgainAreNoCircle() throws Exception {
    run(() -> {
      pool.spawn("d", List.of("b", "c"), this::note);
      pool.spawn("b", List.of("a"), this::note);
      pool.spawn("c", List.of("a"), this::note);
      pool.spawn("a", List.of(), this::note);

      assertEquals(Set.of("a", "b", "c", "d"), pool.waitAll().keySet());
    });
  }

  @Test
  void whatHasAResultIsNoPartOfACircle() throws Exception {
    run(() -> {
      pool.spawn("a", List.of("b"), this::note);
      pool.post("b", "B");
      pool.await("a");

      pool.spawn("c", List.of("a", "b"), this::note);

      pool.await("c");
    });
  }

  @Test
  void aLongCircleIsRefusedToo() throws Exception {
    run(() -> {
      var length = 20_000;
      var pool = new DagPool<Integer, Integer>();
      for (var key = length; key > 0; key--) {
        pool.spawn(key, List.of(key - 1), (_, _) -> 1);
      }

      assertThrows(
          IllegalArgumentException.class, () -> pool.spawn(0, List.of(length), (_, _) -> 1));
    });
  }

  @Test
  void aChainMayBeLong() throws Exception {
    run(() -> {
      var length = 3_000;
      var pool = new DagPool<Integer, Integer>(Map.of(0, 0));
      for (var key = 1; key <= length; key++) {
        pool.spawn(key, List.of(key - 1), (_, results) -> results.iterator().next().getValue() + 1);
      }

      assertEquals(length, pool.await(length));
    });
  }

  // -------------------------------------------------------------------------------------- helpers

  private void failing(String key) {
    pool.spawn(key, List.of(), (_, _) -> (String) raise(new IOException("mine")));
    sleep();
    assertTrue(pool.keys().contains(key));
  }

  /// {@return what a body was told}
  private String note(String key, Iterable<Map.Entry<String, String>> results) {
    var told = new ArrayList<String>();
    results.forEach(result -> told.add(result.getKey() + ":" + result.getValue()));
    return key + "=" + String.join(" ", told);
  }

  private String step(String name) {
    steps.add(name);
    return name;
  }
}
