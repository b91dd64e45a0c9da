package net.eventlet.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// What does it cost to hand an item to another of the JDK's own virtual threads, on another
/// carrier, through a `LinkedTransferQueue`?
///
/// The JDK's scheduler has two carriers, but may run both threads on one, which is faster; with an
/// argument each has a scheduler of a single thread to itself.
///
/// Run: `make bench ARGS=queue-across`, or by itself with
/// `-Djdk.virtualThreadScheduler.parallelism=2 -Djdk.virtualThreadScheduler.maxPoolSize=2`.
final class StockThreadsQueue {

  private StockThreadsQueue() {}

  /// Measures it.
  ///
  /// @param arguments any, for a carrier each
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    if (arguments.length == 0) {
      Measure.report(
          "queue-across",
          50_000,
          n -> thereAndBack(n, Thread::startVirtualThread, Thread::startVirtualThread));
      return;
    }
    try (var one = Executors.newSingleThreadExecutor();
        var other = Executors.newSingleThreadExecutor()) {
      Measure.report(
          "queue-across",
          50_000,
          n ->
              thereAndBack(
                  n,
                  body -> BareScheduler.start(one, body),
                  body -> BareScheduler.start(other, body)));
    }
  }

  private static void thereAndBack(
      int handOffs, Function<Runnable, Thread> first, Function<Runnable, Thread> second)
      throws InterruptedException {
    var there = new LinkedTransferQueue<Integer>();
    var back = new LinkedTransferQueue<Integer>();
    var wrong = new AtomicInteger();
    var answering =
        first.apply(() -> {
          try {
            for (var i = 0; i < handOffs / 2; i++) {
              back.put(there.take());
            }
          } catch (InterruptedException e) {
            wrong.incrementAndGet();
          }
        });
    var asking =
        second.apply(() -> {
          try {
            for (var i = 0; i < handOffs / 2; i++) {
              there.put(i);
              if (back.take() != i) {
                wrong.incrementAndGet();
              }
            }
          } catch (InterruptedException e) {
            wrong.incrementAndGet();
          }
        });
    asking.join();
    answering.join();
    if (wrong.get() > 0) {
      throw new AssertionError(wrong + " items were lost");
    }
  }
}
