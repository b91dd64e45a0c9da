package net.eventlet.wsgi;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenThread;

/// Serves an application as Eventlet does: in the calling green thread, until the listener is
/// closed.
///
/// A [WsgiApplication] finds in its environ:
///
/// | key | what |
/// |---|---|
/// | `REQUEST_METHOD`, `SCRIPT_NAME`, `PATH_INFO`, `QUERY_STRING`, `SERVER_NAME`, `SERVER_PORT`, `SERVER_PROTOCOL`, `REMOTE_ADDR`, `REMOTE_PORT`, `GATEWAY_INTERFACE` | texts, as CGI has them; the path decoded as UTF-8, and in `RAW_PATH_INFO` as sent |
/// | `CONTENT_TYPE`, `CONTENT_LENGTH`, `HTTP_…` | texts, of header fields; those of one name joined by commas, and without those that have a `_` |
/// | `headers_raw` | all fields in order: a list of [Map.Entry] |
/// | `HTTPS` | `on`, or not there |
/// | `wsgi.version`, `wsgi.url_scheme`, `wsgi.multithread`, `wsgi.multiprocess`, `wsgi.run_once` | as PEP 3333 has them |
/// | `wsgi.input`, `eventlet.input` | the body, an [java.io.InputStream] |
/// | `wsgi.errors` | [System#err] |
/// | `eventlet.posthooks` | see [#posthooks(Map)] |
/// | `eventlet.set_idle` | a [Runnable]: the server, when it ends, need not wait for this request |
/// | `eventlet.minimum_write_chunk_size` | for the application to set: pieces are gathered until there are so many bytes, 4096 unless it is set; 0 or 1 sends each at once |
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
  ///
  /// @param listener bound, such as `listen(new InetSocketAddress(8080))`
  /// @param application what to serve
  /// @throws Exception what unwinds the caller
  public static void server(GreenServerSocket listener, WsgiApplication application)
      throws Exception {
    server(listener, application(application));
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
      Server.LOGGER.log(
          System.Logger.Level.DEBUG,
          () ->
              "(%d) wsgi starting up on %s".formatted(ProcessHandle.current().pid(), name(server)));
      server.join();
    }
  }

  private static String name(Server server) {
    if (server.address() instanceof InetSocketAddress inet) {
      var host = inet.getAddress().getHostAddress();
      return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, inet.getPort());
    }
    return "http:" + server.address();
  }

  /// {@return an application of WSGI's shape in ours}
  ///
  /// @param application as PEP 3333 has it
  public static Application application(WsgiApplication application) {
    return application(application, Map.of());
  }

  /// {@return an application of WSGI's shape in ours}
  ///
  /// @param application as PEP 3333 has it
  /// @param environ put into every request's, where it may take the place of what is there
  public static Application application(WsgiApplication application, Map<String, Object> environ) {
    return request -> {
      var hooks = new ArrayList<Consumer<Map<String, Object>>>();
      var told = Environ.of(request, environ, hooks);
      request.afterwards(() -> run(hooks, told));
      return new WsgiCall(request, told).answer(application);
    };
  }

  private static void run(List<Consumer<Map<String, Object>>> hooks, Map<String, Object> environ) {
    for (var hook : hooks) {
      try {
        hook.accept(environ);
      } catch (RuntimeException failure) {
        Server.LOGGER.log(System.Logger.Level.ERROR, "a posthook failed", failure);
      }
    }
  }

  /// {@return what is done once the answer has gone, `eventlet.posthooks`: for the application to
  /// add to}
  ///
  /// @param environ of the request, which each of them is given; a failure of one is logged
  @SuppressWarnings("unchecked") // the server put it there
  public static List<Consumer<Map<String, Object>>> posthooks(Map<String, Object> environ) {
    var hooks = (List<Consumer<Map<String, Object>>>) environ.get("eventlet.posthooks");
    return Objects.requireNonNull(hooks, "eventlet.posthooks");
  }
}
