package net.eventlet.wsgi;

import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call of a [WsgiApplication]: turns what it does into an answer.
///
/// Source: `eventlet/wsgi.py`, `HttpProtocol.handle_one_response`.
final class WsgiCall implements StartResponse {

  private final Request request;
  private final Map<String, Object> environ;
  private @Nullable Response head; // null until it is started
  private long length = -1; // of the body, as the application says; -1 if it does not
  private @Nullable Sink sink; // null until the head has gone

  WsgiCall(Request request, Map<String, Object> environ) {
    this.request = request;
    this.environ = environ;
  }

  // ---------------------------------------------------------------------------------- starting

  @Override
  public Write call(String status, List<Map.Entry<String, String>> headers) {
    if (head != null) {
      throw new IllegalStateException(
          "startResponse was called with '%s', and now with '%s'; a return may be missing"
              .formatted(head.status(), status));
    }
    start(status, headers);
    return this::write;
  }

  @Override
  public Write call(String status, List<Map.Entry<String, String>> headers, Throwable failure)
      throws Exception {
    if (sink != null) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (Exception) failure;
    }
    start(status, headers);
    return this::write;
  }

  private void start(String status, List<Map.Entry<String, String>> headers) {
    if (!status.matches("[2-5]\\d\\d( .*)?")) {
      throw new IllegalArgumentException("a status is such as '200 OK': '" + status + "'");
    }
    var started = Response.of(Integer.parseInt(status.substring(0, 3)));
    if (status.length() > 4) {
      started = started.withReason(status.substring(4));
    }
    var promised = -1L;
    for (var header : headers) {
      if (header.getKey().equalsIgnoreCase("content-length")) {
        if (!header.getValue().matches("\\d{1,18}") || promised >= 0) {
          throw new IllegalArgumentException(
              "a Content-Length is one number of bytes: " + header.getValue());
        }
        promised = Long.parseLong(header.getValue());
      } else {
        started = started.with(header.getKey(), header.getValue());
      }
    }
    head = started;
    length = promised;
  }

  private Response started() {
    if (head == null) {
      throw new IllegalStateException("the application did not call startResponse");
    }
    return head;
  }

  // ------------------------------------------------------------------------------------- the body

  private void write(byte[] bytes) throws IOException {
    var body = body();
    body.write(bytes);
    body.flush();
  }

  /// {@return where the body goes; sends the head before}
  private Sink body() throws IOException {
    var body = sink;
    if (body == null) {
      request.connection().sender().begin(started().withLength(length));
      request.connection().sender().head();
      body = request.connection().sender().body(length, Math.max(0, gather()));
      sink = body;
    }
    return body;
  }

  private int gather() {
    return environ.get("eventlet.minimum_write_chunk_size") instanceof Number bytes
        ? bytes.intValue()
        : 4096;
  }

  /// Has the application called, and its body sent unless it is all there.
  Response answer(WsgiApplication application) throws Exception {
    var result = application.call(environ, this);
    try {
      if (sink == null && result instanceof Collection<byte[]> pieces) {
        var bytes = joined(pieces);
        if (length < 0 || length == bytes.length) {
          return started().withBody(bytes);
        }
      }
      var pieces = result.iterator();
      try {
        send(pieces);
      } finally {
        close(pieces);
      }
      return started().begun(body());
    } finally {
      close(result);
    }
  }

  private void send(Iterator<byte[]> pieces) throws IOException {
    var gather = gather();
    while (pieces.hasNext()) {
      var piece = pieces.next();
      if (piece.length == 0) {
        continue;
      }
      var body = body();
      if (request.connection().sender().bare()) {
        return;
      }
      body.write(piece);
      if (gather <= 1) {
        body.flush();
      }
    }
  }

  private static void close(Object what) throws IOException {
    if (what instanceof AutoCloseable closeable) {
      Content.close(closeable);
    }
  }

  private static byte[] joined(Collection<byte[]> pieces) {
    if (pieces.size() == 1) {
      return pieces.iterator().next();
    }
    var joined = new byte[pieces.stream().mapToInt(piece -> piece.length).sum()];
    var at = 0;
    for (var piece : pieces) {
      System.arraycopy(piece, 0, joined, at, piece.length);
      at += piece.length;
    }
    return joined;
  }
}
