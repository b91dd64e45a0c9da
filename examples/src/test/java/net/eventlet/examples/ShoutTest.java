package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ShoutTest {

  @Test
  void linesAreCountedByConnection() throws IOException {
    try (var program = Program.start(Shout.class, "0")) {
      var port = program.port();
      try (var first = new Socket("127.0.0.1", port);
          var second = new Socket("127.0.0.1", port)) {
        assertEquals("1 ONE", asked(first, "one"));
        assertEquals("1 TWO", asked(second, "two"));
        assertEquals("2 THREE", asked(first, "three"));
      }
    }
  }

  private static String asked(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
  }
}
