package net.eventlet.wsgi.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The mask over what a client sends.
///
/// Source: RFC 6455 section 5.3.
final class Masks {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Masks() {}

  /// Puts a mask on, or takes it off.
  ///
  /// @param key four bytes, the first one highest
  /// @param phase how many bytes of the frame came before, modulo 4
  /// @param bytes changed in place
  /// @param from the first
  /// @param to behind the last
  static void apply(int key, int phase, byte[] bytes, int from, int to) {
    var turned = Integer.rotateLeft(key, 8 * phase);
    var twice = (long) turned << 32 | Integer.toUnsignedLong(turned);
    var at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
    }
    for (var shift = 24; at < to; at++, shift = shift - 8 & 31) {
      bytes[at] ^= (byte) (turned >> shift);
    }
  }
}
