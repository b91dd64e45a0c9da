package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
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
      var server = spawn(() -> answer(listener));
      var client = spawn(() -> ask(listener.getLocalPort()));
      IO.println(client.await());
      server.await();
    }
  }

  private static void answer(ServerSocket listener) throws IOException {
    try (var connection = listener.accept();
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream()));
        var out = new PrintWriter(connection.getOutputStream(), true)) {
      out.println("hello, " + in.readLine());
    }
  }

  private static String ask(int port) throws IOException {
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), port);
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream()));
        var out = new PrintWriter(connection.getOutputStream(), true)) {
      out.println("world");
      return in.readLine();
    }
  }
}
