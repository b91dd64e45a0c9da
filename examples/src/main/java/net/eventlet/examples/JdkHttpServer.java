package net.eventlet.examples;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.httpserver.GreenHttpServerProvider;

/// A program for the JDK's own web server, on green threads: a thousand slow answers at once need
/// no thousand threads.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/JdkHttpServer.java [PORT]`.
public final class JdkHttpServer {

  public static void main(String[] arguments) throws Exception {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8092;
    var server = new GreenHttpServerProvider().createHttpServer(new InetSocketAddress(port), 0);
    server.createContext("/", JdkHttpServer::greet);
    server.start();
    IO.println("listening on port " + server.getAddress().getPort());
    Eventlet.sleep(Duration.ofDays(365));
  }

  private static void greet(HttpExchange exchange) throws IOException {
    try (exchange) {
      Eventlet.sleep(Duration.ofMillis(100));
      var text = "hello, " + exchange.getRequestURI().getPath() + "\n";
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
