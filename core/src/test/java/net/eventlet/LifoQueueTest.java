package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class LifoQueueTest {

  @Test
  void theLastItemGoesFirst() {
    var queue = queueOf(1, 2, 3);

    assertEquals(3, queue.peek());
    assertEquals(List.of(3, 2, 1), List.of(queue.get(), queue.get(), queue.get()));
    assertNull(queue.peek());
  }

  @Test
  void gettersAreServedInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var queue = new LifoQueue<Integer>();
      var getters = new ArrayList<GreenThread<Integer>>();
      for (var i = 0; i < 3; i++) {
        getters.add(spawn(() -> queue.get()));
      }
      sleep();

      queue.addAll(List.of(1, 2, 3));

      for (var i = 0; i < 3; i++) {
        assertEquals(i + 1, getters.get(i).await());
      }
    });
  }

  @Test
  void whoWaitedLongestToPutIsLetInFirst() throws Exception {
    run(() -> {
      var queue = new LifoQueue<Integer>(2);
      queue.addAll(List.of(1, 2));
      for (var item : List.of(3, 4)) {
        spawn(() -> queue.put(item));
      }
      sleep();

      assertEquals(2, queue.get());
      assertEquals(List.of(3, 1), List.copyOf(queue));
      assertEquals(3, queue.get());
      assertEquals(List.of(4, 1), List.copyOf(queue));
    });
  }

  @Test
  void oneOfNoneIsARendezvous() throws Exception {
    run(() -> {
      var queue = new LifoQueue<Integer>(0);
      assertFalse(queue.offer(1));
      for (var item : List.of(1, 2)) {
        spawn(() -> queue.put(item));
      }
      sleep();

      assertEquals(List.of(1, 2), List.of(queue.get(), queue.get()));
    });
  }

  @Test
  void itIsShownAndDrainedInTheOrderInWhichItGoes() {
    var queue = queueOf(1, 2, 3);
    var drained = new ArrayList<Integer>();

    assertEquals(List.of(3, 2, 1), List.copyOf(queue));
    queue.remove(2);
    queue.drainTo(drained);

    assertEquals(List.of(3, 1), drained);
  }

  @Test
  void anIteratorRemovesTheVeryOccurrenceThatItShowed() {
    var queue = queueOf(1, 2, 1);
    var items = queue.iterator();
    items.next();
    items.next();
    items.next();

    items.remove();

    assertEquals(List.of(1, 2), List.copyOf(queue));
  }

  @Test
  void aNegativeSizeIsRefused() {
    var thrown = assertThrows(IllegalArgumentException.class, () -> new LifoQueue<Integer>(-1));

    assertSays(thrown, "-1");
  }

  @Test
  void itSaysHowItIs() {
    assertEquals("LifoQueue[2 of any, 0 getting, 0 putting]", queueOf(1, 2).toString());
  }

  private static LifoQueue<Integer> queueOf(Integer... items) {
    var queue = new LifoQueue<Integer>();
    queue.addAll(List.of(items));
    return queue;
  }
}
