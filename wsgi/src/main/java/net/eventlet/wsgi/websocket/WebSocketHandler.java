package net.eventlet.wsgi.websocket;

/// What a server does with a WebSocket.
@FunctionalInterface
public interface WebSocketHandler {

  /// Talks over it, on the connection's own green thread. When this returns, the socket is closed
  /// with 1000; when it throws, with 1011, and the failure is logged.
  ///
  /// @param socket open
  /// @throws Exception if it fails
  void handle(WebSocket socket) throws Exception;
}
