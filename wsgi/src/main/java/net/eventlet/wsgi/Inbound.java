package net.eventlet.wsgi;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// What comes in on a connection: an array with a request's head at its front, and behind it what
/// nobody has taken yet. While the connection rests there is no array. Before more is read, what
/// goes out goes.
final class Inbound {

  private static final int ROOM_MIN = 1024; // behind a head

  private GreenSocket socket;
  private GreenConnection wire;
  private final Outbound out;
  private final Buffers buffers;
  private final TimeLimits limits;
  private final Budget budget;
  private byte @Nullable [] in; // null while it rests
  private int front; // where the head ends, which has to stay
  private int start; // of what nobody has taken yet
  private int end; // of what came
  private long received; // bytes in all
  private boolean broken; // a read failed
  private int readers; // who are at it

  Inbound(
      GreenSocket socket, GreenConnection wire, Outbound out, Buffers buffers, TimeLimits limits) {
    this.socket = socket;
    this.wire = wire;
    this.out = out;
    this.buffers = buffers;
    this.limits = limits;
    budget = new Budget(limits);
  }

  /// Begins with another client.
  void begin(GreenSocket socket, GreenConnection wire) {
    this.socket = socket;
    this.wire = wire;
    received = 0;
    broken = false;
  }

  /// {@return the array, which stays the same until more comes}
  byte[] bytes() {
    var bytes = in;
    if (bytes == null) {
      bytes = buffers.lend();
      in = bytes;
    }
    return bytes;
  }

  /// {@return where in the array that ends which came}
  int end() {
    return end;
  }

  boolean isEmpty() {
    return start == end;
  }

  /// {@return whether nothing more can come}
  boolean broken() {
    return broken;
  }

  /// {@return bytes that came in all}
  long received() {
    return received;
  }

  /// Reads a head, behind what was taken before.
  ///
  /// @param head looks at it
  /// @return whether there is one; if not, the client is gone, or rests for too long
  /// @throws BadRequest if it is malformed, or takes too long
  boolean readHead(Head head) throws IOException {
    compact();
    head.reset(0);
    var deadline = 0L;
    while (true) {
      var headEnd = head.parse(bytes(), end);
      if (headEnd >= 0) {
        head(headEnd);
        return true;
      }
      if (end > 0) {
        var now = System.nanoTime();
        if (deadline == 0) {
          deadline = now + limits.head().toNanos();
        }
        socket.readLimit(Duration.ofNanos(Math.max(1, deadline - now)));
      }
      try {
        if (!fill()) {
          if (head.begun(end)) {
            throw new BadRequest(400, "the request ends early");
          }
          return false;
        }
      } catch (SocketTimeoutException tooSlow) {
        if (end == 0) {
          return false; // it rests for too long
        }
        throw new BadRequest(408, "the request took longer than " + limits.head());
      }
    }
  }

  /// Forgets the last head, and moves what came behind it to the front.
  private void compact() {
    if (start > 0) {
      System.arraycopy(bytes(), start, bytes(), 0, end - start);
    }
    end -= start;
    start = 0;
    front = 0;
  }

  /// A head ends here: from here on a body is taken.
  void head(int headEnd) {
    front = headEnd;
    start = headEnd;
    budget.reset();
  }

  /// Gives the array back, and waits for something to come.
  ///
  /// @param limit longest wait
  /// @return whether anything, or the end, came in time
  boolean rest(Duration limit) throws IOException {
    out.flush();
    release();
    socket.readLimit(limit);
    try {
      wire.awaitReadable();
      return true;
    } catch (SocketTimeoutException rested) {
      return false;
    }
  }

  /// Gives the array back.
  void release() {
    front = 0;
    start = 0;
    end = 0;
    if (!inUse()) {
      buffers.giveBack(in);
    }
    in = null;
  }

  /// {@return whether somebody reads, or waits to}
  boolean inUse() {
    return readers > 0;
  }

  /// {@return a copy of what nobody has taken}
  byte[] remainder() {
    return Arrays.copyOfRange(bytes(), start, end);
  }

  /// Reads what there is, behind what came.
  ///
  /// @return whether anything came before the end
  boolean fill() throws IOException {
    var bytes = bytes();
    if (start == end) {
      start = front;
      end = front;
    }
    if (bytes.length - end < (front > 0 ? ROOM_MIN : 1)) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length); // the head is read in the old one
      in = bytes;
    }
    var count = read(bytes, end, bytes.length - end);
    end += Math.max(0, count);
    return count >= 0;
  }

  private int read(byte[] bytes, int offset, int length) throws IOException {
    out.flush(); // the client may wait for that before it goes on
    broken = true; // until something has come
    readers++;
    try {
      var count = wire.read(bytes, offset, length);
      broken = count < 0;
      received += Math.max(0, count);
      return count;
    } finally {
      readers--;
    }
  }

  /// Takes bytes of a body: those that came with the head, and then from the socket.
  ///
  /// @return how many; -1 at the end
  /// @throws BadRequest if nothing comes for too long, or too little
  int take(byte[] bytes, int offset, int length) throws IOException {
    if (start < end) {
      var count = Math.min(length, end - start);
      System.arraycopy(bytes(), start, bytes, offset, count);
      start += count;
      return count;
    }
    return patiently(() -> read(bytes, offset, length));
  }

  /// Takes a byte of a body.
  ///
  /// @return it; -1 at the end
  /// @throws BadRequest if nothing comes for too long, or too little
  int take() throws IOException {
    if (start == end && patiently(() -> fill() ? 1 : -1) < 0) {
      return -1;
    }
    return bytes()[start++] & 0xff;
  }

  private interface Reading {
    int read() throws IOException;
  }

  private int patiently(Reading reading) throws IOException {
    socket.readLimit(budget.bound(limits.read()));
    var began = System.nanoTime();
    var before = received;
    try {
      return reading.read();
    } catch (SocketTimeoutException stalled) {
      throw new BadRequest(
          408,
          "the body comes too slowly: nothing within %s, or fewer than %d bytes a second"
              .formatted(limits.read(), limits.bytesPerSecond()));
    } finally {
      budget.spend(System.nanoTime() - began, received - before);
    }
  }
}
