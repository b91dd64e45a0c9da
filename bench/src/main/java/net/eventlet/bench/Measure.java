package net.eventlet.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// What does one operation cost, once the compiler is done with it?
///
/// Prints lines of JSON such as `{"row":"switch","ns":113.2}`, which [Compare] reads.
///
/// Run: through the programs that use it, such as [BareScheduler].
final class Measure {

  private static final long WARM_UP_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int WARM_UP_BATCHES_MIN = 5;
  private static final int BATCHES_MAX = 1000;
  private static final int BATCHES = 7;

  private Measure() {}

  /// Something to measure.
  @FunctionalInterface
  interface Body {

    /// Does it.
    ///
    /// @param operations how many times
    /// @throws Exception if it went wrong, which ends the program
    void run(int operations) throws Exception;
  }

  /// Runs `body` until it is warm, then several times more, and prints the median.
  ///
  /// @param row what it is
  /// @param operations in one batch; enough to last a tenth of a second
  /// @param body what to measure
  /// @throws Exception what `body` threw
  static void report(String row, int operations, Body body) throws Exception {
    var begin = System.nanoTime();
    for (var i = 0; i < BATCHES_MAX; i++) {
      if (i >= WARM_UP_BATCHES_MIN && System.nanoTime() - begin > WARM_UP_NANOS) {
        break;
      }
      body.run(operations);
    }
    var nanos = new double[BATCHES];
    for (var i = 0; i < BATCHES; i++) {
      var from = System.nanoTime();
      body.run(operations);
      nanos[i] = (double) (System.nanoTime() - from) / operations;
    }
    Arrays.sort(nanos);
    System.out.printf(Locale.ROOT, "{\"row\":\"%s\",\"ns\":%.2f}%n", row, nanos[BATCHES / 2]);
  }

  /// Prints what the heap and the process have grown by since `before`, for each of `count`.
  ///
  /// @param row what it is
  /// @param count how many there are now that were not there before
  /// @param before how much there was
  static void reportMemory(String row, int count, Memory before) {
    var now = Memory.now();
    var bytes = (double) (now.heap - before.heap) / count;
    var resident = (double) (now.resident - before.resident) / count;
    System.out.printf(
        Locale.ROOT, "{\"row\":\"%s\",\"bytes\":%.1f,\"rss\":%.1f}%n", row, bytes, resident);
  }

  /// How much memory is in use.
  ///
  /// @param heap bytes that survive a full collection
  /// @param resident bytes of the process, with what the collector has not given back
  record Memory(long heap, long resident) {

    /// {@return what is in use now}
    static Memory now() {
      for (var i = 0; i < 3; i++) {
        System.gc();
      }
      var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return new Memory(heap, Machine.residentBytes());
    }
  }

  /// Ends the process after so long, whatever it is doing, so that none is ever left behind.
  ///
  /// @param seconds from now
  static void endAfter(int seconds) {
    Thread.ofPlatform()
        .daemon()
        .name("end-after")
        .start(() -> {
          try {
            Thread.sleep(Duration.ofSeconds(seconds));
          } catch (InterruptedException e) {
            return;
          }
          Runtime.getRuntime().halt(124);
        });
  }

  /// Ends a server after the seconds of its last argument, or ten minutes.
  ///
  /// @param arguments of the program
  static void endAfter(String[] arguments) {
    endAfter(arguments.length > 0 ? Integer.parseInt(arguments[arguments.length - 1]) : 600);
  }
}
