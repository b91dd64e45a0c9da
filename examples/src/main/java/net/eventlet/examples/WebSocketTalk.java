package net.eventlet.examples;

import java.net.URI;
import net.eventlet.wsgi.websocket.WebSocket;

/// Says each of its arguments to a WebSocket, and prints what it hears in return.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/WebSocketTalk.java
/// ws://localhost:7000/ TEXT …`, with [WebSocketEcho] in another terminal.
public final class WebSocketTalk {

  public static void main(String[] arguments) throws Exception {
    try (var socket = WebSocket.connect(URI.create(arguments[0]))) {
      for (var i = 1; i < arguments.length; i++) {
        socket.send(arguments[i]);
        IO.println(socket.receiveText());
      }
    }
  }
}
