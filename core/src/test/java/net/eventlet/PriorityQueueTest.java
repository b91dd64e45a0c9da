package net.eventlet;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.reverseOrder;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class PriorityQueueTest {

  @Test
  void theLeastItemGoesFirst() {
    var queue = new PriorityQueue<Integer>();
    queue.addAll(List.of(3, 1, 2));

    assertEquals(1, queue.peek());
    assertEquals(List.of(1, 2, 3), List.of(queue.get(), queue.get(), queue.get()));
    assertNull(queue.peek());
  }

  @Test
  void equalItemsGoInTheOrderInWhichTheyCame() {
    var queue = new PriorityQueue<String>(100, comparingInt(String::length));
    for (var i = 0; i < 10; i++) {
      queue.put("b" + i);
      queue.put("" + i);
    }

    var gone = new ArrayList<String>();
    queue.drainTo(gone);

    assertEquals(
        List.of(
            "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", //
            "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9"),
        gone);
  }

  @Test
  void anOrderOfOnesOwnDecides() {
    var queue = new PriorityQueue<Integer>(10, reverseOrder());
    queue.addAll(List.of(3, 1, 2));

    assertEquals(List.of(3, 2, 1), List.copyOf(queue));
    assertEquals(3, queue.get());
  }

  @Test
  void gettersAreServedInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var queue = new PriorityQueue<Integer>();
      var getters = new ArrayList<GreenThread<Integer>>();
      for (var i = 0; i < 3; i++) {
        getters.add(spawn(() -> queue.get()));
      }
      sleep();

      queue.addAll(List.of(3, 1, 2));

      assertEquals(3, getters.get(0).await());
      assertEquals(1, getters.get(1).await());
      assertEquals(2, getters.get(2).await());
    });
  }

  @Test
  void whoWaitedLongestToPutIsLetInFirst() throws Exception {
    run(() -> {
      var queue = new PriorityQueue<Integer>(1);
      queue.put(5);
      for (var item : List.of(9, 1)) {
        spawn(() -> queue.put(item));
      }
      sleep();

      assertEquals(List.of(5, 9, 1), List.of(queue.get(), queue.get(), queue.get()));
    });
  }

  @Test
  void oneOfNoneIsARendezvous() throws Exception {
    run(() -> {
      var queue = new PriorityQueue<Integer>(0);
      assertFalse(queue.offer(1));
      for (var item : List.of(2, 1)) {
        spawn(() -> queue.put(item));
      }
      sleep();

      assertEquals(List.of(2, 1), List.of(queue.get(), queue.get()));
    });
  }

  @Test
  void itIsShownInTheOrderInWhichItGoes() {
    var queue = new PriorityQueue<Integer>();
    queue.addAll(List.of(3, 1, 2, 1));

    assertEquals(List.of(1, 1, 2, 3), List.copyOf(queue));
    assertTrue(queue.remove(1));
    assertEquals(List.of(1, 2, 3), List.copyOf(queue));
  }

  @Test
  @SuppressWarnings("unchecked") // that is the mistake
  void whatCannotBeComparedIsRefused() {
    var queue = (Queue<Object>) (Queue<?>) new PriorityQueue<Integer>();

    assertThrows(ClassCastException.class, () -> queue.put(new Object()));
    queue.put(1);
    assertThrows(ClassCastException.class, () -> queue.put("text"));

    assertEquals(1, queue.get());
    assertNull(queue.poll());
    queue.taskDone();
    queue.join();
  }

  /// Its mistake must not reach who gets another item, nor cost that item.
  @Test
  @SuppressWarnings("unchecked") // that is the mistake
  void whoWaitsToPutWhatCannotBeComparedHarmsNobodyElse() throws Exception {
    run(() -> {
      var queue = (Queue<Object>) (Queue<?>) new PriorityQueue<Integer>(2);
      queue.addAll(List.of(1, 2));
      var mistaken = spawn(() -> queue.put("text"));
      sleep();

      assertEquals(1, queue.get());
      assertThrows(ClassCastException.class, mistaken::await);
      assertEquals(2, queue.get());
    });
  }

  @Test
  void anOrderThatFailsLosesNoItem() {
    var broken = new boolean[1];
    Comparator<Integer> order =
        (left, right) -> {
          if (broken[0]) {
            throw new IllegalStateException("broken");
          }
          return left.compareTo(right);
        };
    var queue = new PriorityQueue<Integer>(10, order);
    queue.addAll(List.of(1, 2, 3));
    broken[0] = true;
    assertThrows(IllegalStateException.class, () -> queue.put(0));
    broken[0] = false;

    assertEquals(List.of(1, 2, 3), List.copyOf(queue));
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertSays(
        assertThrows(IllegalArgumentException.class, () -> new PriorityQueue<Integer>(-1)), "-1");
    assertSays(
        assertThrows(
            IllegalArgumentException.class, () -> new PriorityQueue<Integer>(-2, reverseOrder())),
        "-2");
  }

  @Test
  void itSaysHowItIs() {
    var queue = new PriorityQueue<Integer>(3);
    queue.addAll(List.of(2, 1));

    assertEquals("PriorityQueue[2 of 3, 0 getting, 0 putting]", queue.toString());
  }
}
