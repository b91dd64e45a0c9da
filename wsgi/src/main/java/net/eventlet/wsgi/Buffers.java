package net.eventlet.wsgi;

import java.util.ArrayDeque;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Arrays that connections lend and give back, on one hub. Elsewhere, as where an application in a
/// thread of its own reads a body, there is a new one each time.
final class Buffers {

  /// What each holds.
  static final int BYTES = 8 * 1024;

  private static final int KEPT_MAX = 256;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private final Hub hub;

  Buffers(Hub hub) {
    this.hub = hub;
  }

  /// {@return an array of eight KiB, with whatever was in it}
  byte[] lend() {
    var buffer = Hub.currentOrNull() == hub ? free.pollLast() : null;
    return buffer == null ? new byte[BYTES] : buffer;
  }

  /// Takes an array back; one that grew, or one too many, is dropped.
  void giveBack(byte @Nullable [] buffer) {
    if (buffer != null
        && buffer.length == BYTES
        && Hub.currentOrNull() == hub
        && free.size() < KEPT_MAX) {
      free.addLast(buffer);
    }
  }
}
