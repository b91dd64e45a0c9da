package net.eventlet.bench;

import static net.eventlet.Eventlet.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import net.eventlet.Eventlet;
import net.eventlet.ListenOptions;
import net.eventlet.wsgi.ConnectionLimits;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerLimits;
import net.eventlet.wsgi.ServerOptions;
import net.eventlet.wsgi.websocket.WebSocketLimits;
import net.eventlet.wsgi.websocket.WebSocketOptions;
import net.eventlet.wsgi.websocket.WebSocketWsgi;

/// What does an echo over WebSockets cost, with all checks?
///
/// Run: `make bench ARGS=websocket`; the port is the first line of output, and the argument the
/// seconds until it ends.
final class EventletWebSocket {

  private static final int CONNECTIONS_MAX = 19_000;

  private static final Duration SILENCE = Duration.ofMinutes(10); // the load knows no pings

  private EventletWebSocket() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var limits =
        ServerLimits.DEFAULT.withConnections(
            ConnectionLimits.DEFAULT
                .withOpen(CONNECTIONS_MAX)
                .withPerAddress(CONNECTIONS_MAX)
                .withAtWork(CONNECTIONS_MAX));
    var echo =
        new WebSocketWsgi(
            socket -> {
              for (var message = socket.receive(); message != null; message = socket.receive()) {
                socket.send(message);
              }
            },
            WebSocketOptions.DEFAULT.withLimits(WebSocketLimits.DEFAULT.withPing(SILENCE)));
    Eventlet.run(() -> {
      var listener = listen(address, ListenOptions.DEFAULT.withBacklog(4096));
      System.out.println(listener.getLocalPort());
      Server.start(listener, echo, ServerOptions.DEFAULT.withLimits(limits)).join();
    });
  }
}
