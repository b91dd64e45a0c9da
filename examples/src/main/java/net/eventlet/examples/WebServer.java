package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.ServerOptions;
import net.eventlet.wsgi.Wsgi;

/// Serves a page, sends back what is posted, and counts, a number every tenth of a second: as
/// server-sent events.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/WebServer.java [PORT]`, then
/// `curl localhost:8090/count`.
///
/// Source: the slides; `examples/wsgi.py`.
public final class WebServer {

  public static void main(String[] arguments) throws Exception {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8090;
    var listener = listen(new InetSocketAddress(port));
    IO.println("listening on port " + listener.getLocalPort());
    Wsgi.server(listener, WebServer::answer, ServerOptions.DEFAULT.withAccessLog(IO::println));
  }

  private static Response answer(Request request) {
    return switch (request.path()) {
      case "/" -> Response.text("Hello, World!\n");
      case "/echo" -> Response.stream("application/octet-stream", request.body());
      case "/count" -> Response.written("text/event-stream", WebServer::count);
      default -> Response.text("Not Found\n").withStatus(404);
    };
  }

  private static void count(OutputStream output) throws IOException {
    for (var number = 1; number <= 10; number++) {
      output.write(("data: " + number + "\n\n").getBytes(UTF_8));
      output.flush();
      sleep(Duration.ofMillis(100));
    }
  }
}
