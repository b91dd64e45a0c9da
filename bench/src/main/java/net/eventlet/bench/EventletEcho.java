package net.eventlet.bench;

import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.serve;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import net.eventlet.Eventlet;
import net.eventlet.ListenOptions;

/// What does an echo cost over green sockets, a green thread a connection?
///
/// Run: `make bench ARGS="echo crowd"`, or by itself with the flags of `eventlet.flags`; the port
/// is the first line of output, and the argument the seconds until it ends.
final class EventletEcho {

  private static final int CONNECTIONS_MAX = 19_000;

  private EventletEcho() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Eventlet.run(() -> {
      var listener = listen(address, ListenOptions.DEFAULT.withBacklog(4096));
      System.out.println(listener.getLocalPort());
      serve(listener, SocketRoundTrips::echo, CONNECTIONS_MAX);
    });
  }
}
