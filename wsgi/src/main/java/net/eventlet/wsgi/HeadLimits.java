package net.eventlet.wsgi;

/// How large the head of a request may be.
///
/// @param requestLineBytes longest request line; one more answers 414
/// @param fieldBytes longest line of a header field; one more answers 431
/// @param bytes of the request line and all fields together, line ends included; one more answers
///   431
/// @param fields how many; one more answers 431
public record HeadLimits(int requestLineBytes, int fieldBytes, int bytes, int fields) {

  /// A request line and fields of 8 KiB each, a hundred of them in 32 KiB.
  public static final HeadLimits DEFAULT = new HeadLimits(8 * 1024, 8 * 1024, 32 * 1024, 100);

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if one is not positive, or `bytes` more than a GiB
  public HeadLimits {
    if (Math.min(requestLineBytes, fieldBytes) <= 0
        || Math.min(bytes, fields) <= 0
        || bytes > 1 << 30) {
      throw new IllegalArgumentException(
          "limits must be positive, and bytes at most %d: requestLineBytes=%d fieldBytes=%d bytes=%d fields=%d"
              .formatted(1 << 30, requestLineBytes, fieldBytes, bytes, fields));
    }
  }

  /// {@return these limits with another bound on the request line}
  ///
  /// @param requestLineBytes longest
  public HeadLimits withRequestLineBytes(int requestLineBytes) {
    return new HeadLimits(requestLineBytes, fieldBytes, bytes, fields);
  }

  /// {@return these limits with another bound on one field}
  ///
  /// @param fieldBytes longest line
  public HeadLimits withFieldBytes(int fieldBytes) {
    return new HeadLimits(requestLineBytes, fieldBytes, bytes, fields);
  }

  /// {@return these limits with another bound on all of it}
  ///
  /// @param bytes together
  public HeadLimits withBytes(int bytes) {
    return new HeadLimits(requestLineBytes, fieldBytes, bytes, fields);
  }

  /// {@return these limits with another number of fields}
  ///
  /// @param fields how many
  public HeadLimits withFields(int fields) {
    return new HeadLimits(requestLineBytes, fieldBytes, bytes, fields);
  }
}
