package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemoteQueueTest {

  private static final int PRODUCERS = 4;
  private static final int EACH = 50_000;

  private final RemoteQueue queue = new RemoteQueue();

  @Test
  void anEmptyQueueHasNothingToTake() {
    assertTrue(queue.isEmpty());
    assertNull(queue.take());
  }

  @Test
  void requestsComeOutInTheOrderTheyWereMade() {
    push("a", "b", "c");

    assertEquals(List.of("a", "b", "c"), take());
    assertTrue(queue.isEmpty());
  }

  @Test
  void whatIsPushedAfterTakingComesWithTheNextTaking() {
    push("a");
    var first = queue.take();

    push("b");

    assertFalse(queue.isEmpty());
    assertEquals(List.of("a"), names(first));
    assertEquals(List.of("b"), take());
  }

  @Test
  void manyProducersLoseNothingAndKeepTheirOrder() throws Exception {
    var go = new CountDownLatch(1);
    var producers =
        IntStream.range(0, PRODUCERS)
            .mapToObj(producer ->
                Thread.ofPlatform()
                    .start(() -> {
                      await(go);
                      for (var i = 0; i < EACH; i++) {
                        queue.push(new Request(producer, i));
                      }
                    }))
            .toList();
    go.countDown();

    var next = new int[PRODUCERS];
    for (var taken = 0; taken < PRODUCERS * EACH; ) {
      var node = queue.take();
      if (node == null) {
        Thread.onSpinWait();
      }
      for (; node != null; node = node.next()) {
        var request = (Request) node.task();
        assertEquals(next[request.producer]++, request.number);
        taken++;
      }
    }

    for (var producer : producers) {
      producer.join();
    }
    assertTrue(queue.isEmpty());
  }

  private void push(String... names) {
    for (var name : names) {
      queue.push(new Named(name));
    }
  }

  private List<String> take() {
    return names(queue.take());
  }

  private static List<String> names(RemoteQueue.Node taken) {
    var names = new ArrayList<String>();
    for (var node = taken; node != null; node = node.next()) {
      names.add(((Named) node.task()).name);
    }
    return names;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private record Named(String name) implements Runnable {

    @Override
    public void run() {}
  }

  private record Request(int producer, int number) implements Runnable {

    @Override
    public void run() {}
  }
}
