package net.eventlet.green;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.Objects;
import net.eventlet.hubs.Descriptor;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;

/// Bytes from a pipe, a terminal or another descriptor that the kernel can wait for.
///
/// A read waits on the hub; off a hub it blocks its thread. One thread reads at a time. Closing,
/// from anywhere, wakes whoever reads.
///
/// Source: `eventlet/greenio/base.py`, `GreenPipe`.
public final class GreenInputStream extends InputStream {

  private static final int CHUNK_BYTES = 256 * 1024; // of one system call

  private static final int AHEAD_BYTES = 64 * 1024; // what a pipe holds

  private final Descriptor descriptor;
  private final boolean closesAtEnd;
  private byte[] ahead = new byte[0]; // read before anybody asked
  private int aheadStart;
  private volatile boolean begun; // written under this
  private volatile boolean ended;
  private int burst;

  private GreenInputStream(int fileno, boolean closesAtEnd) {
    descriptor = new Descriptor(fileno);
    this.closesAtEnd = closesAtEnd;
  }

  /// {@return a stream from a descriptor, which is the stream's own from now on}
  ///
  /// @param fileno its number among this process's descriptors; nobody else may close it
  /// @throws IllegalArgumentException if it is not open, or a regular file, which no kernel waits
  ///   for: use [GreenFiles]
  public static GreenInputStream adopt(int fileno) {
    GreenPipe.adopt(fileno);
    return new GreenInputStream(fileno, false);
  }

  /// {@return the stream from a child, which gives its number back when it comes to its end: few
  /// programs close it}
  ///
  /// @param fileno non-blocking
  static GreenInputStream ofChild(int fileno) {
    return new GreenInputStream(fileno, true);
  }

  /// {@return its number among this process's descriptors}
  ///
  /// @throws IOException if it is closed
  public int fileno() throws IOException {
    if (descriptor.closed()) {
      throw closed();
    }
    return descriptor.fd();
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return read(MemorySegment.ofArray(bytes).asSlice(offset, length), Long.MAX_VALUE);
  }

  /// Reads some bytes into a buffer, from its position on.
  ///
  /// @param buffer with room
  /// @return how many; -1 at the end
  /// @throws IOException if it is broken, or closed here
  public int read(ByteBuffer buffer) throws IOException {
    if (buffer.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    var count = read(MemorySegment.ofBuffer(buffer), Long.MAX_VALUE);
    if (count > 0) {
      buffer.position(buffer.position() + count);
    }
    return count;
  }

  /// Reads some bytes.
  ///
  /// @param room where they go
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return how many, -1 at the end; or 0 if the time ran out, or there is no room
  int read(MemorySegment room, long limitNanos) throws IOException {
    var most = room.asSlice(0, Math.min(room.byteSize(), CHUNK_BYTES));
    if (most.byteSize() == 0) {
      return 0;
    }
    burst = Waiting.rest(burst);
    if (!begun) {
      begin();
    }
    if (aheadStart < ahead.length) {
      var count = (int) Math.min(most.byteSize(), ahead.length - aheadStart);
      MemorySegment.copy(MemorySegment.ofArray(ahead), aheadStart, most, 0, count);
      aheadStart += count;
      return count;
    }
    while (!ended) {
      var count = descriptor.read(most);
      if (count > 0) {
        return count;
      }
      switch (-count) {
        case 0 -> {
          if (closesAtEnd) {
            ended = true;
            descriptor.close();
          }
          return -1;
        }
        case Errno.EAGAIN -> {
          burst = 0;
          if (!Waiting.await(descriptor, false, limitNanos)) {
            return 0;
          }
        }
        case Errno.EINTR -> {}
        case Errno.EBADF -> throw closed();
        default -> throw new IOException(Errno.message(-count));
      }
    }
    return -1;
  }

  private synchronized void begin() {
    begun = true;
  }

  /// Unless somebody has begun to read, reads what is there now, and if that is all, gives the
  /// number back. What was read is kept.
  synchronized void settle() {
    if (begun || ended) {
      return;
    }
    var bytes = new byte[AHEAD_BYTES];
    var count = 0;
    while (count < bytes.length) {
      var read = descriptor.read(MemorySegment.ofArray(bytes).asSlice(count));
      if (read == 0) {
        ended = true;
        descriptor.close();
      }
      if (read <= 0) {
        break;
      }
      count += read;
    }
    ahead = Arrays.copyOf(bytes, count);
  }

  private static IOException closed() {
    return new IOException("Stream closed");
  }

  @Override
  public int available() throws IOException {
    var known = ahead.length - aheadStart;
    if (ended) {
      return known;
    }
    return known
        + descriptor.use(fd -> {
          try (var scratch = Scratch.borrow()) {
            return Math.max(0, Posix.available(scratch, fd));
          }
        });
  }

  @Override
  public void close() {
    ahead = new byte[0];
    aheadStart = 0;
    ended = false; // whoever reads on is told
    descriptor.close();
  }

  @Override
  public String toString() {
    return "GreenInputStream[" + descriptor.fd() + (descriptor.closed() ? ", closed]" : "]");
  }
}
