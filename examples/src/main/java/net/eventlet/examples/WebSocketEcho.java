package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.net.InetSocketAddress;
import net.eventlet.wsgi.Wsgi;
import net.eventlet.wsgi.websocket.WebSocket;
import net.eventlet.wsgi.websocket.WebSocketWsgi;

/// Sends back what it hears, over WebSockets.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/WebSocketEcho.java [PORT]`,
/// then [WebSocketTalk] in another terminal. Source: `examples/websocket.py`.
public final class WebSocketEcho {

  public static void main(String[] arguments) throws Exception {
    var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7000;
    var listener = listen(new InetSocketAddress(port));
    IO.println("listening on port " + listener.getLocalPort());
    Wsgi.server(listener, new WebSocketWsgi(WebSocketEcho::echo));
  }

  private static void echo(WebSocket socket) throws IOException {
    for (var message = socket.receive(); message != null; message = socket.receive()) {
      socket.send(message);
    }
  }
}
