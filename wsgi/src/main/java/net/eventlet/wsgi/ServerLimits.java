package net.eventlet.wsgi;

import java.time.Duration;

/// What a server puts up with.
///
/// Source: RFC 9110 section 15.5; the defaults are those of today's servers.
///
/// @param requestLineBytes longest request line; one more answers 414
/// @param fieldBytes longest line of a header field; one more answers 431
/// @param headBytes of the request line and all fields together; one more answers 431
/// @param fields how many; one more answers 431. The trailers of a body have the same bounds
/// @param bodyBytes of a request's body; one more answers 413
/// @param head how long a request's line and fields may take, from their first byte on, and a new
///   connection until that; longer answers 408
/// @param stall how long to wait for the next bytes of a body, and for room to send; longer closes
///   the connection, with a 408 if that can be said
/// @param idle how long a connection may rest between two requests
/// @param connections open at once; one more answers 503
/// @param requestsPerConnection after which it is closed
public record ServerLimits(
    int requestLineBytes,
    int fieldBytes,
    int headBytes,
    int fields,
    long bodyBytes,
    Duration head,
    Duration stall,
    Duration idle,
    int connections,
    long requestsPerConnection) {

  /// Request line and fields of 8 KiB, a hundred of them in 32 KiB, bodies of 10 MiB; 10 seconds
  /// for a head, 30 without progress, 15 between requests; 10,000 connections.
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          8 * 1024,
          8 * 1024,
          32 * 1024,
          100,
          10L << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          10_000,
          Long.MAX_VALUE);

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if one is not positive; only a body may have none
  public ServerLimits {
    if (Math.min(Math.min(requestLineBytes, fieldBytes), Math.min(headBytes, fields)) <= 0
        || Math.min(connections, requestsPerConnection) <= 0
        || bodyBytes < 0
        || !head.isPositive()
        || !stall.isPositive()
        || !idle.isPositive()) {
      throw new IllegalArgumentException(
          ("limits must be positive: requestLineBytes=%d fieldBytes=%d headBytes=%d fields=%d"
                  + " bodyBytes=%d head=%s stall=%s idle=%s connections=%d"
                  + " requestsPerConnection=%d")
              .formatted(
                  requestLineBytes,
                  fieldBytes,
                  headBytes,
                  fields,
                  bodyBytes,
                  head,
                  stall,
                  idle,
                  connections,
                  requestsPerConnection));
    }
  }

  /// {@return these limits with another bound on the head}
  ///
  /// @param requestLine longest request line, in bytes
  /// @param field longest line of a field, in bytes
  /// @param head all together, in bytes
  /// @param fields how many
  public ServerLimits withHead(int requestLine, int field, int head, int fields) {
    return new ServerLimits(
        requestLine,
        field,
        head,
        fields,
        bodyBytes,
        this.head,
        stall,
        idle,
        connections,
        requestsPerConnection);
  }

  /// {@return these limits with another bound on bodies}
  ///
  /// @param bodyBytes of a request's body
  public ServerLimits withBodyBytes(long bodyBytes) {
    return new ServerLimits(
        requestLineBytes,
        fieldBytes,
        headBytes,
        fields,
        bodyBytes,
        head,
        stall,
        idle,
        connections,
        requestsPerConnection);
  }

  /// {@return these limits with other times}
  ///
  /// @param head for a request's line and fields
  /// @param stall without progress
  /// @param idle between two requests
  public ServerLimits withTimes(Duration head, Duration stall, Duration idle) {
    return new ServerLimits(
        requestLineBytes,
        fieldBytes,
        headBytes,
        fields,
        bodyBytes,
        head,
        stall,
        idle,
        connections,
        requestsPerConnection);
  }

  /// {@return these limits with another bound on connections}
  ///
  /// @param connections open at once
  /// @param requestsPerConnection after which it is closed
  public ServerLimits withConnections(int connections, long requestsPerConnection) {
    return new ServerLimits(
        requestLineBytes,
        fieldBytes,
        headBytes,
        fields,
        bodyBytes,
        head,
        stall,
        idle,
        connections,
        requestsPerConnection);
  }
}
