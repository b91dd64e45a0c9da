package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerOptions;

/// What a child does before it serves: it answers requests of its own with an application of its
/// own, so that the JVM has compiled most of the server when the first client comes.
final class WarmUp {

  private static final int REQUESTS = 1500;
  private static final long LIMIT_NANOS = Duration.ofMillis(120).toNanos(); // on a busy machine
  private static final byte[] REQUEST =
      "GET /some/path?some=query HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n"
          .getBytes(US_ASCII);
  private static final String BODY = "warm";
  private static final int LAST = BODY.charAt(BODY.length() - 1);

  private WarmUp() {}

  /// Warms it up.
  ///
  /// @throws IOException if this machine has no loopback, say; the child can serve none the less
  static void run() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var options = ServerOptions.DEFAULT.withAccessLog(_ -> {});
    try (var server = Server.start(address, _ -> Response.text(BODY), options);
        var client = Eventlet.connect(server.address())) {
      var until = System.nanoTime() + LIMIT_NANOS;
      var answer = new byte[1024];
      for (var i = 0; i < REQUESTS && System.nanoTime() < until; i++) {
        client.getOutputStream().write(REQUEST);
        readAnswer(client.getInputStream(), answer);
      }
    }
  }

  /// Reads until the last character of the body; a piece that ends there sooner would only make the
  /// next answer seem early.
  private static void readAnswer(InputStream input, byte[] answer) throws IOException {
    for (var count = input.read(answer);
        count < 1 || answer[count - 1] != LAST;
        count = input.read(answer)) {
      if (count < 0) {
        throw new EOFException("the server that is warmed up closes its connection");
      }
    }
  }
}
