package net.eventlet.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;

/// How long does a line take to a socket in the same process and back, each end a thread?
///
/// Run: through [EventletRoundTrips] and [StockRoundTrips].
final class SocketRoundTrips {

  private static final int LINE_BYTES = 32;
  private static final int ROUND_TRIPS = 5_000;

  private SocketRoundTrips() {}

  /// Measures round trips over unmodified sockets of the JDK. Called by the thread that asks.
  ///
  /// @param row what it is
  /// @param threads makes the thread that answers
  /// @throws Exception if it cannot be measured
  static void measure(String row, ThreadFactory threads) throws Exception {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var answering = threads.newThread(() -> answerOne(listener));
      answering.start();
      try (var socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
        measure(row, socket);
      }
      answering.join();
    }
  }

  /// Measures round trips over a socket whose other end echoes.
  ///
  /// @param row what it is
  /// @param socket connected
  /// @throws Exception if it cannot be measured
  static void measure(String row, Socket socket) throws Exception {
    socket.setTcpNoDelay(true);
    var in = socket.getInputStream();
    var out = socket.getOutputStream();
    var line = "a line of thirty-two bytes, LF.\n".getBytes(StandardCharsets.US_ASCII);
    var answer = new byte[LINE_BYTES];
    Measure.report(
        row,
        ROUND_TRIPS,
        count -> {
          for (var i = 0; i < count; i++) {
            out.write(line);
            if (in.readNBytes(answer, 0, LINE_BYTES) != LINE_BYTES) {
              throw new IOException("the other end closed");
            }
          }
        });
  }

  /// Sends back what comes, until the other end closes.
  ///
  /// @param socket connected; closed afterwards
  /// @throws IOException if the connection breaks
  static void echo(Socket socket) throws IOException {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = socket.getInputStream();
      var out = socket.getOutputStream();
      var buffer = new byte[4096];
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    }
  }

  private static void answerOne(ServerSocket listener) {
    try {
      echo(listener.accept());
    } catch (IOException e) {
      throw new IllegalStateException("the answering end broke", e);
    }
  }
}
