package net.eventlet;

/// What a server does with each connection.
@FunctionalInterface
public interface SocketHandler {

  /// Serves one connection, in a green thread of its own.
  ///
  /// @param connection closed when this returns or throws
  /// @throws Exception if it fails, which is reported and ends this connection only
  /// @throws StopServe to end the server
  void handle(GreenSocket connection) throws Exception;
}
