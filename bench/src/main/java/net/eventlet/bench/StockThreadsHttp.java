package net.eventlet.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/// What does a small answer cost on the JDK's own virtual threads, one a connection, on one
/// carrier?
///
/// It does as little as the C server: looks for the end of each head, and checks nothing. No
/// library's server on virtual threads can be faster.
///
/// Run: `make bench ARGS=http`; the port is the first line of output, and the argument the seconds
/// until it ends.
final class StockThreadsHttp {

  private static final int BUFFER = 8192;
  private static final byte[] CLOSE = "Connection: close".getBytes(US_ASCII);
  private static volatile byte[] answer = answerOfNow();

  private StockThreadsHttp() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    try (var listener = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress())) {
      System.out.println(listener.getLocalPort());
      Thread.ofVirtual().name("date").start(StockThreadsHttp::keepTime);
      Thread.ofVirtual().name("accept").start(() -> accept(listener)).join();
    }
  }

  private static byte[] answerOfNow() {
    var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    return ("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 13\r\ndate: "
            + date
            + "\r\n\r\nHello, World!")
        .getBytes(ISO_8859_1);
  }

  private static void keepTime() {
    try {
      while (true) {
        Thread.sleep(1000);
        answer = answerOfNow();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void accept(ServerSocket listener) {
    try {
      while (!listener.isClosed()) {
        var socket = listener.accept();
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot accept", e);
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var input = socket.getInputStream();
      var output = socket.getOutputStream();
      var bytes = new byte[BUFFER];
      var answers = new byte[BUFFER];
      var end = 0;
      while (true) {
        var count = input.read(bytes, end, BUFFER - end);
        if (count < 0) {
          return;
        }
        end += count;
        var start = 0;
        var filled = 0;
        var last = false;
        for (var at = 0; at + 3 < end && !last; at++) {
          if (bytes[at] == '\r' && bytes[at + 2] == '\r' && bytes[at + 3] == '\n') {
            last = has(bytes, start, at);
            var one = answer;
            if (filled + one.length > answers.length) {
              output.write(answers, 0, filled);
              filled = 0;
            }
            System.arraycopy(one, 0, answers, filled, one.length);
            filled += one.length;
            start = at + 4;
            at += 3;
          }
        }
        if (filled > 0) {
          output.write(answers, 0, filled);
        }
        if (last) {
          return;
        }
        System.arraycopy(bytes, start, bytes, 0, end - start);
        end -= start;
      }
    } catch (IOException e) {
      System.err.println(socket + ": " + e);
    }
  }

  private static boolean has(byte[] bytes, int from, int to) {
    for (var at = from; at + CLOSE.length <= to; at++) {
      if (bytes[at] == 'C'
          && java.util.Arrays.equals(bytes, at, at + CLOSE.length, CLOSE, 0, CLOSE.length)) {
        return true;
      }
    }
    return false;
  }
}
