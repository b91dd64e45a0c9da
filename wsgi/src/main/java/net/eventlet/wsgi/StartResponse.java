package net.eventlet.wsgi;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Takes the status and the header fields of an answer, as WSGI has it.
///
/// Source: PEP 3333, "The start_response() Callable".
public interface StartResponse {

  /// Takes them. They are sent with the first byte of the body, or at its end.
  ///
  /// @param status such as `404 Not Found`
  /// @param headers `Content-Length` among them if it is to be; the body is held to it
  /// @return writes to the body, before what the application returns
  /// @throws IllegalStateException if it was called before
  /// @throws IllegalArgumentException if one is malformed, or a field the server's own
  Write call(String status, List<Map.Entry<String, String>> headers);

  /// Takes others in their place, after a failure.
  ///
  /// @param status such as `500 Internal Server Error`
  /// @param headers in place of those before
  /// @param failure why; thrown again if the head has gone already
  /// @return writes to the body
  /// @throws Exception the failure, if it is too late
  Write call(String status, List<Map.Entry<String, String>> headers, Throwable failure)
      throws Exception;

  /// Writes a body piece by piece.
  @FunctionalInterface
  interface Write {

    /// Sends a piece at once, and the head before the first.
    ///
    /// @param bytes of the body
    /// @throws IOException if the client is gone, or the body longer than its length
    void write(byte[] bytes) throws IOException;
  }
}
