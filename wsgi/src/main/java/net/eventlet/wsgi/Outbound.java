package net.eventlet.wsgi;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// What goes out on a connection, through an array that it holds only while there is something in
/// it: so answers to requests that came together leave together.
///
/// From the second step of an answer on, the client is measured: one that takes it too slowly meets
/// a [SocketTimeoutException].
final class Outbound {

  private static final int STEP_BYTES = 64 * 1024;

  private GreenSocket socket;
  private GreenConnection wire;
  private final Buffers buffers;
  private final Duration limit;
  private final Budget budget;
  private byte @Nullable [] out; // null while there is nothing to send
  private int filled; // of that
  private int steps; // of this answer
  private long sent; // bytes in all
  private boolean broken; // a write failed
  private int writers; // who are at it

  Outbound(GreenSocket socket, GreenConnection wire, Buffers buffers, TimeLimits limits) {
    this.socket = socket;
    this.wire = wire;
    this.buffers = buffers;
    limit = limits.write();
    budget = new Budget(limits);
  }

  /// Begins with another client.
  void begin(GreenSocket socket, GreenConnection wire) {
    this.socket = socket;
    this.wire = wire;
    socket.writeLimit(limit);
    sent = 0;
    broken = false;
  }

  /// Begins another answer.
  void begin() {
    steps = 0;
    budget.reset();
  }

  /// {@return bytes that went, or wait to go, in all}
  long sent() {
    return sent + filled;
  }

  void put(byte[] bytes) throws IOException {
    put(bytes, 0, bytes.length);
  }

  void put(byte[] bytes, int offset, int length) throws IOException {
    if (length > Buffers.BYTES) {
      flush();
      send(bytes, offset, length);
      return;
    }
    System.arraycopy(bytes, offset, room(length), filled, length);
    filled += length;
  }

  /// {@return the array, with room behind what fills it}
  ///
  /// @param length at most [Buffers#BYTES]
  private byte[] room(int length) throws IOException {
    if (length > Buffers.BYTES - filled) {
      flush();
    }
    var buffer = out;
    if (buffer == null) {
      buffer = buffers.lend();
      out = buffer;
    }
    return buffer;
  }

  /// Puts a field whose value is a number, with the line's end.
  ///
  /// @param name with colon and blank
  /// @param number 0 or more
  void put(byte[] name, long number) throws IOException {
    put(name);
    var digits = 1;
    for (var left = number; left >= 10; left /= 10) {
      digits++;
    }
    var buffer = room(digits + 2);
    var left = number;
    for (var at = filled + digits - 1; at >= filled; at--) {
      buffer[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    filled += digits;
    buffer[filled++] = '\r';
    buffer[filled++] = '\n';
  }

  /// {@return whether nothing was sent since this answer began}
  boolean isHeld() {
    return steps == 0;
  }

  /// Sends what is there.
  void flush() throws IOException {
    var buffer = out;
    if (buffer == null) {
      return;
    }
    var count = filled;
    out = null;
    filled = 0;
    try {
      send(buffer, 0, count);
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /// Drops what is there, and the array with it.
  void release() {
    buffers.giveBack(out);
    out = null;
    filled = 0;
  }

  /// {@return whether somebody writes, or waits to}
  boolean inUse() {
    return writers > 0;
  }

  private void send(byte[] bytes, int offset, int length) throws IOException {
    broken = true; // until it has gone
    writers++;
    try {
      steps(bytes, offset, length);
      broken = false;
    } finally {
      writers--;
    }
  }

  private void steps(byte[] bytes, int offset, int length) throws IOException {
    if (steps++ == 0 && length <= STEP_BYTES) {
      wire.write(bytes, offset, length);
      sent += length;
      return;
    }
    for (var done = 0; done < length; ) {
      var from = offset + done;
      var count = Math.min(STEP_BYTES, length - done);
      measured(() -> {
        wire.write(bytes, from, count);
        return count;
      });
      done += count;
    }
  }

  /// {@return whether the kernel may send by itself}
  boolean isPlain() {
    return wire == socket;
  }

  /// Sends bytes of a file, by the kernel alone.
  ///
  /// @return how many: fewer at the file's end
  long sendFile(int file, long position, long count) throws IOException {
    flush();
    broken = true; // until it has gone
    writers++;
    try {
      var gone = measured(() -> socket.sendFile(file, position, count));
      broken = false;
      return gone;
    } finally {
      writers--;
    }
  }

  /// {@return whether nothing more can be sent}
  boolean broken() {
    return broken;
  }

  private interface Sending {
    long send() throws IOException;
  }

  private long measured(Sending sending) throws IOException {
    steps++;
    socket.writeLimit(budget.bound(limit));
    var began = System.nanoTime();
    var count = 0L;
    try {
      count = sending.send();
    } finally {
      socket.writeLimit(limit);
      sent += count;
      budget.spend(System.nanoTime() - began, count);
    }
    if (budget.spent()) {
      throw new SocketTimeoutException("the client takes too little of an answer");
    }
    return count;
  }
}
