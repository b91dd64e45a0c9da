package net.eventlet.green;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import net.eventlet.hubs.Descriptor;
import net.eventlet.posix.Errno;

/// Bytes to a pipe, a terminal or another descriptor that the kernel can wait for.
///
/// A write waits on the hub until all is written; off a hub it blocks its thread. One thread writes
/// at a time. Closing, from anywhere, wakes whoever writes. Nothing is buffered here.
///
/// Source: `eventlet/greenio/base.py`, `GreenPipe`.
public final class GreenOutputStream extends OutputStream {

  private static final int CHUNK_BYTES = 256 * 1024; // of one system call

  private final Descriptor descriptor;
  private int burst;

  private GreenOutputStream(int fileno) {
    descriptor = new Descriptor(fileno);
  }

  /// {@return a stream to a descriptor, which is the stream's own from now on}
  ///
  /// @param fileno its number among this process's descriptors; nobody else may close it
  /// @throws IllegalArgumentException if it is not open, or a regular file, which no kernel waits
  ///   for: use [GreenFiles]
  public static GreenOutputStream adopt(int fileno) {
    GreenPipe.adopt(fileno);
    return new GreenOutputStream(fileno);
  }

  /// {@return the stream to a child}
  ///
  /// @param fileno non-blocking
  static GreenOutputStream ofChild(int fileno) {
    return new GreenOutputStream(fileno);
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
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    write(MemorySegment.ofArray(bytes).asSlice(offset, length));
  }

  /// Writes all that a buffer holds.
  ///
  /// @param buffer whose position moves to its limit
  /// @return how many bytes
  /// @throws IOException if nobody reads any more, or this is closed here
  public int write(ByteBuffer buffer) throws IOException {
    var count = buffer.remaining();
    write(MemorySegment.ofBuffer(buffer));
    buffer.position(buffer.limit());
    return count;
  }

  private void write(MemorySegment bytes) throws IOException {
    burst = Waiting.rest(burst);
    var written = 0L;
    while (written < bytes.byteSize()) {
      var size = Math.min(bytes.byteSize() - written, CHUNK_BYTES);
      var count = descriptor.write(bytes.asSlice(written, size));
      if (count >= 0) {
        written += count;
        continue;
      }
      switch (-count) {
        case Errno.EAGAIN -> {
          burst = 0;
          Waiting.await(descriptor, true, Long.MAX_VALUE);
        }
        case Errno.EINTR -> {}
        case Errno.EBADF -> throw closed();
        default -> throw new IOException(Errno.message(-count));
      }
    }
  }

  private static IOException closed() {
    return new IOException("Stream closed");
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "GreenOutputStream[" + descriptor.fd() + (descriptor.closed() ? ", closed]" : "]");
  }
}
