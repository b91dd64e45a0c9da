package net.eventlet.green;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/// Room for TLS records, which connections borrow while there are bytes in it.
///
/// Usable from any thread. What is kept has a bound: 4 MiB of either size.
final class RecordBuffers {

  /// Room for one record of the largest size that the JDK's engines make.
  static final int ONE = 16 * 1024 + 512;

  /// Room for several, so that one system call moves them all.
  static final int SEVERAL = 4 * ONE;

  /// Of no room, in the place of one that is not borrowed.
  static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private static final int KEPT_BYTES = 4 * 1024 * 1024;

  private static final ArrayBlockingQueue<ByteBuffer> SMALL =
      new ArrayBlockingQueue<>(KEPT_BYTES / ONE);
  private static final ArrayBlockingQueue<ByteBuffer> LARGE =
      new ArrayBlockingQueue<>(KEPT_BYTES / SEVERAL);

  private RecordBuffers() {}

  /// {@return an empty buffer to write into}
  ///
  /// @param bytes how much room it needs
  static ByteBuffer lend(int bytes) {
    if (bytes > SEVERAL) {
      return ByteBuffer.allocate(bytes);
    }
    var buffer = (bytes <= ONE ? SMALL : LARGE).poll();
    return buffer == null ? ByteBuffer.allocate(bytes <= ONE ? ONE : SEVERAL) : buffer.clear();
  }

  /// Takes a buffer back, which the caller forgets.
  ///
  /// @param buffer any; one of another size, or one too many, is dropped
  static void giveBack(ByteBuffer buffer) {
    switch (buffer.capacity()) {
      case ONE -> SMALL.offer(buffer);
      case SEVERAL -> LARGE.offer(buffer);
      default -> {}
    }
  }
}
