package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunQueueTest {

  private static Hub hub;
  private static List<Fiber> fibers; // never started

  private final RunQueue queue = new RunQueue();

  @BeforeAll
  static void makeFibers() {
    hub = Hub.start("run-queue");
    fibers = IntStream.range(0, 200).mapToObj(_ -> hub.fiber(() -> {}, hub)).toList();
  }

  @AfterAll
  static void close() {
    hub.close();
  }

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @Test
  void theLongestWaitingComesFirst() {
    append(0, 1, 2);

    assertSame(fibers.get(0), queue.poll());
    assertSame(fibers.get(1), queue.poll());
    assertSame(fibers.get(2), queue.poll());
    assertEquals(0, queue.size());
  }

  @Test
  void oneFromTheMiddleLeavesTheOthersInOrder() {
    append(0, 1, 2, 3);

    assertSame(fibers.get(2), queue.remove(2));

    assertEquals(List.of(fibers.get(0), fibers.get(1), fibers.get(3)), queue);
  }

  @Test
  void growingKeepsTheOrderWhereverTheRingBegins() {
    append(IntStream.range(0, 40).toArray());
    IntStream.range(0, 40).forEach(_ -> queue.poll());

    append(IntStream.range(0, 200).toArray());

    assertEquals(fibers, queue);
  }

  @Test
  void aFiberMayBeInTwice() {
    append(0, 1, 0);

    assertEquals(List.of(fibers.get(0), fibers.get(1), fibers.get(0)), queue);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void itIsAQueueForAnyOperations(int seed) {
    var random = new Random(seed);
    var model = new ArrayDeque<Fiber>();

    for (var step = 0; step < 500; step++) {
      if (model.isEmpty() || random.nextInt(5) < 3) {
        var fiber = fibers.get(random.nextInt(fibers.size()));
        queue.append(fiber);
        model.addLast(fiber);
      } else if (random.nextBoolean()) {
        assertSame(model.pollFirst(), queue.poll());
      } else {
        var list = new ArrayList<>(model);
        var index = random.nextInt(list.size());
        assertSame(list.remove(index), queue.remove(index));
        model = new ArrayDeque<>(list);
      }
      assertEquals(List.copyOf(model), queue);
    }
  }

  private void append(int... numbers) {
    for (var number : numbers) {
      queue.append(fibers.get(number));
    }
  }
}
