package net.eventlet.wsgi.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Checks UTF-8 as it arrives.
///
/// A state is 0 between two characters; otherwise it says which bytes may follow.
///
/// Source: Unicode 16, table 3-7.
final class Utf8 {

  static final int BROKEN = -1;

  private static final int ONE = 1; // more bytes, from 80 to BF
  private static final int TWO = 2;
  private static final int THREE = 3;
  private static final int AFTER_E0 = 4;
  private static final int AFTER_ED = 5;
  private static final int AFTER_F0 = 6;
  private static final int AFTER_F4 = 7;
  private static final int[] LEAST = {0, 0x80, 0x80, 0x80, 0xa0, 0x80, 0x90, 0x80};
  private static final int[] MOST = {0, 0xbf, 0xbf, 0xbf, 0xbf, 0x9f, 0xbf, 0x8f};
  private static final int[] NEXT = {0, 0, ONE, TWO, ONE, ONE, TWO, TWO};
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Utf8() {}

  /// Goes on checking.
  ///
  /// @param state after what came before; 0 at first
  /// @param bytes where they are
  /// @param from the first
  /// @param to behind the last
  /// @return the state after them, or [#BROKEN]
  static int check(int state, byte[] bytes, int from, int to) {
    var at = from;
    var now = state;
    while (at < to) {
      if (now == 0) {
        while (at <= to - Long.BYTES && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
          at += Long.BYTES;
        }
        while (at < to && bytes[at] >= 0) {
          at++;
        }
        if (at < to) {
          now = lead(Byte.toUnsignedInt(bytes[at++]));
        }
      } else {
        var next = Byte.toUnsignedInt(bytes[at++]);
        now = next < LEAST[now] || next > MOST[now] ? BROKEN : NEXT[now];
      }
      if (now == BROKEN) {
        return BROKEN;
      }
    }
    return now;
  }

  private static int lead(int first) {
    if (first < 0xc2 || first > 0xf4) {
      return BROKEN;
    }
    if (first < 0xe0) {
      return ONE;
    }
    return switch (first) {
      case 0xe0 -> AFTER_E0;
      case 0xed -> AFTER_ED;
      case 0xf0 -> AFTER_F0;
      case 0xf4 -> AFTER_F4;
      default -> first < 0xf0 ? TWO : THREE;
    };
  }
}
