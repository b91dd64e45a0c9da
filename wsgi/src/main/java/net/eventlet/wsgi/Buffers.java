package net.eventlet.wsgi;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Arrays that connections lend and give back. Belongs to one hub.
final class Buffers {

  private static final int BYTES = 8 * 1024;
  private static final int KEPT_MAX = 256;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>();

  /// {@return an array of eight KiB, with whatever was in it}
  byte[] lend() {
    var buffer = free.pollLast();
    return buffer == null ? new byte[BYTES] : buffer;
  }

  /// Takes an array back; one that grew, or one too many, is dropped.
  void giveBack(byte @Nullable [] buffer) {
    if (buffer != null && buffer.length == BYTES && free.size() < KEPT_MAX) {
      free.addLast(buffer);
    }
  }
}
