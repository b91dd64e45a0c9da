package net.eventlet.wsgi;

import net.eventlet.GreenServerSocket;
import net.eventlet.GreenThread;

/// Serves an application as Eventlet does: in the calling green thread, until the listener is
/// closed.
///
/// Source: `eventlet/wsgi.py`, `server`.
public final class Wsgi {

  private Wsgi() {}

  /// Serves until the listener is closed, or the calling green thread is unwound, which closes it.
  ///
  /// @param listener bound, such as `listen(new InetSocketAddress(8080))`
  /// @param application what to serve
  /// @throws Exception what unwinds the caller
  /// @see Server#start(GreenServerSocket, Application, ServerOptions)
  public static void server(GreenServerSocket listener, Application application) throws Exception {
    server(listener, application, ServerOptions.DEFAULT);
  }

  /// Serves until the listener is closed, or the calling green thread is unwound, which closes it.
  /// What is being answered then is finished, within ten seconds.
  ///
  /// @param listener bound, such as `listen(new InetSocketAddress(8080))`
  /// @param application what to serve
  /// @param options how
  /// @throws Exception what unwinds the caller, such as the end of [GreenThread#kill()]
  public static void server(
      GreenServerSocket listener, Application application, ServerOptions options) throws Exception {
    try (var server = Server.start(listener, application, options)) {
      server.join();
    }
  }
}
