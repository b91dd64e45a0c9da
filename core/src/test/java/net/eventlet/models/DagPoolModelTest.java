package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.eventlet.DagPool;
import net.eventlet.DagPool.PropagateError;
import net.eventlet.GreenThread;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any graph, spawned in any order from two hubs and a plain thread: each key has the result
/// that it has when one is worked out after the other.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DagPoolModelTest {

  private static final String FAILED = "failed";

  private static final Hub LEFT = Hub.start("dag-left");
  private static final Hub RIGHT = Hub.start("dag-right");

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  /// One key of a graph.
  ///
  /// @param key whose result
  /// @param depends keys below it
  /// @param how it comes by its result
  private record Node(int key, Set<Integer> depends, How how) {}

  private enum How {
    MADE,
    FAILS,
    POSTED
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void resultsAreThoseOfOneAfterTheOther(int seed) throws Exception {
    var random = new Random(seed);
    var nodes = nodes(random);
    var expected = workOut(nodes);
    var pool = new DagPool<Integer, String>();
    var order = new ArrayList<Integer>(); // of completion, as somebody on a hub sees it
    var watcher =
        spawn(
            LEFT,
            () -> {
              var each = pool.waitEach(expected.keySet()).iterator();
              while (each.hasNext()) {
                try {
                  order.add(each.next().getKey());
                } catch (PropagateError failed) {
                  order.add((Integer) failed.key());
                }
              }
            });

    var shuffled = new ArrayList<>(nodes);
    Collections.shuffle(shuffled, random);
    for (var node : shuffled) {
      begin(node, pool, random);
    }
    watcher.await();

    assertEquals(expected, resultsOf(pool, expected.keySet()));
    assertEquals(expected.keySet(), new HashSet<>(order));
    assertEquals(expected.size(), order.size());
    for (var node : nodes) {
      if (("made " + node.key()).equals(expected.get(node.key()))) {
        assertTrue(
            node.depends().stream()
                .allMatch(needed -> order.indexOf(needed) < order.indexOf(node.key())),
            () -> node + " in " + order);
      }
    }
    var apart = new TreeMap<Integer, String>();
    pool.waitEachSuccess(expected.keySet())
        .forEach(result -> apart.put(result.getKey(), result.getValue()));
    pool.waitEachException(expected.keySet()).forEach(result -> apart.put(result.getKey(), FAILED));
    assertEquals(expected, apart);
    assertEquals(List.of(0, 0), List.of(pool.running(), pool.waiting()));
  }

  private static List<Node> nodes(Random random) {
    var nodes = new ArrayList<Node>();
    for (var key = 0; key < 12; key++) {
      var depends = new HashSet<Integer>();
      for (var needed = 0; needed < key; needed++) {
        if (random.nextInt(4) == 0) {
          depends.add(needed);
        }
      }
      nodes.add(
          new Node(
              key,
              depends,
              switch (random.nextInt(8)) {
                case 0 -> How.FAILS;
                case 1 -> How.POSTED;
                default -> How.MADE;
              }));
    }
    return nodes;
  }

  private static Map<Integer, String> workOut(List<Node> nodes) {
    var results = new TreeMap<Integer, String>();
    for (var node : nodes) {
      results.put(
          node.key(),
          switch (node.how()) {
            case POSTED -> "posted " + node.key();
            case FAILS -> FAILED;
            case MADE ->
                node.depends().stream().map(results::get).anyMatch(FAILED::equals)
                    ? FAILED
                    : "made " + node.key();
          });
    }
    return results;
  }

  private static void begin(Node node, DagPool<Integer, String> pool, Random random)
      throws Exception {
    if (node.how() == How.POSTED) {
      pool.post(node.key(), "posted " + node.key());
      return;
    }
    var turns = random.nextInt(3);
    DagPool.Body<Integer, String> body =
        (key, results) -> {
          var told = new HashMap<Integer, String>();
          for (var result : results) {
            told.put(result.getKey(), result.getValue());
          }
          for (var turn = 0; turn < turns; turn++) {
            sleep();
          }
          if (node.how() == How.FAILS) {
            throw new IllegalStateException("on purpose");
          }
          assertEquals(node.depends(), told.keySet());
          return "made " + key;
        };
    switch (random.nextInt(3)) {
      case 0 -> received(pool.spawn(node.key(), node.depends(), body));
      case 1 -> spawn(LEFT, () -> received(pool.spawn(node.key(), node.depends(), body))).await();
      default -> spawn(RIGHT, () -> received(pool.spawn(node.key(), node.depends(), body))).await();
    }
  }

  private static void received(GreenThread<String> maker) {
    maker.link(_ -> {});
  }

  private static Map<Integer, String> resultsOf(DagPool<Integer, String> pool, Set<Integer> keys) {
    var results = new TreeMap<Integer, String>();
    for (var key : keys) {
      String result;
      try {
        result = pool.await(key);
      } catch (PropagateError failed) {
        result = FAILED;
      }
      results.put(key, result);
    }
    return results;
  }
}
