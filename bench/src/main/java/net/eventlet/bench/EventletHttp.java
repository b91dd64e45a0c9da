package net.eventlet.bench;

import static net.eventlet.Eventlet.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import net.eventlet.Eventlet;
import net.eventlet.ListenOptions;
import net.eventlet.wsgi.ConnectionLimits;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerLimits;
import net.eventlet.wsgi.ServerOptions;
import net.eventlet.wsgi.TimeLimits;

/// What does a small answer cost our web server, with all its checks?
///
/// Run: `make bench ARGS=http`; the port is the first line of output, the last argument the seconds
/// until it ends, and one before it the number of hubs.
final class EventletHttp {

  private static final int CONNECTIONS_MAX = 19_000;
  private static final Duration REST_MAX = Duration.ofMinutes(5); // the load opens all, then asks

  private EventletHttp() {}

  /// Serves.
  ///
  /// @param arguments hubs, unless it is one, and seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var hubs = arguments.length > 1 ? Integer.parseInt(arguments[0]) : 1;
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var limits =
        ServerLimits.DEFAULT
            .withTimes(TimeLimits.DEFAULT.withFirstByte(REST_MAX).withIdle(REST_MAX))
            .withConnections(
                ConnectionLimits.DEFAULT
                    .withOpen(CONNECTIONS_MAX)
                    .withPerAddress(CONNECTIONS_MAX)
                    .withAtWork(CONNECTIONS_MAX));
    Eventlet.run(() -> {
      var listener = listen(address, ListenOptions.DEFAULT.withBacklog(4096));
      System.out.println(listener.getLocalPort());
      Server.start(
              listener,
              _ -> Response.text("Hello, World!"),
              ServerOptions.DEFAULT.withLimits(limits).withHubs(hubs))
          .join();
    });
  }
}
