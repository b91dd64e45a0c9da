package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLException;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenServerSocket;
import net.eventlet.SocketHandler;
import net.eventlet.wsgi.Certificates;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client's end.
@Timeout(60)
class ConnectTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final WebSocketOptions ECHO = WebSocketOptions.DEFAULT.withProtocols("a", "b");

  private static void echo(WebSocket socket) throws IOException {
    for (var message = socket.receive(); message != null; message = socket.receive()) {
      socket.send(message);
    }
  }

  private static URI uri(Server server) {
    return URI.create("ws://localhost:" + server.port() + "/x%20y?q=1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 8178, 8179, 65_536, 1 << 20})
  void aMessageComesBackAsItWas(int length) throws Exception {
    var payload = new byte[length];
    new Random(length).nextBytes(payload);
    try (var server = Server.start(ANY, new WebSocketWsgi(ConnectTest::echo))) {
      Eventlet.run(() -> {
        try (var socket = WebSocket.connect(uri(server))) {
          socket.send(payload);

          var answer = assertInstanceOf(Message.Binary.class, socket.receive());

          assertArrayEquals(payload, answer.bytes());
        }
      });
    }
  }

  @Test
  void whatIsAskedForArrives() throws Exception {
    var sockets = new WebSocketWsgi(_ -> {}, ECHO);
    try (var server =
        Server.start(
            ANY,
            request -> {
              var said = request.header("x-y").orElse("") + request.header("host").orElse("");
              return sockets.answer(request, socket -> socket.send(said + socket.target()));
            })) {
      var options = ConnectOptions.DEFAULT.withProtocols("x", "b").withHeader("X-Y", "z ");
      try (var socket = WebSocket.connect(uri(server), options)) {
        assertEquals(Optional.of("b"), socket.protocol());
        assertEquals("zlocalhost:%d/x%%20y?q=1".formatted(server.port()), socket.receiveText());
        assertNull(socket.receive());
        assertEquals(Optional.of(new CloseStatus(1000, "")), socket.closeStatus());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"EACH, EACH", "STREAM, STREAM", "EACH, STREAM", "STREAM, EACH", "NONE, EACH"})
  void compressedMessagesComeBackAsTheyWere(String here, String there) throws Exception {
    try (var server =
        Server.start(
            ANY, new WebSocketWsgi(ConnectTest::echo, ECHO.withCompression(compression(there))))) {
      var options = ConnectOptions.DEFAULT.withCompression(compression(here));
      try (var socket = WebSocket.connect(uri(server), options)) {
        for (var i = 0; i < 50; i++) {
          var text = ("message " + i).repeat(1 + i * i * 7);
          socket.send(text);
          assertEquals(text, socket.receiveText());
        }
      }
    }
  }

  private static Compression compression(String name) {
    return switch (name) {
      case "EACH" -> Compression.EACH;
      case "STREAM" -> Compression.STREAM;
      default -> Compression.NONE;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 200 OK', 'no WebSocket at'",
    "'HTTP/1.0 101 x', 'no WebSocket at'",
    "'HTTP/1.1 101 x\r\nupgrade: websocket\r\nconnection: upgrade', does not understand",
    "'HTTP/1.1 101 x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x',"
        + " does not understand",
    "'HTTP/1.1 101 x\r\nACCEPT\r\nsec-websocket-protocol: x', protocol that was not offered",
    "'HTTP/1.1 101 x\r\nACCEPT\r\nsec-websocket-extensions: x', what was not offered",
    "'HTTP/1.1 101 x\r\nACCEPT\r\nsec-websocket-extensions: permessage-deflate',"
        + " what was not offered",
    "'HTTP/1.1 101 x\r\nno field', malformed field",
    "'', hung up"
  })
  void whatIsNoRightAnswerIsRefused(String head, String expected) throws Exception {
    try (var server = new Answering(head)) {
      var failure =
          assertThrows(
              ProtocolException.class,
              () -> WebSocket.connect(URI.create("ws://localhost:" + server.port())));

      assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }
  }

  /// Answers a request with a head; `ACCEPT` in it stands for all that opens a WebSocket.
  private record Answering(GreenServerSocket listener, String head) implements AutoCloseable {

    Answering(String head) throws IOException {
      this(Eventlet.listen(ANY), head);
      SocketHandler handler =
          socket -> {
            var request = new StringBuilder();
            for (var line = socket.readLine(); line != null && !line.isEmpty(); ) {
              request.append(line).append('\n');
              line = socket.readLine();
            }
            var key = request.toString().replaceAll("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
            var answer =
                head.replace(
                    "ACCEPT",
                    "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: "
                        + WebSocketWsgi.accept(key));
            if (!head.isEmpty()) {
              socket.getOutputStream().write((answer + "\r\n\r\n").getBytes(ISO_8859_1));
            }
          };
      spawn(() -> Eventlet.serve(listener, handler)).link(_ -> {});
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() {
      listener.close();
    }
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
    try (var silent = Eventlet.listen(ANY)) {
      var options = ConnectOptions.DEFAULT.withPatience(Duration.ofMillis(50));

      assertThrows(
          SocketTimeoutException.class,
          () -> WebSocket.connect(URI.create("ws://localhost:" + silent.getLocalPort()), options));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost/", "ws:/x", "ws://localhost/#x", "/x"})
  void anAddressOfAnotherKindIsRefused(String uri) {
    assertThrows(IllegalArgumentException.class, () -> WebSocket.connect(URI.create(uri)));
  }

  @Test
  void aResourceThatSpeaksNoWebSocketIsToldOf() throws Exception {
    try (var server = Server.start(ANY, _ -> Response.of(404))) {
      var failure = assertThrows(ProtocolException.class, () -> WebSocket.connect(uri(server)));

      assertTrue(failure.getMessage().endsWith("HTTP/1.1 404 Not Found"), failure.getMessage());
    }
  }

  @Test
  void tlsIsUnderItWhereTheAddressSaysSo(@TempDir Path folder) throws Exception {
    var context = Certificates.context(folder, "here");
    var options = ServerOptions.DEFAULT.withTls(context);
    try (var server = Server.start(ANY, new WebSocketWsgi(ConnectTest::echo), options)) {
      var uri = URI.create("wss://localhost:" + server.port() + "/");
      var trusting = ConnectOptions.DEFAULT.withTls(context);
      try (var socket = WebSocket.connect(uri, trusting)) {
        socket.send("x".repeat(100_000));
        assertEquals(100_000, String.valueOf(socket.receiveText()).length());
      }

      assertThrows(SSLException.class, () -> WebSocket.connect(uri)); // nobody vouches for it
    }
  }

  @Test
  void aProxyIsAskedToConnect() throws Exception {
    try (var server = Server.start(ANY, new WebSocketWsgi(ConnectTest::echo));
        var proxy = Eventlet.listen(ANY)) {
      var asked = new Event<String>();
      SocketHandler handler =
          socket -> {
            var line = socket.readLine();
            for (var next = line; next != null && !next.isEmpty(); ) {
              next = socket.readLine();
            }
            asked.send(String.valueOf(line));
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
            try (var there = Eventlet.connect(server.address())) {
              var back = spawn(() -> there.getInputStream().transferTo(socket.getOutputStream()));
              back.link(_ -> {});
              socket.getInputStream().transferTo(there.getOutputStream());
            }
          };
      spawn(() -> Eventlet.serve(proxy, handler)).link(_ -> {});
      var options =
          ConnectOptions.DEFAULT.withProxy(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.getLocalPort()));
      try (var socket = WebSocket.connect(uri(server), options)) {
        socket.send("through");

        assertEquals("through", socket.receiveText());
        assertEquals("CONNECT localhost:" + server.port() + " HTTP/1.1", asked.await());
      }
    }
  }
}
