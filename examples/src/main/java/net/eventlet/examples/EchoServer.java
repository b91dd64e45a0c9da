package net.eventlet.examples;

import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawnN;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.eventlet.GreenSocket;

/// Sends back every line it gets, to any number of clients at once.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/EchoServer.java [PORT]`, then
/// `nc localhost 6000`.
///
/// Source: the echo server of the slides.
public final class EchoServer {

  private EchoServer() {}

  /// Serves until it is stopped.
  ///
  /// @param arguments the port, 6000 unless given
  /// @throws Exception if it cannot listen
  public static void main(String[] arguments) throws Exception {
    var port = arguments.length == 0 ? 6000 : Integer.parseInt(arguments[0]);
    run(() -> serve(port));
  }

  private static void serve(int port) throws IOException {
    try (var listener = listen(new InetSocketAddress(port))) {
      System.out.println("listening on port " + listener.getLocalPort());
      while (true) {
        var client = listener.accept();
        System.out.println("accepted " + client.getRemoteSocketAddress());
        spawnN(() -> echo(client));
      }
    }
  }

  private static void echo(GreenSocket client) throws IOException {
    try (client) {
      for (var line = client.readLine(); line != null; line = client.readLine()) {
        client.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      }
    }
  }
}
