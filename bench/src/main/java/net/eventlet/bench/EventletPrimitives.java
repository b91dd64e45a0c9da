package net.eventlet.bench;

import static net.eventlet.Eventlet.spawn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import net.eventlet.GreenThread;
import net.eventlet.Queue;
import net.eventlet.Semaphore;
import net.eventlet.greenlet.Generator;
import net.eventlet.greenlet.Greenlet;
import net.eventlet.hubs.Hub;

/// What do events, queues, semaphores, pools and greenlets cost?
///
/// - `event`: make an event, send it, await it; `queue`: put and get; `semaphore`: acquire and
///   release: each by one green thread, without a switch
/// - `queue-across`: an item to a green thread on another hub, and one back, through two queues
/// - `imap`: of a trivial function, for each item; `by-hand`: the same by spawning all and awaiting
///   each
/// - `greenlet`: a switch between two greenlets; `generator`: one item of a generator
///
/// Run: `make bench ARGS="event queue semaphore queue-across imap greenlet"`.
final class EventletPrimitives {

  private static final int ITEMS = 100_000;

  /* Where others could find what is measured, so that the compiler cannot leave it out. */
  private static volatile Event<Integer> event = new Event<>();
  private static volatile Queue<Integer> queue = new Queue<>();
  private static volatile Semaphore semaphore = new Semaphore(1);

  private EventletPrimitives() {}

  /// Measures the rows that are named.
  ///
  /// @param arguments rows
  /// @throws Exception if a row cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var rows = Arrays.asList(arguments);
    Eventlet.run(() -> measure(rows));
  }

  private static void measure(List<String> rows) throws Exception {
    if (rows.contains("event")) {
      Measure.report("event", 5_000_000, EventletPrimitives::sendAndAwait);
    }
    if (rows.contains("queue")) {
      Measure.report("queue", 5_000_000, EventletPrimitives::putAndGet);
    }
    if (rows.contains("semaphore")) {
      Measure.report("semaphore", 5_000_000, EventletPrimitives::acquireAndRelease);
    }
    if (rows.contains("queue-across")) {
      try (var other = Hub.start("other")) {
        Measure.report("queue-across", 50_000, n -> thereAndBack(other, n));
      }
    }
    if (rows.contains("imap")) {
      Measure.report("imap", ITEMS, EventletPrimitives::map);
      Measure.report("by-hand", ITEMS, EventletPrimitives::spawnAll);
    }
    if (rows.contains("greenlet")) {
      Measure.report("greenlet", 2_000_000, EventletPrimitives::switchGreenlets);
      Measure.report("generator", 2_000_000, EventletPrimitives::generate);
    }
  }

  private static void sendAndAwait(int count) throws Exception {
    var sum = 0;
    for (var i = 0; i < count; i++) {
      event = new Event<>();
      event.send(1);
      sum += event.await();
    }
    require(sum, count);
  }

  private static void putAndGet(int count) {
    var sum = 0;
    for (var i = 0; i < count; i++) {
      queue.put(1);
      sum += queue.get();
    }
    require(sum, count);
  }

  private static void acquireAndRelease(int count) {
    for (var i = 0; i < count; i++) {
      semaphore.acquire();
      semaphore.release();
    }
    require(semaphore.balance(), 1);
  }

  private static void thereAndBack(Hub other, int handOffs) throws Exception {
    var there = new Queue<Integer>();
    var back = new Queue<Integer>();
    var answering =
        spawn(
            other,
            () -> {
              for (var i = 0; i < handOffs / 2; i++) {
                back.put(there.get());
              }
            });
    for (var i = 0; i < handOffs / 2; i++) {
      there.put(i);
      require(back.get(), i);
    }
    answering.await();
  }

  private static void map(int count) {
    var sum = 0;
    var items = (Iterable<Integer>) () -> IntStream.range(0, count).iterator();
    try (var results = new GreenPool(1000).imap(_ -> 1, items)) {
      for (var result : results) {
        sum += result;
      }
    }
    require(sum, count);
  }

  private static void spawnAll(int count) throws Exception {
    var sum = 0;
    var threads = new ArrayList<GreenThread<Integer>>();
    for (var i = 0; i < count; i++) {
      threads.add(spawn(() -> 1));
    }
    for (var thread : threads) {
      sum += thread.await();
    }
    require(sum, count);
  }

  private static void switchGreenlets(int switches) throws Exception {
    var main = Greenlet.current();
    var other =
        new Greenlet(_ -> {
          while (true) {
            main.switchTo(null);
          }
        });
    for (var i = 0; i < switches / 2; i++) {
      other.switchTo(null);
    }
    other.throwTo();
  }

  private static void generate(int count) {
    var sum = 0;
    var generator =
        new Generator<Integer>(sink -> {
          for (var i = 0; i < count; i++) {
            sink.yield(1);
          }
        });
    for (var item : generator) {
      sum += item;
    }
    require(sum, count);
  }

  private static void require(int measured, int expected) {
    if (measured != expected) {
      throw new AssertionError(measured + " instead of " + expected);
    }
  }
}
