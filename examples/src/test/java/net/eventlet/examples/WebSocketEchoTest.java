package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.URI;
import net.eventlet.wsgi.websocket.Message;
import net.eventlet.wsgi.websocket.WebSocket;
import org.junit.jupiter.api.Test;

class WebSocketEchoTest {

  @Test
  void sendsBackWhatItHears() throws Exception {
    try (var server = Program.start(WebSocketEcho.class, "0");
        var socket = WebSocket.connect(URI.create("ws://localhost:" + server.port() + "/"))) {
      socket.send("käse");
      assertEquals("käse", socket.receiveText());

      socket.send(new byte[] {1, 2, 3});
      var answer = assertInstanceOf(Message.Binary.class, socket.receive());
      assertArrayEquals(new byte[] {1, 2, 3}, answer.bytes());
    }
  }
}
