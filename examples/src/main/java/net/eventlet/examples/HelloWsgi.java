package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import net.eventlet.wsgi.StartResponse;
import net.eventlet.wsgi.Wsgi;

/// The slides' web application, line by line, in WSGI's own shape.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/HelloWsgi.java [PORT]`
///
/// Source: the slides; `examples/wsgi.py`. There a `return` is missing, so that every path is
/// answered 200; here that would be a failure.
public final class HelloWsgi {

  public static void main(String[] arguments) throws Exception {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8090;
    var listener = listen(new InetSocketAddress(port));
    IO.println("listening on port " + listener.getLocalPort());
    Wsgi.server(listener, HelloWsgi::helloWorld);
  }

  private static List<byte[]> helloWorld(Map<String, Object> environ, StartResponse startResponse) {
    if (!"/".equals(environ.get("PATH_INFO"))) {
      startResponse.call("404 Not Found", List.of(Map.entry("Content-Type", "text/plain")));
      return List.of("Not Found\r\n".getBytes(UTF_8));
    }
    startResponse.call("200 OK", List.of(Map.entry("Content-Type", "text/plain")));
    return List.of("Hello, World!\r\n".getBytes(UTF_8));
  }
}
