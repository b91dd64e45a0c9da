/// WebSockets: messages both ways over one connection, for servers and clients.
///
/// ```java
/// new WebSocketWsgi(socket -> {
///   for (var text = socket.receiveText(); text != null; text = socket.receiveText()) {
///     socket.send("you said " + text);
///   }
/// })
/// ```
///
/// | for | use |
/// |---|---|
/// | a server's end | [net.eventlet.wsgi.websocket.WebSocketWsgi], an application |
/// | a client's end | [net.eventlet.wsgi.websocket.WebSocket#connect(java.net.URI)] |
/// | what a stranger may use up | [net.eventlet.wsgi.websocket.WebSocketLimits] |
///
/// Sending, receiving and closing wait. One green thread receives, any number send: each message
/// stays whole. A receive that is unwound loses nothing, and the next one goes on where it was; a
/// send that is unwound with half a frame on its way closes the connection. Pings are answered, and
/// sent, by whoever receives.
///
/// Source: RFC 6455 and RFC 7692; `eventlet/websocket.py`.
@NullMarked
package net.eventlet.wsgi.websocket;

import org.jspecify.annotations.NullMarked;
