package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;

/// Fetches pages for its clients and keeps each for a minute. Who asks for a page that is on its
/// way already waits for that one: it is fetched once.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/CachingProxy.java [PORT]`,
/// then `curl -x localhost:3128 http://example.org/`, twice.
public final class CachingProxy {

  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Map<String, GreenThread<byte[]>> pages = new HashMap<>();

  public static void main(String[] arguments) throws IOException {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3128;
    try (var listener = listen(new InetSocketAddress(port))) {
      IO.println("listening on port " + listener.getLocalPort());
      serve(listener, new CachingProxy()::answer);
    }
  }

  private void answer(GreenSocket client) throws Exception {
    var request = requireNonNullElse(client.readLine(), "").split(" ", -1);
    while (!requireNonNullElse(client.readLine(), "").isEmpty()) {
      // a header, of which none is passed on
    }
    if (request.length != 3 || !request[0].equals("GET") || !request[1].startsWith("http://")) {
      client.write(UTF_8.encode("HTTP/1.0 501 Not Implemented\r\n\r\n"));
      return;
    }
    try {
      var page = pages.computeIfAbsent(request[1], url -> spawn(() -> fetch(url))).await();
      client.write(page, 0, page.length);
    } catch (IOException failure) {
      client.write(UTF_8.encode("HTTP/1.0 502 Bad Gateway\r\n\r\n" + failure.getMessage() + "\n"));
    }
  }

  private byte[] fetch(String address) throws IOException {
    var _ =
        spawnAfter(
            FRESH,
            () -> {
              pages.remove(address);
            });
    var page = URI.create(address).toURL();
    var port = page.getPort() < 0 ? page.getDefaultPort() : page.getPort();
    try (var server =
        connect(InetSocketAddress.createUnresolved(page.getHost(), port), Duration.ofSeconds(10))) {
      var path = page.getFile().replaceFirst("^/?", "/");
      server.write(
          UTF_8.encode("GET " + path + " HTTP/1.0\r\nHost: " + page.getAuthority() + "\r\n\r\n"));
      return server.getInputStream().readAllBytes();
    }
  }
}
