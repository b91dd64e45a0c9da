package net.eventlet.bench;

import net.eventlet.hubs.Hub;

/// How long does a plain thread take to wake a green thread that is parked on its hub, and to be
/// woken by it?
///
/// - `wake`: a plain thread and a green thread
/// - `wake-hubs`: two green threads, each on a hub of its own
///
/// Run: `make bench ARGS=wake`, or by itself with the flags of `eventlet.flags` and two CPUs.
final class EventletWake {

  private EventletWake() {}

  /// Measures both.
  ///
  /// @param arguments the CPU of the one that measures and of the other; 0 and 0 if missing
  /// @throws InterruptedException if interrupted
  static void main(String[] arguments) throws InterruptedException {
    Measure.endAfter(300);
    var one = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    var other = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    try (var hub = Hub.start("woken");
        var second = Hub.start("waker")) {
      var plain = Thread.ofPlatform().factory();
      WakeRoundTrips.measure("wake", plain, one, hub.threadFactory(), other);
      WakeRoundTrips.measure("wake-hubs", second.threadFactory(), one, hub.threadFactory(), other);
    }
  }
}
