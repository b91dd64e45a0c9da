package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// The JDK's own sockets wait on the hub as well: a client and a server that know nothing of green
/// threads talk to each other on one thread.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/StockSockets.java`
public final class StockSockets {

  public static void main() throws Exception {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      spawnN(() -> answer(listener));
      var client = spawn(() -> ask(listener.getLocalPort()));
      IO.println(client.await());
    }
  }

  private static void answer(ServerSocket listener) throws IOException {
    try (var connection = listener.accept()) {
      var name = new String(connection.getInputStream().readAllBytes(), UTF_8);
      connection.getOutputStream().write(("hello, " + name).getBytes(UTF_8));
    }
  }

  private static String ask(int port) throws IOException {
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      connection.getOutputStream().write("world".getBytes(UTF_8));
      connection.shutdownOutput();
      return new String(connection.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
