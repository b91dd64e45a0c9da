package net.eventlet.green;

/// What a [SocketServer] does with one request: an object for each, so that it may keep state.
///
/// Source: `socketserver.BaseRequestHandler`.
///
/// @param <R> a [net.eventlet.GreenSocket], or a [Datagram]
@FunctionalInterface
public interface RequestHandler<R> {

  /// Begins. If it throws, neither of the others is called.
  ///
  /// @param request to be handled
  /// @throws Exception to give up
  default void setup(R request) throws Exception {}

  /// Does the work, in a green thread of its own.
  ///
  /// @param request a connection, which is closed afterwards; or a datagram
  /// @throws Exception ends this request only, and goes to the hub's uncaught handler
  void handle(R request) throws Exception;

  /// Ends, whether or not the work was done.
  ///
  /// @param request that was handled
  /// @throws Exception as in [#handle]
  default void finish(R request) throws Exception {}
}
