package net.eventlet.wsgi;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// What a [WsgiApplication] is told of a request.
///
/// Source: PEP 3333; `eventlet/wsgi.py`, `HttpProtocol.get_environ`.
final class Environ {

  private Environ() {}

  /// {@return all of it}
  ///
  /// @param more entries, which may take the place of others
  /// @param posthooks that the application may add to
  static Map<String, Object> of(
      Request request, Map<String, Object> more, List<Consumer<Map<String, Object>>> posthooks) {
    var environ = new LinkedHashMap<String, Object>();
    environ.put("REQUEST_METHOD", request.method());
    environ.put("SCRIPT_NAME", "");
    environ.put("RAW_PATH_INFO", request.rawPath());
    environ.put("PATH_INFO", request.path());
    environ.put("QUERY_STRING", request.query());
    request.header("content-type").ifPresent(type -> environ.put("CONTENT_TYPE", type));
    request.header("content-length").ifPresent(length -> environ.put("CONTENT_LENGTH", length));
    server(environ, request);
    environ.put("REMOTE_ADDR", request.client());
    environ.put(
        "REMOTE_PORT",
        request.remote() instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : "");
    environ.put("GATEWAY_INTERFACE", "CGI/1.1");
    fields(environ, request);
    if (request.scheme().equals("https")) {
      environ.put("HTTPS", "on");
    }
    environ.put("wsgi.version", List.of(1, 0));
    environ.put("wsgi.url_scheme", request.scheme());
    environ.put("wsgi.input", request.body());
    environ.put("wsgi.errors", System.err);
    environ.put("wsgi.multithread", true);
    environ.put("wsgi.multiprocess", false);
    environ.put("wsgi.run_once", false);
    environ.put("eventlet.input", request.body());
    environ.put("eventlet.posthooks", posthooks);
    environ.put("eventlet.set_idle", (Runnable) () -> request.idle(true));
    environ.putAll(more);
    return environ;
  }

  private static void server(Map<String, Object> environ, Request request) {
    var local = request.socket().getLocalSocketAddress();
    if (local instanceof InetSocketAddress inet) {
      environ.put("SERVER_NAME", inet.getAddress().getHostAddress());
      environ.put("SERVER_PORT", Integer.toString(inet.getPort()));
    } else {
      environ.put("SERVER_NAME", "unix");
      environ.put("SERVER_PORT", "");
    }
    environ.put("SERVER_PROTOCOL", request.version());
  }

  private static void fields(Map<String, Object> environ, Request request) {
    var raw = new ArrayList<Map.Entry<String, String>>();
    var fields = request.connection().fields();
    for (var field = 0; field < fields.count(); field++) {
      var name = fields.name(field);
      raw.add(Map.entry(name, fields.value(field)));
      if (name.indexOf('_') < 0
          && !name.equalsIgnoreCase("content-type")
          && !name.equalsIgnoreCase("content-length")) {
        environ.merge(
            "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_'),
            fields.value(field),
            (before, next) -> before + "," + next);
      }
    }
    environ.put("headers_raw", List.copyOf(raw));
  }
}
