package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import net.eventlet.GreenPool;
import net.eventlet.Timeout;

/// Asks web servers for their front page, a hundred at once, and prints the first line of each
/// answer in the order of the arguments. Five seconds are the limit, whatever a server does: no
/// answer, no connection, no such name.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/FirstLine.java HOST:PORT...`
public final class FirstLine {

  public static void main(String... servers) {
    try (var pool = new GreenPool(100);
        var answers = pool.imap(FirstLine::ask, List.of(servers))) {
      answers.forEach(IO::println);
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
