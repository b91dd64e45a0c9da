package net.eventlet.models;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.LifoQueue;
import net.eventlet.PriorityQueue;
import net.eventlet.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any crowd: each item that was put is got once, and those of one who puts by one who gets in
/// their order.
class QueueCrowdTest {

  static IntStream seeds() {
    return IntStream.range(0, 240);
  }

  /// An item.
  ///
  /// @param putter who put it
  /// @param number in its order
  private record Item(int putter, int number) implements Comparable<Item> {

    @Override
    public int compareTo(Item other) {
      return Integer.compare(number, other.number);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsLostOrDoubled(int seed) throws Exception {
    var sizes = List.of(0, 1, 2, Integer.MAX_VALUE);
    int size = sizes.get(seed / 3 % 4);
    Queue<Item> queue =
        switch (seed % 3) {
          case 0 -> new Queue<>(size);
          case 1 -> new LifoQueue<>(size);
          default -> new PriorityQueue<>(size);
        };
    var put = new ConcurrentLinkedQueue<Item>();
    var got = new ConcurrentLinkedQueue<List<Item>>();
    var crowd = new Crowd(seed, queue);
    for (var i = 0; i < 4; i++) {
      var putter = i;
      var next = new AtomicInteger();
      crowd.add(
          60,
          (random, limit) -> {
            var item = new Item(putter, next.getAndIncrement());
            put(queue, item, random, limit);
            put.add(item); // nothing can come between
          });
      var mine = new ArrayList<Item>();
      got.add(mine);
      crowd.add(
          60,
          (random, limit) -> {
            mine.add(get(queue, random, limit));
            queue.taskDone();
          });
    }
    crowd.add(
        10,
        (random, _) -> {
          queue.resize(sizes.get(random.nextInt(4)));
          var drained = new ArrayList<Item>();
          queue.drainTo(drained, random.nextInt(3));
          got.add(drained);
          drained.forEach(_ -> queue.taskDone());
        });

    crowd.harm(crowd.random().nextInt(8));
    if (crowd.random().nextInt(3) > 0) {
      whileTheyWork(crowd, queue);
    }
    queue.close();
    crowd.awaitEnd();
    var left = new ArrayList<Item>();
    queue.drainTo(left);
    left.forEach(_ -> queue.taskDone());
    queue.join();

    assertEquals(
        sorted(put), sorted(got.stream().flatMap(List::stream).toList(), left), "put, and got");
    assertThrows(IllegalStateException.class, queue::taskDone);
    assertTrue(queue.toString().contains("0 getting, 0 putting"), queue::toString);
    if (seed % 3 == 0) {
      got.forEach(QueueCrowdTest::assertInOrder);
    }
  }

  /// Lets them work on, until all have ended or some wait for ever.
  private static void whileTheyWork(Crowd crowd, Queue<Item> queue) {
    for (var before = ""; !crowd.hasEnded(); ) {
      var now = queue.toString();
      if (now.equals(before)) {
        return;
      }
      before = now;
      Thread.onSpinWait();
    }
  }

  private static void put(Queue<Item> queue, Item item, Random random, @Nullable Duration limit)
      throws InterruptedException, TimeoutException {
    if (limit == null) {
      queue.put(item);
    } else if (random.nextBoolean()) {
      queue.put(item, limit);
    } else if (!queue.offer(item, limit.toNanos(), NANOSECONDS)) {
      throw new TimeoutException();
    }
  }

  private static Item get(Queue<Item> queue, Random random, @Nullable Duration limit)
      throws InterruptedException, TimeoutException {
    if (limit == null) {
      return random.nextBoolean() ? queue.get() : queue.take();
    }
    var item = random.nextBoolean() ? queue.poll() : queue.poll(limit.toNanos(), NANOSECONDS);
    if (item == null) {
      throw new TimeoutException();
    }
    return item;
  }

  @SafeVarargs
  private static List<Item> sorted(Iterable<Item>... all) {
    var items = new ArrayList<Item>();
    for (var some : all) {
      some.forEach(items::add);
    }
    items.sort(Item::compareTo);
    items.sort((one, other) -> Integer.compare(one.putter(), other.putter()));
    return items;
  }

  private static void assertInOrder(List<Item> items) {
    var last = new HashMap<Integer, Integer>();
    for (var item : items) {
      var before = last.put(item.putter(), item.number());
      assertTrue(before == null || before < item.number(), () -> item + " in " + items);
    }
  }
}
