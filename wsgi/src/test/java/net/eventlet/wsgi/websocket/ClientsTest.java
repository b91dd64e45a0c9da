package net.eventlet.wsgi.websocket;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import net.eventlet.wsgi.Server;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that others wrote, against an echo server.
@Timeout(60)
class ClientsTest {

  private Server server;
  private URI uri;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new WebSocketWsgi(
                socket -> {
                  for (var message = socket.receive();
                      message != null;
                      message = socket.receive()) {
                    socket.send(message);
                  }
                },
                WebSocketOptions.DEFAULT.withProtocols("b")));
    uri = URI.create("ws://localhost:" + server.port() + "/");
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void theJdksClient() throws Exception {
    var heard = new LinkedBlockingQueue<String>();
    try (var client = HttpClient.newHttpClient()) {
      var socket =
          client
              .newWebSocketBuilder()
              .subprotocols("a", "b")
              .buildAsync(uri, new Listener(heard))
              .get(10, SECONDS);

      assertEquals("b", socket.getSubprotocol());
      socket.sendText("hel", false).get(10, SECONDS);
      socket.sendText("lo", true).get(10, SECONDS);
      assertEquals("hello", heard.poll(10, SECONDS));
      socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})).get(10, SECONDS);
      assertEquals("pong 3", heard.poll(10, SECONDS));
      socket.sendClose(4001, "done").get(10, SECONDS);
      assertEquals("closed 4001", heard.poll(10, SECONDS));
    }
  }

  private record Listener(LinkedBlockingQueue<String> heard)
      implements java.net.http.WebSocket.Listener {

    @Override
    public CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence text, boolean last) {
      heard.add(text.toString());
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPong(java.net.http.WebSocket socket, ByteBuffer payload) {
      heard.add("pong " + payload.remaining());
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
      heard.add("closed " + code);
      return CompletableFuture.completedStage(null);
    }
  }

  @Test
  void okHttp() throws Exception {
    var heard = new LinkedBlockingQueue<String>();
    var client = new OkHttpClient();
    var socket =
        client.newWebSocket(
            new Request.Builder().url(uri.toString()).header("Sec-WebSocket-Protocol", "b").build(),
            new WebSocketListener() {
              @Override
              public void onOpen(okhttp3.WebSocket socket, Response response) {
                heard.add(response.header("Sec-WebSocket-Extensions"));
              }

              @Override
              public void onMessage(okhttp3.WebSocket socket, String text) {
                heard.add(text.length() + text.substring(0, 5));
              }

              @Override
              public void onClosed(okhttp3.WebSocket socket, int code, String reason) {
                heard.add("closed " + code);
              }
            });
    try {
      assertEquals(
          "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
          heard.poll(10, SECONDS));
      socket.send("hello".repeat(10_000)); // compressed
      assertEquals("50000hello", heard.poll(10, SECONDS));
      socket.close(4001, "done");
      assertEquals("closed 4001", heard.poll(10, SECONDS));
    } finally {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
    }
  }

  @Test
  void nodesWs() throws Exception {
    var modules = Path.of("target", "node", "node_modules").toAbsolutePath();
    assumeTrue(
        new File(modules.toFile(), "ws").isDirectory(),
        "the test of Node's ws is left out: npm install --prefix wsgi/target/node ws");
    var script = Path.of("src/test/resources/net/eventlet/wsgi/websocket/client.js");

    var process = new ProcessBuilder("node", script.toString(), uri.toString());
    process.environment().put("NODE_PATH", modules.toString());
    var lines = new ArrayList<String>();
    try (var output = process.redirectErrorStream(true).start().inputReader()) {
      output.lines().forEach(lines::add);
    }

    assertEquals(
        List.of(
            "protocol b",
            "extensions permessage-deflate",
            "pong there?",
            "message 1 true",
            "message 2 true",
            "message 3 true",
            "message 4 true",
            "message 5 true",
            "message 6 true",
            "closed 4001"),
        lines);
  }
}
