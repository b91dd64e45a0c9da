package net.eventlet.bench;

import static net.eventlet.Eventlet.spawnN;

import java.net.InetAddress;
import java.net.ServerSocket;
import net.eventlet.Eventlet;

/// What does an echo cost over unmodified sockets of the JDK, a green thread a connection?
///
/// [StockThreadsEcho] is the same program on the JDK's own virtual threads.
///
/// Run: `make bench ARGS=echo`, or by itself with the flags of `eventlet.flags`; the port is the
/// first line of output, and the argument the seconds until it ends.
final class EventletStockEcho {

  private EventletStockEcho() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    Eventlet.run(() -> {
      try (var listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress())) {
        System.out.println(listener.getLocalPort());
        while (!listener.isClosed()) {
          var socket = listener.accept();
          spawnN(() -> SocketRoundTrips.echo(socket));
        }
      }
    });
  }
}
