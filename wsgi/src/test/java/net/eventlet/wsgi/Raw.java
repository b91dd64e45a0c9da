package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/// A client that sends bytes as they are, and reads whatever comes until the server closes.
final class Raw {

  /// How bytes are cut into pieces.
  interface Cut {
    /// {@return where the piece that begins at `from` ends}
    int end(byte[] bytes, int from);
  }

  static final Cut WHOLE = (bytes, _) -> bytes.length;
  static final Cut BYTES = (_, from) -> from + 1;
  static final Cut LINES =
      (bytes, from) -> {
        var at = from;
        while (at < bytes.length - 1 && bytes[at] != '\n') {
          at++;
        }
        return at + 1;
      };

  private Raw() {}

  /// Sends, says that nothing more comes, and reads to the end.
  static String ask(int port, byte[] request, Cut cut) throws IOException {
    try (var socket = new Socket("localhost", port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(20_000);
      try {
        for (var from = 0; from < request.length; ) {
          var end = cut.end(request, from);
          socket.getOutputStream().write(request, from, end - from);
          from = end;
        }
        socket.shutdownOutput();
      } catch (SocketException closed) {
        // it has heard enough
      }
      var answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketException reset) {
        // what came before counts
      }
      return answer.toString(ISO_8859_1);
    }
  }

  static String ask(int port, String request) throws IOException {
    return ask(port, request.getBytes(ISO_8859_1), WHOLE);
  }

  /// {@return the statuses of all answers}
  static int[] statuses(String answers) {
    return Arrays.stream(answers.split("(?=HTTP/1\\.1 \\d{3} )"))
        .filter(answer -> answer.startsWith("HTTP/1.1 "))
        .mapToInt(answer -> Integer.parseInt(answer.substring(9, 12)))
        .filter(status -> status != 100)
        .toArray();
  }
}
