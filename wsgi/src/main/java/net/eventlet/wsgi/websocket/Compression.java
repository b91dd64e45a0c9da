package net.eventlet.wsgi.websocket;

import java.util.zip.Deflater;

/// Whether messages are compressed, where the other end agrees.
///
/// The Java platform's compressor always looks back 32 KiB. A client that asks a server for less
/// gets it all the same: messages that are longer than it looks back are then sent as they are.
///
/// Source: RFC 7692.
///
/// @param offered whether to agree to it at all
/// @param keepsContext whether a message may refer to those before it, if the other end lets it.
///   That makes small messages smaller, and costs some 300 KiB for each open socket; otherwise an
///   idle one holds nothing
/// @param level from 1, fastest, to 9, smallest; -1 for the usual one
/// @param thresholdBytes a smaller message is sent as it is
public record Compression(boolean offered, boolean keepsContext, int level, int thresholdBytes) {

  /// Never.
  public static final Compression NONE =
      new Compression(false, false, Deflater.DEFAULT_COMPRESSION, 0);

  /// Each message by itself, from 256 bytes on.
  public static final Compression EACH =
      new Compression(true, false, Deflater.DEFAULT_COMPRESSION, 256);

  /// All messages as one stream, from 32 bytes on.
  public static final Compression STREAM =
      new Compression(true, true, Deflater.DEFAULT_COMPRESSION, 32);

  /// Checks it.
  ///
  /// @throws IllegalArgumentException if the level is none, or the threshold negative
  public Compression {
    if (level < Deflater.DEFAULT_COMPRESSION
        || level > Deflater.BEST_COMPRESSION
        || thresholdBytes < 0) {
      throw new IllegalArgumentException(
          "a level is from -1 to 9, and a threshold 0 or more: level=%d thresholdBytes=%d"
              .formatted(level, thresholdBytes));
    }
  }
}
