package net.eventlet;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection that parks the green thread which waits on it: a [GreenSocket], or what encrypts
/// over one. Whoever writes a protocol against this serves both.
///
/// One thread may read while another writes. To close it, from anywhere, wakes whoever waits.
public interface GreenConnection extends Closeable {

  /// Waits until a read would not wait, so that whoever has nothing to read yet needs no room for
  /// it. Where there are bytes already, or the end is, this returns at once.
  ///
  /// @throws java.net.SocketTimeoutException if the time runs out
  /// @throws IOException if the connection is broken, or closed here
  void awaitReadable() throws IOException;

  /// Reads some bytes, at least one; waits for them if it must.
  ///
  /// @param bytes where they go
  /// @param offset where they begin
  /// @param length how many at the most
  /// @return how many; -1 at the end
  /// @throws java.net.SocketTimeoutException if the time runs out
  /// @throws IOException if the connection is broken, or closed here
  int read(byte[] bytes, int offset, int length) throws IOException;

  /// Reads some bytes into a buffer, from its position on; waits for them if it must.
  ///
  /// @param buffer with room
  /// @return how many; -1 at the end
  /// @throws java.net.SocketTimeoutException if the time runs out
  /// @throws IOException if the connection is broken, or closed here
  int read(ByteBuffer buffer) throws IOException;

  /// Writes all of some bytes; waits for room if it must.
  ///
  /// @param bytes where they are
  /// @param offset where they begin
  /// @param length how many
  /// @throws java.net.SocketTimeoutException if the time runs out; some may have gone
  /// @throws IOException if the connection is broken, or closed here
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Writes all that buffers hold, gathered; waits for room if it must.
  ///
  /// @param buffers in this order, each from its position to its limit
  /// @return how many bytes
  /// @throws java.net.SocketTimeoutException if the time runs out; some may have gone, and the
  ///   position of a buffer that was given alone says how many
  /// @throws IOException if the connection is broken, or closed here
  long write(ByteBuffer... buffers) throws IOException;

  /// Bounds how long a read waits, in finer steps than [java.net.Socket#setSoTimeout(int)], and in
  /// its place.
  ///
  /// @param limit longest wait; null, zero or less for ever
  void readLimit(@Nullable Duration limit);

  /// Bounds how long a write waits for room.
  ///
  /// @param limit longest wait; null, zero or less for ever
  void writeLimit(@Nullable Duration limit);

  /// {@return what reads as [#read(byte[], int, int)] does}
  ///
  /// @throws IOException if it is not connected, or closed
  InputStream getInputStream() throws IOException;

  /// {@return what writes as [#write(byte[], int, int)] does}
  ///
  /// @throws IOException if it is not connected, or closed
  OutputStream getOutputStream() throws IOException;

  /// Writes no more: the other side meets the end, and can still be read from.
  ///
  /// @throws IOException if it is not connected, or closed
  void shutdownOutput() throws IOException;

  /// {@return the other side's address; null if it is not connected}
  @Nullable SocketAddress getRemoteSocketAddress();

  /// {@return its own address; null if it is not bound}
  @Nullable SocketAddress getLocalSocketAddress();

  /// {@return whether it was closed here}
  boolean isClosed();
}
