package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FirstLineTest {

  @Test
  void eachServerHasItsLineInTheOrderOfTheArguments() throws IOException {
    try (var slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var quick = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var first = "localhost:" + slow.getLocalPort();
      var second = "localhost:" + quick.getLocalPort();
      try (var program = Program.start(FirstLine.class, first, second)) {
        answer(quick, "HTTP/1.0 200 OK");
        answer(slow, "HTTP/1.0 404 Not Found");

        assertEquals(first + " HTTP/1.0 404 Not Found", program.readLine());
        assertEquals(second + " HTTP/1.0 200 OK", program.readLine());
      }
    }
  }

  @Test
  void whatCannotBeReachedIsSaid() throws IOException {
    var unused = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var refusing = "localhost:" + unused.getLocalPort();
    unused.close();

    var said = Program.output(FirstLine.class, refusing).getFirst();
    assertTrue(said.startsWith(refusing + " Connection refused: "), said);
  }

  private static void answer(ServerSocket listener, String line) throws IOException {
    try (var connection = listener.accept()) {
      connection.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
      connection.shutdownOutput();
      connection.getInputStream().readAllBytes(); // or closing would reset
    }
  }
}
