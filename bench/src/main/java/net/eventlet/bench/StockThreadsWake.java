package net.eventlet.bench;

/// How long does a plain thread take to wake one of the JDK's own virtual threads that is parked,
/// and to be woken by it?
///
/// Run: `make bench ARGS=wake`, or by itself with `-Djdk.virtualThreadScheduler.parallelism=1
/// -Djdk.virtualThreadScheduler.maxPoolSize=1` and two CPUs.
final class StockThreadsWake {

  private StockThreadsWake() {}

  /// Measures it.
  ///
  /// @param arguments the CPU of the one that measures and of the other; 0 and 0 if missing
  /// @throws InterruptedException if interrupted
  static void main(String[] arguments) throws InterruptedException {
    Measure.endAfter(300);
    var one = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    var other = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    WakeRoundTrips.measure(
        "wake", Thread.ofPlatform().factory(), one, Thread.ofVirtual().factory(), other);
  }
}
