package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;

/// A client that sends bytes as they are, and reads whatever comes until the server closes.
final class Raw {

  /// Any port, on this machine alone.
  static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  static final String CLOSING = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

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

  /// {@return what a server of its own answers}
  static String ask(Application application, ServerOptions options, String request)
      throws IOException {
    try (var server = Server.start(ANY, application, options)) {
      return ask(server.port(), request);
    }
  }

  /// {@return what follows the first head}
  static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  /// {@return all that comes until the server closes}
  static String readAll(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /// {@return bytes cut at random places}
  static Cut random(long seed) {
    var random = new Random(seed);
    return (bytes, from) ->
        Math.min(bytes.length, from + 1 + random.nextInt(1 + random.nextInt(40)));
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
