package net.eventlet.wsgi.websocket;

import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// What WebSockets of one kind share: bounds, and what they lend while they have a use for it.
///
/// @param limits of each
/// @param compression of each, where it was agreed
/// @param buffers of [#BUFFER_BYTES], with whatever was in them
/// @param deflaters as new
/// @param inflaters as new
record Kit(
    WebSocketLimits limits,
    Compression compression,
    Spares<byte[]> buffers,
    Spares<Deflater> deflaters,
    Spares<Inflater> inflaters) {

  static final int BUFFER_BYTES = 8 * 1024;

  private static final int BUFFERS_KEPT = 256;
  private static final int CODERS_KEPT = 4; // they are lent for as long as nothing else runs

  Kit(WebSocketLimits limits, Compression compression) {
    this(
        limits,
        compression,
        new Spares<>(() -> new byte[BUFFER_BYTES], BUFFERS_KEPT),
        new Spares<>(() -> new Deflater(compression.level(), true), CODERS_KEPT),
        new Spares<>(() -> new Inflater(true), CODERS_KEPT));
  }
}
