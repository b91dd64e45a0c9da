package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// Why a WebSocket ended.
///
/// Source: RFC 6455 section 7.4.
///
/// @param code one of the constants here, or from 3000 to 4999 for a program's own
/// @param reason for people to read; empty if none was given
public record CloseStatus(int code, String reason) {

  /// It has done what it was for.
  public static final int NORMAL = 1000;

  /// The server ends, or the page was left.
  public static final int GOING_AWAY = 1001;

  /// The other end broke the protocol.
  public static final int PROTOCOL_ERROR = 1002;

  /// A message was of a kind that is of no use here.
  public static final int UNSUPPORTED = 1003;

  /// The other end said no code. Never sent.
  public static final int NONE = 1005;

  /// The connection broke without a word. Never sent.
  public static final int ABNORMAL = 1006;

  /// A text was not UTF-8, or could not be decompressed.
  public static final int NOT_CONSISTENT = 1007;

  /// Something else is against the rules here.
  public static final int POLICY = 1008;

  /// A frame or a message was too large.
  public static final int TOO_LARGE = 1009;

  /// The server did not agree to an extension that the client needs.
  public static final int EXTENSION_NEEDED = 1010;

  /// The handler failed.
  public static final int FAILED = 1011;

  private static final int REASON_BYTES_MAX = 123;

  /// {@return whether a close frame may carry a code}
  static boolean isSendable(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  /// {@return it as a close frame carries it}
  ///
  /// @throws IllegalArgumentException if it cannot be sent
  byte[] payload() {
    if (code == NONE) {
      return new byte[0];
    }
    var text = reason.getBytes(UTF_8);
    if (!isSendable(code) || text.length > REASON_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a code is from 1000 to 1003, 1007 to 1014, or 3000 to 4999, and a reason has at most %d bytes: %d '%s'"
              .formatted(REASON_BYTES_MAX, code, reason));
    }
    var bytes = new byte[2 + text.length];
    bytes[0] = (byte) (code >> 8);
    bytes[1] = (byte) code;
    System.arraycopy(text, 0, bytes, 2, text.length);
    return bytes;
  }

  /// {@return what a close frame carries}
  ///
  /// @throws Violation if that is not allowed
  static CloseStatus parse(byte[] payload) throws Violation {
    if (payload.length == 0) {
      return new CloseStatus(NONE, "");
    }
    var code =
        payload.length == 1
            ? NONE
            : Byte.toUnsignedInt(payload[0]) << 8 | Byte.toUnsignedInt(payload[1]);
    if (!isSendable(code)) {
      throw new Violation(PROTOCOL_ERROR, "a close frame has no code that may be sent");
    }
    if (Utf8.check(0, payload, 2, payload.length) != 0) {
      throw new Violation(NOT_CONSISTENT, "the reason of a close frame is not UTF-8");
    }
    return new CloseStatus(code, new String(Arrays.copyOfRange(payload, 2, payload.length), UTF_8));
  }
}
