package net.eventlet.wsgi;

import java.util.Map;

/// What a server serves, in WSGI's own shape.
///
/// ```java
/// WsgiApplication hello = (environ, startResponse) -> {
///   startResponse.call("200 OK", List.of(Map.entry("Content-Type", "text/plain")));
///   return List.of("Hello, World!\r\n".getBytes(UTF_8));
/// };
/// ```
///
/// Source: PEP 3333.
///
/// @see Wsgi#application(WsgiApplication)
@FunctionalInterface
public interface WsgiApplication {

  /// Answers one request, on the connection's own green thread.
  ///
  /// @param environ what is asked, by what it is called in CGI, WSGI and Eventlet; the
  ///   application's to change. See [Wsgi]
  /// @param startResponse called once, before the first byte of the body comes
  /// @return the body's pieces, each of which may be waited for; closed afterwards, if it or its
  ///   iterator is [AutoCloseable]. A [java.util.Collection] is all there: its length is told
  /// @throws Exception if there is no answer: it is logged, and the client gets a 500
  Iterable<byte[]> call(Map<String, Object> environ, StartResponse startResponse) throws Exception;
}
