package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import net.eventlet.GreenSocket;
import net.eventlet.green.RequestHandler;
import net.eventlet.green.SocketServer;

/// Answers each line in capitals, and counts those of its connection.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Shout.java [PORT]`
public final class Shout implements RequestHandler<GreenSocket> {

  private int lines;

  public static void main(String[] arguments) throws IOException {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6000;
    try (var server = SocketServer.tcp(new InetSocketAddress(port), Shout::new)) {
      IO.println("listening on port " + ((InetSocketAddress) server.address()).getPort());
      server.serveForever();
    }
  }

  @Override
  public void handle(GreenSocket client) throws IOException {
    for (var line = client.readLine(); line != null; line = client.readLine()) {
      lines++;
      client.write(UTF_8.encode(lines + " " + line.toUpperCase(Locale.ROOT) + "\n"));
    }
  }
}
