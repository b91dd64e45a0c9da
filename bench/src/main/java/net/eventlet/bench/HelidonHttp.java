package net.eventlet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import java.net.InetAddress;

/// What does a small answer cost on Helidon, a virtual thread a connection, on one carrier?
///
/// Run: `make bench ARGS=http`; the port is the first line of output, and the argument the seconds
/// until it ends.
final class HelidonHttp {

  private HelidonHttp() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var text = "Hello, World!".getBytes(US_ASCII);
    var plain = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain");
    var length = HeaderValues.createCached(HeaderNames.CONTENT_LENGTH, text.length);
    var server =
        WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(0)
            .backlog(4096)
            .routing(routing ->
                routing.get("/", (_, answer) -> answer.header(plain).header(length).send(text)))
            .build()
            .start();
    System.out.println(server.port());
    Thread.currentThread().join();
  }
}
