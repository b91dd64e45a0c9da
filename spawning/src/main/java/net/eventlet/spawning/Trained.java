package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;

import java.time.Duration;
import java.util.List;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerOptions;

/// The program in whose run `bin/spawn` has the JDK learn what a child loads (JEP 514): answers one
/// request, as a child would.
final class Trained {

  private static final String REQUEST =
      "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

  private Trained() {}

  /// Runs it.
  ///
  /// @param arguments none
  static void main(String[] arguments) throws Exception {
    Eventlet.run(Trained::serve);
  }

  private static void serve() throws Exception {
    var settings =
        new WorkerSettings("", List.of("x"), 1, 1, 0, true, 0, "-", 0, "", Duration.ZERO, "", "");
    var lines = settings.lines().lines().iterator();
    WorkerSettings.parse(() -> lines.hasNext() ? lines.next() : "");
    Signals.handle("USR1", () -> {});
    Class.forName(Worker.class.getName());
    Class.forName(NamedFactory.class.getName());
    var options = ServerOptions.DEFAULT.withAccessLog(_ -> {});
    var address = Listeners.parse("127.0.0.1", 0);
    try (var server =
            Server.start(listen(address), request -> Response.text(request.path()), options);
        var client = connect(server.address())) {
      client.getOutputStream().write(REQUEST.getBytes(US_ASCII));
      System.out.write(client.getInputStream().readAllBytes());
    }
  }
}
