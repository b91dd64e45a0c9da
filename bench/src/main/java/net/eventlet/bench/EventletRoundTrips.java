package net.eventlet.bench;

import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.spawn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import net.eventlet.Eventlet;
import net.eventlet.hubs.Hub;

/// How long does a line take to a socket in the same process and back, both ends green threads of
/// one hub?
///
/// - `roundtrip`: over unmodified sockets of the JDK
/// - `roundtrip-green`: over green sockets
///
/// Run: `make bench ARGS=roundtrip`, or by itself with the flags of `eventlet.flags`.
final class EventletRoundTrips {

  private EventletRoundTrips() {}

  /// Measures both.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    Eventlet.run(() -> {
      SocketRoundTrips.measure("roundtrip", Hub.current().threadFactory());
      green();
    });
  }

  private static void green() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    try (var listener = listen(new InetSocketAddress(loopback, 0))) {
      var answering = spawn(() -> SocketRoundTrips.echo(listener.accept()));
      try (var socket = connect(new InetSocketAddress(loopback, listener.getLocalPort()))) {
        SocketRoundTrips.measure("roundtrip-green", socket);
      }
      answering.await();
    }
  }
}
