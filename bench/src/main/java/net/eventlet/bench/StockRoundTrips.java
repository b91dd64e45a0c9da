package net.eventlet.bench;

import java.util.concurrent.Executors;

/// How long does a line take to a socket in the same process and back, on the JDK's own threads?
///
/// - `roundtrip`: both ends virtual threads, on one carrier
/// - `roundtrip-platform`: both ends platform threads
///
/// Run: `make bench ARGS=roundtrip`, or by itself with `-Djdk.virtualThreadScheduler.parallelism=1
/// -Djdk.virtualThreadScheduler.maxPoolSize=1`.
final class StockRoundTrips {

  private StockRoundTrips() {}

  /// Measures both.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(() -> measure("roundtrip", Thread.ofVirtual())).get();
    }
    measure("roundtrip-platform", Thread.ofPlatform());
  }

  private static Void measure(String row, Thread.Builder threads) throws Exception {
    SocketRoundTrips.measure(row, threads.factory());
    return null;
  }
}
