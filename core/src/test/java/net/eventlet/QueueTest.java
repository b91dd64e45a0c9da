package net.eventlet;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class QueueTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();

  // --------------------------------------------------------------------------------- put and get

  @Test
  void itemsComeFirstInFirstOut() {
    var queue = queueOf(1, 2, 3);

    assertEquals(List.of(1, 2, 3), List.of(queue.get(), queue.get(), queue.get()));
  }

  @Test
  void gettingAndPuttingWithoutAWaitDoNotSwitch() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(2);
      spawn(() -> step("another ran"));

      queue.put(1);
      queue.put(2, LONG);
      assertEquals(1, queue.get());
      assertEquals(2, queue.get(LONG));

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void puttingForOneWhoWaitsDoesNotSwitch() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      spawn(() -> step("got " + queue.get()));
      sleep();

      queue.put(1);
      step("put");
      sleep();

      assertEquals(List.of("put", "got 1"), steps);
    });
  }

  @Test
  void gettingWaitsForAnItem() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var getter = spawn(() -> queue.get());
      sleep();
      assertFalse(getter.isDone());

      queue.put(1);

      assertEquals(1, getter.await());
    });
  }

  @Test
  void puttingWaitsForRoom() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(1);
      queue.put(1);
      var putter = spawn(() -> queue.put(2));
      sleep();
      assertFalse(putter.isDone());

      assertEquals(1, queue.get());

      putter.await();
      assertEquals(2, queue.get());
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, Integer.MAX_VALUE})
  void gettersAreServedInTheOrderInWhichTheyCame(int maxsize) throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(maxsize);
      for (var name : List.of("a", "b", "c", "d")) {
        spawn(() -> step(name + queue.get()));
      }
      sleep();

      for (var item = 1; item <= 4; item++) {
        queue.put(item);
      }
      sleep();

      assertEquals(List.of("a1", "b2", "c3", "d4"), steps);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void puttersAreServedInTheOrderInWhichTheyCame(int maxsize) throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(maxsize);
      for (var item = 1; item <= 5; item++) {
        var mine = item;
        spawn(() -> {
          queue.put(mine);
          step("put " + mine);
        });
      }
      sleep();

      for (var item = 1; item <= 5; item++) {
        assertEquals(item, queue.get());
      }
      sleep();

      assertEquals(List.of("put 1", "put 2", "put 3", "put 4", "put 5"), steps);
    });
  }

  @Test
  void whoComesLaterOvertakesNobody() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var first = spawn(() -> queue.get());
      sleep();

      queue.put(1);

      assertNull(queue.poll());
      assertThrows(TimeoutException.class, () -> queue.get(Duration.ZERO));
      assertEquals(1, first.await());
    });
  }

  // ------------------------------------------------------------------------------------- polling

  @Test
  void pollAndOfferNeverWait() {
    var queue = new Queue<Integer>(1);

    assertNull(queue.poll());
    assertTrue(queue.offer(1));
    assertFalse(queue.offer(2));
    assertEquals(1, queue.poll());
    assertNull(queue.poll());
  }

  @Test
  void pollMakesRoomForOneWhoWaits() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      var putter = spawn(() -> queue.put(2));
      sleep();

      assertEquals(1, queue.poll());
      assertEquals(2, queue.poll());
      putter.await();
    });
  }

  @Test
  void aTimedPollTakesWhatComes() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var getter = spawn(() -> queue.poll(1, DAYS));
      sleep();

      queue.put(1);

      assertEquals(1, getter.await());
      assertNull(queue.poll(1, MILLISECONDS));
      assertNull(queue.poll(0, DAYS));
      assertNull(queue.poll(-1, DAYS));
    });
  }

  @Test
  void aTimedOfferWaitsForRoom() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      assertFalse(queue.offer(2, 1, MILLISECONDS));
      assertFalse(queue.offer(2, 0, DAYS));
      assertFalse(queue.offer(2, -1, DAYS));
      var putter = spawn(() -> queue.offer(3, Long.MAX_VALUE, DAYS));
      sleep();

      assertEquals(1, queue.get());

      assertTrue(putter.await());
      assertEquals(List.of(3), List.copyOf(queue));
    });
  }

  // --------------------------------------------------------------------------------- rendezvous

  @Test
  void aQueueOfNoneHoldsNothing() {
    var queue = new Queue<Integer>(0);

    assertFalse(queue.offer(1));
    assertNull(queue.poll());
    assertNull(queue.peek());
    assertEquals(0, queue.size());
    assertEquals(0, queue.remainingCapacity());
    assertTrue(queue.isEmpty());
  }

  @Test
  void puttingIntoAQueueOfNoneWaitsForWhoGets() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var putter = spawn(() -> queue.put(1));
      sleep();
      assertFalse(putter.isDone());
      assertEquals(0, queue.size());

      assertEquals(1, queue.get());

      putter.await();
    });
  }

  @Test
  void pollFindsWhoWaitsToPutAsOfferFindsWhoWaitsToGet() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var putter = spawn(() -> queue.put(1));
      sleep();
      assertEquals(1, queue.poll());
      putter.await();

      var getter = spawn(() -> queue.get());
      sleep();
      assertTrue(queue.offer(2));
      assertEquals(2, getter.await());
    });
  }

  @Test
  void drainingAQueueOfNoneTakesFromAllWhoWait() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var putters = List.of(spawn(() -> queue.put(1)), spawn(() -> queue.put(2)));
      sleep();
      var drained = new ArrayList<Integer>();

      assertEquals(2, queue.drainTo(drained));

      assertEquals(List.of(1, 2), drained);
      for (var putter : putters) {
        putter.await();
      }
    });
  }

  // --------------------------------------------------------------------------------------- limit

  @Test
  void aLimitThatRunsOutThrows() throws Exception {
    run(() -> {
      var empty = new Queue<Integer>();
      var full = queueWithin(1, 1);

      assertSays(assertThrows(TimeoutException.class, () -> empty.get(SHORT)), "PT0.002S");
      assertSays(assertThrows(TimeoutException.class, () -> full.put(2, SHORT)), "PT0.002S");
      assertEquals(List.of(1), List.copyOf(full));
    });
  }

  @Test
  void aLimitOfZeroOrLessGivesTheOthersATurn() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      spawn(() -> step("another ran"));

      assertThrows(TimeoutException.class, () -> queue.get(Duration.ZERO));
      assertThrows(TimeoutException.class, () -> queue.get(LONG.negated()));

      assertEquals(List.of("another ran"), steps);
    });
  }

  @Test
  void aLimitOfZeroIsLongEnoughForWhatTheOthersDoInThatTurn() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      spawn(() -> queue.put(1));
      assertEquals(1, queue.get(Duration.ZERO));

      var getter = spawn(() -> queue.get());
      queue.put(2, Duration.ZERO);
      assertEquals(2, getter.await());
    });
  }

  @Test
  void noLimitIsForEver() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var getter = spawn(() -> queue.get(null));
      sleep();

      queue.put(1, null);

      assertEquals(1, getter.await());
    });
  }

  @Test
  void anItemThatComesTooLateStaysForTheNext() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      assertThrows(TimeoutException.class, () -> queue.get(SHORT));

      queue.put(1);

      assertEquals(1, queue.get());
    });
  }

  // ----------------------------------------------------------------------------------- unwinding

  @Test
  void anItemGoesPastGettersThatWereKilled() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var victims = List.of(spawn(() -> queue.get()), spawn(() -> queue.get()));
      var heir = spawn(() -> queue.get());
      sleep();

      victims.forEach(victim -> victim.cancel(true)); // and has not run since
      queue.put(1);

      assertEquals(1, heir.await());
      assertTrue(queue.isEmpty());
    });
  }

  @Test
  void anItemOfAPutterThatWasKilledDoesNotArrive() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      var victim = spawn(() -> queue.put(2));
      var heir = spawn(() -> queue.put(3));
      sleep();

      victim.cancel(true);

      assertEquals(1, queue.get());
      assertEquals(3, queue.get());
      assertNull(queue.poll());
      heir.await();
    });
  }

  @Test
  void whoIsKilledAfterTheItemWasHandedOverHasIt() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var victim =
          spawn(() -> {
            step("got " + queue.get());
            sleep();
            step("went on");
          });
      sleep();

      queue.put(1);
      victim.kill();

      assertEquals(List.of("got 1"), steps);
      assertThrows(GreenThreadExit.class, victim::await);
      assertTrue(queue.isEmpty());
    });
  }

  @Test
  void whoIsKilledAfterItsItemWasTakenHasPutIt() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var victim =
          spawn(() -> {
            queue.put(1);
            step("put");
          });
      sleep();

      assertEquals(1, queue.get());
      victim.kill();

      assertEquals(List.of("put"), steps);
    });
  }

  @Test
  void whoWasUnwoundWaitsNoLonger() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var getter = spawn(() -> queue.get());
      sleep();
      getter.kill();
      assertFalse(Timeout.run(SHORT, () -> queue.put(1)));
      assertFalse(Timeout.run(SHORT, () -> queue.get()));

      assertFalse(queue.offer(1));
      assertNull(queue.poll());
      assertSays(new AssertionError(queue.toString()), "0 getting", "0 putting");
    });
  }

  @Test
  void whatIsDeclaredToBeInterruptedIs() throws Exception {
    run(() -> {
      var empty = new Queue<Integer>();
      var full = queueWithin(1, 1);
      for (var victim :
          List.of(
              spawn(() -> empty.take()),
              spawn(() -> empty.poll(1, DAYS)),
              spawn(() -> full.offer(2, 1, DAYS)))) {
        sleep();

        victim.thread().interrupt();

        assertThrows(InterruptedException.class, victim::await);
      }
      assertSays(new AssertionError(empty.toString()), "0 getting");
      assertSays(new AssertionError(full.toString()), "0 putting");
    });
  }

  @Test
  void whatIsNotDeclaredToBeInterruptedIsKilled() throws Exception {
    run(() -> {
      var empty = new Queue<Integer>();
      var full = queueWithin(1, 1);
      for (var victim :
          List.of(
              spawn(() -> empty.get()),
              spawn(() -> empty.get(LONG)),
              spawn(() -> full.put(2)),
              spawn(() -> full.put(2, LONG)),
              spawn(full::join))) {
        sleep();

        victim.thread().interrupt();

        assertThrows(GreenThreadExit.class, victim::await);
      }
    });
  }

  @Test
  void aKillIsAKillWhateverIsDeclared() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var victim = spawn(() -> queue.take());
      sleep();

      victim.kill();

      assertThrows(GreenThreadExit.class, victim::await);
    });
  }

  @Test
  void aPlainThreadThatIsInterruptedIsToldSo() throws Exception {
    var queue = new Queue<Integer>();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, queue::take);
    assertFalse(Thread.currentThread().isInterrupted());

    Thread.currentThread().interrupt();
    assertThrows(GreenThreadExit.class, queue::get);
    assertTrue(Thread.interrupted(), "its owner wants to see it");

    queue.put(1);
    assertEquals(1, queue.get());
  }

  // --------------------------------------------------------------------------------------- close

  @Test
  void closingWakesWhoWaitsToGet() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>();
      var getters =
          List.of(
              spawn(() -> queue.get()),
              spawn(() -> queue.get(LONG)),
              spawn(() -> queue.take()),
              spawn(() -> queue.poll(1, DAYS)));
      sleep();

      queue.close();

      for (var getter : getters) {
        assertSays(assertThrows(IllegalStateException.class, getter::await), "closed");
      }
    });
  }

  @Test
  void closingWakesWhoWaitsToPut() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      var putters =
          List.of(
              spawn(() -> queue.put(2)),
              spawn(() -> queue.put(3, LONG)),
              spawn(() -> queue.offer(4, 1, DAYS)));
      sleep();

      queue.close();

      for (var putter : putters) {
        assertSays(assertThrows(IllegalStateException.class, putter::await), "closed");
      }
      assertEquals(List.of(1), List.copyOf(queue));
    });
  }

  @Test
  void whatIsInAClosedQueueCanBeGot() throws Exception {
    var queue = queueOf(1, 2, 3, 4, 5);
    queue.close();
    var drained = new ArrayList<Integer>();

    assertEquals(1, queue.get());
    assertEquals(2, queue.get(LONG));
    assertEquals(3, queue.poll());
    assertEquals(4, queue.take());
    assertEquals(1, queue.drainTo(drained));

    assertEquals(List.of(5), drained);
    assertThrows(IllegalStateException.class, queue::get);
    assertThrows(IllegalStateException.class, () -> queue.get(LONG));
    assertThrows(IllegalStateException.class, queue::take);
    assertThrows(IllegalStateException.class, () -> queue.poll(1, DAYS));
  }

  @Test
  void aClosedQueueTakesNothing() {
    var queue = new Queue<Integer>();
    queue.close();

    assertSays(assertThrows(IllegalStateException.class, () -> queue.put(1)), "closed");
    assertThrows(IllegalStateException.class, () -> queue.put(1, LONG));
    assertThrows(IllegalStateException.class, () -> queue.offer(1));
    assertThrows(IllegalStateException.class, () -> queue.offer(1, 1, DAYS));
    assertThrows(IllegalStateException.class, () -> queue.add(1));
    assertEquals(0, queue.size());
  }

  @Test
  void closingTwiceIsAsClosingOnce() {
    var queue = queueOf(1);

    queue.close();
    queue.close();

    assertEquals(1, queue.get());
  }

  @Test
  void whoWasServedBeforeTheCloseWasServed() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var getter = spawn(() -> queue.get());
      sleep();
      queue.put(1);
      queue.close();
      assertEquals(1, getter.await());

      var other = new Queue<Integer>(0);
      var putter = spawn(() -> other.put(2));
      sleep();
      assertEquals(2, other.get());
      other.close();
      putter.await();
    });
  }

  @Test
  void joiningAClosedQueueWaitsForWhatIsLeftInIt() throws Exception {
    run(() -> {
      var queue = queueOf(1);
      var joiner = spawn(queue::join);
      sleep();
      queue.close();

      queue.get();
      queue.taskDone();

      joiner.await();
    });
  }

  // -------------------------------------------------------------------------------------- resize

  @Test
  void aLargerQueueLetsInWhoWaits() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      for (var item : List.of(2, 3, 4)) {
        spawn(() -> {
          queue.put(item);
          step("put " + item);
        });
      }
      sleep();

      queue.resize(3);
      assertEquals(List.of(1, 2, 3), List.copyOf(queue));
      sleep();

      assertEquals(List.of("put 2", "put 3"), steps);
    });
  }

  @Test
  void aSmallerQueueKeepsWhatIsInIt() throws Exception {
    run(() -> {
      var queue = queueOf(1, 2, 3);

      queue.resize(1);

      assertEquals(0, queue.remainingCapacity());
      assertFalse(queue.offer(4));
      assertEquals(List.of(1, 2), List.of(queue.get(), queue.get()));
      assertFalse(queue.offer(4));
      assertEquals(3, queue.get());
      assertTrue(queue.offer(4));
    });
  }

  @Test
  void aQueueThatBecomesARendezvousIsDrainedFirst() throws Exception {
    run(() -> {
      var queue = queueOf(1);
      queue.resize(0);
      var putter = spawn(() -> queue.put(2));
      sleep();

      assertEquals(1, queue.get());
      assertFalse(putter.isDone());
      assertEquals(2, queue.get());
      putter.await();
    });
  }

  @Test
  void aNegativeSizeIsRefused() {
    var queue = new Queue<Integer>(1);

    assertSays(assertThrows(IllegalArgumentException.class, () -> new Queue<Integer>(-1)), "-1");
    assertSays(assertThrows(IllegalArgumentException.class, () -> queue.resize(-5)), "-5");

    assertEquals(1, queue.remainingCapacity());
  }

  // ---------------------------------------------------------------------------- taskDone and join

  @Test
  void joinWaitsUntilAllIsDone() throws Exception {
    run(() -> {
      var queue = queueOf(1, 2);
      var joiner = spawn(queue::join);
      queue.get();
      queue.get();
      queue.taskDone();
      sleep();
      assertFalse(joiner.isDone());

      queue.taskDone();

      joiner.await();
    });
  }

  @Test
  void joinOfAQueueThatWasNeverUsedReturnsAtOnce() throws Exception {
    run(() -> {
      spawn(() -> step("another ran"));

      new Queue<Integer>().join();

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void joinCountsWhatWasHandedOver() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);
      var getter = spawn(() -> queue.get());
      sleep();
      queue.put(1);
      getter.await();
      var putter = spawn(() -> queue.put(2));
      sleep();
      queue.get();
      putter.await();
      var joiner = spawn(queue::join);
      sleep();

      queue.taskDone();
      sleep();
      assertFalse(joiner.isDone());
      queue.taskDone();

      joiner.await();
      assertThrows(IllegalStateException.class, queue::taskDone);
    });
  }

  @Test
  void joinDoesNotCountWhatWasRefused() throws Exception {
    run(() -> {
      var queue = new Queue<Integer>(0);

      assertFalse(queue.offer(1));
      assertThrows(TimeoutException.class, () -> queue.put(1, Duration.ZERO));
      assertFalse(Timeout.run(Duration.ZERO, () -> queue.put(1)));

      queue.join();
      assertThrows(IllegalStateException.class, queue::taskDone);
    });
  }

  @Test
  void tasksDoneMoreOftenThanPutAreRefused() {
    var queue = queueOf(1);
    queue.taskDone();

    var thrown = assertThrows(IllegalStateException.class, queue::taskDone);

    assertSays(thrown, "taskDone");
  }

  @Test
  void joinersAreServedInOrderAndOneThatIsKilledLeavesNoTrace() throws Exception {
    run(() -> {
      var queue = queueOf(1);
      var joiners = new ArrayList<GreenThread<?>>();
      for (var name : List.of("a", "b", "c")) {
        joiners.add(
            spawn(() -> {
              queue.join();
              step(name);
            }));
      }
      sleep();

      joiners.get(1).kill();
      queue.taskDone();
      sleep();

      assertEquals(List.of("a", "c"), steps);
    });
  }

  // ------------------------------------------------------------------------------ the rest of it

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void nullIsNoItem() {
    var queue = new Queue<Integer>();

    assertThrows(NullPointerException.class, () -> queue.put(null));
    assertThrows(NullPointerException.class, () -> queue.put(null, LONG));
    assertThrows(NullPointerException.class, () -> queue.offer(null));
    assertThrows(NullPointerException.class, () -> queue.offer(null, 1, DAYS));
    assertThrows(NullPointerException.class, () -> queue.add(null));

    assertEquals(0, queue.size());
    queue.join();
  }

  @Test
  void aQueueTellsHowItIs() {
    var queue = new Queue<Integer>(3);
    assertNull(queue.peek());
    assertThrows(NoSuchElementException.class, queue::element);
    assertThrows(NoSuchElementException.class, queue::remove);

    queue.add(1);
    queue.add(2);

    assertEquals(1, queue.peek());
    assertEquals(1, queue.element());
    assertEquals(2, queue.size());
    assertEquals(1, queue.remainingCapacity());
    assertTrue(queue.contains(2));
    assertFalse(queue.contains(3));
    assertEquals("[1, 2]", Arrays.toString(queue.toArray()));
    assertEquals("Queue[2 of 3, 0 getting, 0 putting]", queue.toString());
    assertEquals(Integer.MAX_VALUE, new Queue<Integer>().remainingCapacity());
    assertEquals("Queue[0 of any, 0 getting, 0 putting]", new Queue<Integer>().toString());
  }

  @Test
  void addingToAFullQueueIsRefused() {
    var queue = queueWithin(1, 1);

    assertThrows(IllegalStateException.class, () -> queue.add(2));

    assertEquals(List.of(1), List.copyOf(queue));
  }

  @Test
  void drainingTakesAsManyAsAreAskedFor() {
    var queue = queueOf(1, 2, 3);
    var drained = new ArrayList<Integer>();

    assertEquals(0, queue.drainTo(drained, 0));
    assertEquals(0, queue.drainTo(drained, -1));
    assertEquals(2, queue.drainTo(drained, 2));
    assertEquals(1, queue.drainTo(drained));
    assertEquals(0, queue.drainTo(drained));

    assertEquals(List.of(1, 2, 3), drained);
  }

  @Test
  void drainingLetsInWhoWaits() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      var putter = spawn(() -> queue.put(2));
      sleep();
      var drained = new ArrayList<Integer>();

      queue.drainTo(drained, 1);

      assertEquals(List.of(1), drained);
      putter.await();
      assertEquals(List.of(2), List.copyOf(queue));
    });
  }

  @Test
  void drainingIntoItselfIsRefused() {
    var queue = queueOf(1);

    assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue));
    assertThrows(IllegalArgumentException.class, () -> queue.drainTo(queue, 1));

    assertEquals(List.of(1), List.copyOf(queue));
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void drainingIntoNothingIsRefusedAndLosesNothing() {
    var queue = queueOf(1, 2);

    assertThrows(NullPointerException.class, () -> queue.drainTo(null));
    assertThrows(NullPointerException.class, () -> queue.drainTo(null, 1));

    assertEquals(List.of(1, 2), List.copyOf(queue));
  }

  @Test
  void anIteratorShowsWhatWasThereAndRemovesWhatIsThere() {
    var queue = queueOf(1, 2, 3);
    var items = queue.iterator();
    assertThrows(IllegalStateException.class, items::remove);

    assertEquals(1, items.next());
    assertEquals(1, queue.get());
    items.remove(); // it is gone, and nothing else is taken in its place
    assertEquals(2, items.next());
    items.remove();
    assertThrows(IllegalStateException.class, items::remove);
    assertEquals(3, items.next());

    assertFalse(items.hasNext());
    assertThrows(NoSuchElementException.class, items::next);
    assertEquals(List.of(3), List.copyOf(queue));
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
  void removingFromTheMiddleLetsInWhoWaits() throws Exception {
    run(() -> {
      var queue = queueWithin(2, 1, 2);
      var putter = spawn(() -> queue.put(3));
      sleep();

      assertTrue(queue.remove(1));

      putter.await();
      assertEquals(List.of(2, 3), List.copyOf(queue));
      assertFalse(queue.remove(7));
      assertTrue(queue.removeIf(item -> item == 3));
      assertTrue(queue.retainAll(Set.of()));
      assertTrue(queue.isEmpty());
    });
  }

  /// A [ThreadPoolExecutor] that has handed a task to one of its threads must not hear that it took
  /// it back: the task would be rejected, and run.
  @Test
  void whatSomebodyElseGotFirstIsNotRemoved() {
    var queue = new Queue<Object>();
    var item = new Object();
    queue.put(item);
    var same =
        new Object() {
          @Override
          public boolean equals(Object other) {
            queue.poll(); // as another thread may, while this one compares
            return other == item;
          }

          @Override
          public int hashCode() {
            return item.hashCode();
          }
        };

    var removed = queue.remove(same);

    assertTrue(queue.isEmpty());
    assertFalse(removed);
  }

  @Test
  void whoRemovesAndWhoGetsNeverBothHaveAnItem() throws Exception {
    var queue = new Queue<Integer>();
    for (var round = 0; round < 2_000; round++) {
      var item = Integer.valueOf(round);
      queue.put(item);
      var begin = new AtomicInteger();
      var getter =
          Plain.start(() -> {
            meet(begin);
            return queue.poll() != null;
          });
      meet(begin);

      var removed = queue.remove(item);

      assertEquals(!removed, getter.get(), "round " + round);
    }
  }

  private static void meet(AtomicInteger begin) {
    begin.incrementAndGet();
    while (begin.get() < 2) {
      Thread.onSpinWait();
    }
  }

  @Test
  void clearingTakesAll() throws Exception {
    run(() -> {
      var queue = queueWithin(1, 1);
      var putter = spawn(() -> queue.put(2));
      sleep();

      queue.clear();

      assertTrue(queue.isEmpty());
      putter.await();
    });
  }

  @Test
  @SuppressWarnings("ModifyingCollectionWithItself") // that is the mistake
  void itIsAQueueForTheJdk() {
    BlockingQueue<Integer> queue = new Queue<>();

    assertTrue(queue.addAll(List.of(3, 1, 2)));
    assertEquals(6, queue.stream().mapToInt(Integer::intValue).sum());
    assertTrue(queue.containsAll(Set.of(1, 2)));
    assertTrue(queue.removeAll(Set.of(1, 2)));
    assertEquals(List.of(3), List.copyOf(queue));
    assertThrows(IllegalArgumentException.class, () -> queue.addAll(queue));
  }

  /// A stream whose source says its size fails if the size has changed meanwhile.
  @Test
  void aStreamOfItDoesNotCountOnItsSize() {
    var queue = queueOf(1, 2, 3);

    assertFalse(queue.spliterator().hasCharacteristics(Spliterator.SIZED));
  }

  @Test
  void aStreamOfItBearsChanges() throws Exception {
    var queue = new Queue<Integer>(100);
    var over = new CountDownLatch(1);
    var changing =
        Plain.start(() -> {
          for (var item = 0; over.getCount() > 0; item++) {
            if (!queue.offer(item)) {
              queue.clear();
            }
          }
          return true;
        });

    try {
      for (var i = 0; i < 5_000; i++) {
        var items = queue.stream().toList();
        assertTrue(items.size() <= 100);
      }
    } finally {
      over.countDown();
    }
    assertTrue(changing.get());
  }

  // ------------------------------------------------------------------------------------- threads

  @Test
  void gettersOfAllKindsAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var queue = new Queue<Integer>();
      var getters = new ArrayList<Future<Integer>>();
      for (var i = 0; i < 3; i++) {
        getters.add(spawn(left, () -> queue.get()));
        Until.says(queue, getters.size() + " getting");
        getters.add(Plain.start(queue::get));
        Until.says(queue, getters.size() + " getting");
        getters.add(spawn(right, () -> queue.take()));
        Until.says(queue, getters.size() + " getting");
        getters.add(Plain.start(() -> queue.poll(1, DAYS)));
        Until.says(queue, getters.size() + " getting");
      }

      for (var item = 0; item < getters.size(); item++) {
        queue.put(item);
      }

      for (var i = 0; i < getters.size(); i++) {
        assertEquals(i, getters.get(i).get());
      }
    }
  }

  @Test
  void puttersOfAllKindsAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var queue = new Queue<Integer>(0);
      var putters = new ArrayList<Future<?>>();
      for (var i = 0; i < 9; i++) {
        var item = i;
        Action put = () -> queue.put(item);
        putters.add(
            switch (i % 3) {
              case 0 -> spawn(left, put);
              case 1 -> spawn(right, put);
              default ->
                  Plain.start(() -> {
                    put.run();
                    return item;
                  });
            });
        Until.says(queue, putters.size() + " putting");
      }

      for (var item = 0; item < putters.size(); item++) {
        assertEquals(item, queue.get());
      }

      for (var putter : putters) {
        putter.get();
      }
    }
  }

  @Test
  void aPlainThreadsLimitRunsOut() throws Exception {
    var queue = new Queue<Integer>(0);

    assertThrows(TimeoutException.class, () -> queue.get(SHORT));
    assertThrows(TimeoutException.class, () -> queue.put(1, SHORT));
    assertNull(queue.poll(1, MILLISECONDS));
    assertFalse(queue.offer(1, 1, MILLISECONDS));
    assertEquals("Queue[0 of 0, 0 getting, 0 putting]", queue.toString());
  }

  @Test
  void closingWakesPlainThreads() throws Exception {
    var queue = new Queue<Integer>();
    var getter = Plain.startWaiting(queue::take);

    queue.close();

    var thrown = assertThrows(Exception.class, getter::get);
    assertSays(thrown, "IllegalStateException", "closed");
  }

  // ------------------------------------------------------------------------- ThreadPoolExecutor

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, Integer.MAX_VALUE})
  void aThreadPoolRunsEveryTaskOnce(int maxsize) throws Exception {
    try (var threads = threads(2, 8, new Queue<>(maxsize))) {
      threads.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
      var results = new ExecutorCompletionService<Integer>(threads);

      for (var i = 0; i < 1_000; i++) {
        var number = i;
        results.submit(() -> number);
      }

      var seen = new HashSet<Integer>();
      for (var i = 0; i < 1_000; i++) {
        assertTrue(seen.add(results.take().get()));
      }
      assertEquals(1_000, seen.size());
    }
  }

  @Test
  void theThreadsOfAThreadPoolTimeOut() throws Exception {
    try (var threads = threads(3, 3, new Queue<>())) {
      threads.setKeepAliveTime(1, MILLISECONDS);
      threads.allowCoreThreadTimeOut(true);
      for (var round = 0; round < 20; round++) {
        var number = round;

        assertEquals(number, threads.submit(() -> number).get());
      }

      Until.holds(() -> threads.getPoolSize() == 0);
      assertEquals("again", threads.submit(() -> "again").get());
    }
  }

  @Test
  void aThreadPoolEndsAtOnceThoughItsThreadsWaitForWork() throws Exception {
    var queue = new Queue<Runnable>();
    var threads = threads(3, 3, queue);
    threads.prestartAllCoreThreads();
    Until.says(queue, "3 getting");

    threads.shutdown();

    assertTrue(threads.awaitTermination(10, SECONDS));
    Until.says(queue, "0 getting");
  }

  @Test
  void shutdownNowGivesBackWhatDidNotBegin() throws Exception {
    var threads = threads(1, 1, new Queue<>());
    var began = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    threads.execute(() -> {
      began.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
    });
    began.await();
    var left = IntStream.range(0, 5).mapToObj(_ -> (Runnable) () -> {}).toList();
    left.forEach(threads::execute);

    var given = threads.shutdownNow();

    assertEquals(left, given);
    interrupted.await();
    assertTrue(threads.awaitTermination(10, SECONDS));
    assertThrows(RejectedExecutionException.class, () -> threads.execute(() -> {}));
  }

  @Test
  void aThreadPoolDropsWhatWasCancelled() throws Exception {
    var queue = new Queue<Runnable>();
    try (var threads = threads(1, 1, queue)) {
      var hold = new CountDownLatch(1);
      threads.submit(() -> {
        hold.await();
        return true;
      });
      var kept = threads.submit(() -> "kept");
      var dropped = threads.submit(() -> "dropped");
      dropped.cancel(false);

      threads.purge();

      assertSame(kept, queue.peek());
      assertEquals(1, queue.size());
      assertTrue(threads.remove((Runnable) kept));
      assertTrue(queue.isEmpty());
      hold.countDown();
    }
  }

  private static ThreadPoolExecutor threads(int core, int most, BlockingQueue<Runnable> queue) {
    return new ThreadPoolExecutor(
        core, most, 1, SECONDS, queue, Thread.ofPlatform().daemon().factory());
  }

  // ------------------------------------------------------------------------------- many at a time

  @Test
  void manyProducersAndConsumersOfAllKindsLoseNothing() throws Exception {
    var queue = new Queue<Integer>(3);
    var received = new Queue<Integer>();
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var producers = new ArrayList<Future<?>>();
      var consumers = new ArrayList<Future<?>>();
      Consumer<Integer> produce =
          first -> {
            for (var i = 0; i < 500; i++) {
              queue.put(first + i);
            }
          };
      Action consume =
          () -> {
            while (true) {
              received.put(queue.get());
              queue.taskDone();
            }
          };
      for (var hub : List.of(left, right)) {
        consumers.add(spawn(hub, consume));
        consumers.add(spawn(hub, consume));
        var first = producers.size() * 500;
        producers.add(spawn(hub, () -> produce.accept(first)));
      }
      consumers.add(
          Plain.start(() -> {
            consume.run();
            return true;
          }));
      producers.add(
          Plain.start(() -> {
            produce.accept(1_000);
            return true;
          }));

      for (var producer : producers) {
        producer.get();
      }
      queue.join();
      queue.close();

      for (var consumer : consumers) {
        assertSays(assertThrows(Exception.class, consumer::get), "closed");
      }
    }
    assertEquals(IntStream.range(0, 1_500).boxed().toList(), received.stream().sorted().toList());
  }

  // ------------------------------------------------------------------------------------- helpers

  private static Queue<Integer> queueOf(Integer... items) {
    return queueWithin(Integer.MAX_VALUE, items);
  }

  private static Queue<Integer> queueWithin(int maxsize, Integer... items) {
    var queue = new Queue<Integer>(maxsize);
    Collection<Integer> all = new ArrayDeque<>(List.of(items));
    queue.addAll(all);
    return queue;
  }

  private void step(String name) {
    steps.add(name);
  }
}
