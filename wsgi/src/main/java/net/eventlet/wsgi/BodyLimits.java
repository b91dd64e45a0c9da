package net.eventlet.wsgi;

/// How large the body of a request may be.
///
/// @param bytes of it, chunks put together; one more answers 413
/// @param chunkExtensionBytes behind one chunk's size; one more answers 400
/// @param trailerBytes of all trailers together, without line ends; one more answers 431
/// @param trailers how many; one more answers 431
public record BodyLimits(long bytes, int chunkExtensionBytes, int trailerBytes, int trailers) {

  /// 10 MiB, extensions of 256 bytes, 32 trailers in 8 KiB.
  public static final BodyLimits DEFAULT = new BodyLimits(10L << 20, 256, 8 * 1024, 32);

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if one is negative
  public BodyLimits {
    if (bytes < 0 || chunkExtensionBytes < 0 || trailerBytes < 0 || trailers < 0) {
      throw new IllegalArgumentException(
          "limits must be 0 or more: bytes=%d chunkExtensionBytes=%d trailerBytes=%d trailers=%d"
              .formatted(bytes, chunkExtensionBytes, trailerBytes, trailers));
    }
  }

  /// {@return these limits with another bound on the body}
  ///
  /// @param bytes of it
  public BodyLimits withBytes(long bytes) {
    return new BodyLimits(bytes, chunkExtensionBytes, trailerBytes, trailers);
  }

  /// {@return these limits with another bound on extensions}
  ///
  /// @param chunkExtensionBytes behind one chunk's size
  public BodyLimits withChunkExtensionBytes(int chunkExtensionBytes) {
    return new BodyLimits(bytes, chunkExtensionBytes, trailerBytes, trailers);
  }

  /// {@return these limits with other bounds on trailers}
  ///
  /// @param trailerBytes of all together
  /// @param trailers how many
  public BodyLimits withTrailers(int trailerBytes, int trailers) {
    return new BodyLimits(bytes, chunkExtensionBytes, trailerBytes, trailers);
  }
}
