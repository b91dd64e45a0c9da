package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.connect;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import net.eventlet.green.GreenSsl;
import net.eventlet.green.Identities;

/// Says a line to an encrypted echo, and prints what comes back.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/TlsAsk.java localhost 6001
/// trusted.pem hello`; without the last two it trusts whom the system trusts.
public final class TlsAsk {

  public static void main(String[] arguments) throws Exception {
    var host = arguments[0];
    var address = InetSocketAddress.createUnresolved(host, Integer.parseInt(arguments[1]));
    var context =
        arguments.length > 2
            ? GreenSsl.context(new Identities(), GreenSsl.certificates(Path.of(arguments[2])))
            : GreenSsl.context();
    var line = (arguments.length > 3 ? arguments[3] : "hello").getBytes(UTF_8);

    try (var connection = GreenSsl.wrap(connect(address), context, host)) {
      connection.readLimit(Duration.ofSeconds(5));
      connection.write(line, 0, line.length);
      connection.shutdownOutput();
      IO.println(new String(connection.getInputStream().readAllBytes(), UTF_8));
    }
  }
}
