package net.eventlet.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// What does an echo cost on the JDK's own virtual threads, one a connection, on one carrier?
///
/// Run: `make bench ARGS=echo`, or by itself with `-Djdk.virtualThreadScheduler.parallelism=1
/// -Djdk.virtualThreadScheduler.maxPoolSize=1`; the port is the first line of output, and the
/// argument the seconds until it ends.
final class StockThreadsEcho {

  private StockThreadsEcho() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    try (var listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress())) {
      System.out.println(listener.getLocalPort());
      Thread.ofVirtual().name("accept").start(() -> accept(listener)).join();
    }
  }

  private static void accept(ServerSocket listener) {
    try {
      while (!listener.isClosed()) {
        var socket = listener.accept();
        Thread.startVirtualThread(() -> echo(socket));
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot accept", e);
    }
  }

  private static void echo(Socket socket) {
    try {
      SocketRoundTrips.echo(socket);
    } catch (IOException e) {
      System.err.println(socket + ": " + e);
    }
  }
}
