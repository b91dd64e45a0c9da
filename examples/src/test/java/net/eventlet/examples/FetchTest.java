package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchTest {

  @Test
  void eachAddressHasItsAnswer() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 5);
          exchange.getResponseBody().write("hello".getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    try {
      var here = "http://127.0.0.1:" + server.getAddress().getPort() + "/";

      assertEquals(
          List.of(here + "a 200, 5 bytes", here + "b 200, 5 bytes"),
          Program.output(Fetch.class, here + "a", here + "b"));
    } finally {
      server.stop(0);
    }
  }
}
