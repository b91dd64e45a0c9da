package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PortForwarderTest {

  private ServerSocket target;
  private Program forwarder;
  private int port;

  @BeforeEach
  void start() throws IOException {
    target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    forwarder =
        Program.start(PortForwarder.class, "0", "localhost", String.valueOf(target.getLocalPort()));
    port = forwarder.port();
  }

  @AfterEach
  void end() throws IOException {
    forwarder.close();
    target.close();
  }

  @Test
  void bytesGoBothWays() throws IOException {
    talkBothWays();
  }

  @Test
  void theEndOfOneDirectionIsPassedOnWhileTheOtherGoesOn() throws IOException {
    try (var client = Client.of(port)) {
      client.send("question");
      client.end();
      try (var server = target.accept()) {
        assertEquals("question\n", new String(server.getInputStream().readAllBytes(), UTF_8));

        server.getOutputStream().write("late answer\n".getBytes(UTF_8));

        assertEquals("late answer", client.receive());
      }
      assertEquals("null", client.receive());
    }
  }

  @Test
  void whenTheServerBreaksTheClientIsClosed() throws IOException {
    try (var client = Client.of(port);
        var server = target.accept()) {
      client.send("question");
      read(server, 9);

      Client.reset(server);

      assertEquals("null", client.receive());
    }
  }

  @Test
  void whenTheClientBreaksTheServerIsClosed() throws IOException {
    try (var client = Client.of(port);
        var server = target.accept()) {
      client.send("question");
      read(server, 9);

      client.reset();

      assertEquals(-1, server.getInputStream().read());
    }
  }

  @Test
  void aServerThatIsNotThereCostsOneConnection() throws IOException {
    var address = target.getLocalSocketAddress();
    target.close();
    try (var refused = Client.of(port)) {
      assertEquals("null", refused.receive());
    }

    target = new ServerSocket();
    target.bind(address);

    talkBothWays();
  }

  private void talkBothWays() throws IOException {
    try (var client = Client.of(port);
        var server = target.accept()) {
      client.send("question");
      assertEquals("question\n", read(server, 9));

      server.getOutputStream().write("answer\n".getBytes(UTF_8));

      assertEquals("answer", client.receive());
    }
  }

  private static String read(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), UTF_8);
  }
}
