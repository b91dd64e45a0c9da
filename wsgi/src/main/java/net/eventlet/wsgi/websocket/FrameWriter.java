package net.eventlet.wsgi.websocket;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import net.eventlet.Semaphore;
import org.jspecify.annotations.Nullable;

/// Sends frames, each whole, whoever sends. One that is cut off closes the connection.
///
/// Source: RFC 6455 section 5.
final class FrameWriter {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int MASKED = 0x80;

  private final Wire wire;
  private final Kit kit;
  private final @Nullable SecureRandom masks; // null at a server's end
  private final @Nullable Deflate deflate; // null if it was not agreed
  private final Semaphore turn = new Semaphore(1);
  private volatile @Nullable CloseStatus said; // in the close frame that was sent

  FrameWriter(Wire wire, Kit kit, @Nullable SecureRandom masks, @Nullable Deflate deflate) {
    this.wire = wire;
    this.kit = kit;
    this.masks = masks;
    this.deflate = deflate;
  }

  /// {@return what was said in the close frame that was sent; null if none was}
  @Nullable CloseStatus said() {
    return said;
  }

  /// Sends a message, compressed where that was agreed and pays.
  ///
  /// @throws SocketException if a close frame was sent, or the connection is broken
  void message(int opcode, byte[] bytes, int length) throws IOException {
    turn.acquire();
    try {
      requireOpen();
      var compressed = deflate == null ? null : deflate.compress(bytes, length);
      if (compressed == null) {
        write(FINAL | opcode, bytes, 0, length);
      } else {
        write(FINAL | COMPRESSED | opcode, compressed, 0, compressed.length);
      }
    } finally {
      turn.release();
    }
  }

  /// Sends a part of a message, as it is.
  ///
  /// @throws SocketException if a close frame was sent, or the connection is broken
  void part(int opcode, boolean last, byte[] bytes, int length) throws IOException {
    frame(last ? FINAL | opcode : opcode, bytes, length);
  }

  /// Sends a ping or a pong.
  ///
  /// @throws SocketException if a close frame was sent, or the connection is broken
  void control(int opcode, byte[] payload) throws IOException {
    frame(FINAL | opcode, payload, payload.length);
  }

  private void frame(int first, byte[] bytes, int length) throws IOException {
    turn.acquire();
    try {
      requireOpen();
      write(first, bytes, 0, length);
    } finally {
      turn.release();
    }
  }

  /// Sends a close frame, unless one was sent.
  ///
  /// @param limit longest wait for whoever sends now
  /// @throws SocketTimeoutException if the time runs out
  void close(CloseStatus status, Duration limit) throws IOException {
    if (said != null) {
      return;
    }
    if (!turn.tryAcquire(limit)) {
      throw new SocketTimeoutException("there is no room to send for " + limit);
    }
    try {
      if (said == null) {
        said = status;
        var payload = status.payload();
        write(FINAL | CLOSE, payload, 0, payload.length);
      }
    } finally {
      turn.release();
    }
  }

  /// Gives back what it keeps, unless somebody is in the middle of sending; nothing is sent
  /// afterwards.
  void end(CloseStatus status) {
    if (turn.tryAcquire()) {
      try {
        if (said == null) {
          said = status;
        }
        if (deflate != null) {
          deflate.endDeflater();
        }
      } finally {
        turn.release();
      }
    }
  }

  private void requireOpen() throws SocketException {
    var status = said;
    if (status != null) {
      throw new SocketException(
          "this WebSocket was closed with %d, and sends no more".formatted(status.code()));
    }
  }

  private void write(int first, byte[] bytes, int offset, int length) throws IOException {
    var room = kit.buffers().lend();
    var done = false;
    try {
      room[0] = (byte) first;
      var at = putLength(room, length);
      var key = 0;
      if (masks != null) {
        key = masks.nextInt();
        at = putInt(room, at, key);
      }
      var from = offset;
      var end = offset + length;
      do {
        var count = Math.min(end - from, room.length - at);
        if (from > offset && masks == null) { // the rest goes from where it is
          count = end - from;
          wire.write(bytes, from, count);
        } else {
          System.arraycopy(bytes, from, room, at, count);
          if (masks != null) {
            Masks.apply(key, (from - offset) & 3, room, at, at + count);
          }
          wire.write(room, 0, at + count);
        }
        from += count;
        at = 0;
      } while (from < end);
      done = true;
    } finally {
      kit.buffers().giveBack(room);
      if (!done) {
        wire.close();
      }
    }
  }

  private int putLength(byte[] room, int length) {
    var mask = masks == null ? 0 : MASKED;
    if (length < 126) {
      room[1] = (byte) (mask | length);
      return 2;
    }
    if (length < 1 << 16) {
      room[1] = (byte) (mask | 126);
      room[2] = (byte) (length >> 8);
      room[3] = (byte) length;
      return 4;
    }
    room[1] = (byte) (mask | 127);
    return putInt(room, putInt(room, 2, 0), length);
  }

  private static int putInt(byte[] room, int at, int value) {
    room[at] = (byte) (value >> 24);
    room[at + 1] = (byte) (value >> 16);
    room[at + 2] = (byte) (value >> 8);
    room[at + 3] = (byte) value;
    return at + 4;
  }
}
