package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import net.eventlet.GreenSocket;
import net.eventlet.ListenOptions;

/// Sends back whatever it gets, to ten thousand clients at once.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/EchoServer.java [PORT]`,
/// then `nc localhost 6000`.
///
/// Source: the slides; `examples/echoserver.py`. There the pool of ten thousand green threads is
/// made by hand.
public final class EchoServer {

  private static final int CLIENTS = 10_000;
  private static final int CLIENTS_THAT_COME_AT_ONCE = 1000;

  public static void main(String[] arguments) throws IOException {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6000;
    var options = ListenOptions.DEFAULT.withBacklog(CLIENTS_THAT_COME_AT_ONCE);
    try (var listener = listen(new InetSocketAddress(port), options)) {
      IO.println("listening on port " + listener.getLocalPort());
      serve(listener, EchoServer::echo, CLIENTS);
    }
  }

  private static void echo(GreenSocket client) throws IOException {
    client.getInputStream().transferTo(client.getOutputStream());
  }
}
