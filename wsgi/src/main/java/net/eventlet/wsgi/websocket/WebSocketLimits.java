package net.eventlet.wsgi.websocket;

import java.time.Duration;

/// What a WebSocket puts up with.
///
/// @param frameBytes in the payload of one frame; more closes with 1009
/// @param messageBytes in a message, decompressed; more closes with 1009
/// @param message how long one may take from its first byte to its last; longer closes with 1008
/// @param stall how long to wait for room to send; longer breaks the connection
/// @param ping how long nothing may come before a ping is sent; if as long again nothing comes, the
///   connection is broken. Zero for never
/// @param close how long to wait for the other end's close frame
public record WebSocketLimits(
    int frameBytes,
    int messageBytes,
    Duration message,
    Duration stall,
    Duration ping,
    Duration close) {

  /// Frames and messages of 1 MiB, a minute for one; half a minute for room to send, and until a
  /// ping; five seconds to close.
  public static final WebSocketLimits DEFAULT =
      new WebSocketLimits(
          1 << 20,
          1 << 20,
          Duration.ofMinutes(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5));

  /// The largest bound on a message, since it becomes one array.
  public static final int MESSAGE_BYTES_MAX = 1 << 30;

  /// Checks the limits.
  ///
  /// @throws IllegalArgumentException if one is not positive; only `ping` may be zero
  public WebSocketLimits {
    if (Math.min(frameBytes, messageBytes) <= 0
        || Math.max(frameBytes, messageBytes) > MESSAGE_BYTES_MAX
        || !message.isPositive()
        || !stall.isPositive()
        || ping.isNegative()
        || !close.isPositive()) {
      throw new IllegalArgumentException(
          "limits must be positive, and bytes at most %d: frameBytes=%d messageBytes=%d message=%s stall=%s ping=%s close=%s"
              .formatted(MESSAGE_BYTES_MAX, frameBytes, messageBytes, message, stall, ping, close));
    }
  }

  /// {@return these limits with other bounds on bytes}
  ///
  /// @param frameBytes in a frame
  /// @param messageBytes in a message
  public WebSocketLimits withBytes(int frameBytes, int messageBytes) {
    return new WebSocketLimits(frameBytes, messageBytes, message, stall, ping, close);
  }

  /// {@return these limits with other times}
  ///
  /// @param message for one message
  /// @param stall without room to send
  /// @param close for the other end's close frame
  public WebSocketLimits withTimes(Duration message, Duration stall, Duration close) {
    return new WebSocketLimits(frameBytes, messageBytes, message, stall, ping, close);
  }

  /// {@return these limits with another time until a ping}
  ///
  /// @param ping without anything that comes; zero for never
  public WebSocketLimits withPing(Duration ping) {
    return new WebSocketLimits(frameBytes, messageBytes, message, stall, ping, close);
  }
}
