package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import net.eventlet.Timeout;

/// Asks web servers for their front page, all at once, and prints the first line of each answer.
/// Five seconds are the limit, whatever a server does: no answer, no connection, no such name.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/FirstLine.java HOST:PORT...`
public final class FirstLine {

  public static void main(String... servers) throws Exception {
    var answers = Arrays.stream(servers).map(server -> spawn(() -> ask(server))).toList();

    for (var answer : answers) {
      IO.println(answer.await());
    }
  }

  private static String ask(String server) throws Exception {
    var colon = server.lastIndexOf(':');
    var host = server.substring(0, colon);
    var port = Integer.parseInt(server.substring(colon + 1));
    try (var _ = Timeout.after(Duration.ofSeconds(5));
        var connection = connect(InetSocketAddress.createUnresolved(host, port))) {
      connection.write(US_ASCII.encode("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n"));
      return server + " " + connection.readLine();
    } catch (IOException | Timeout failure) {
      return server + " " + failure.getMessage();
    }
  }
}
