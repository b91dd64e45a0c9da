package net.eventlet.wsgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import net.eventlet.GreenConnection;
import org.jspecify.annotations.Nullable;

/// A connection from which some bytes come, so many at a time, and then its end.
final class Fed implements GreenConnection {

  private final byte[] bytes;
  private final int most;
  private int at;

  Fed(byte[] bytes, int most) {
    this.bytes = bytes;
    this.most = most;
  }

  @Override
  public int read(byte[] room, int offset, int length) {
    if (at == bytes.length) {
      return -1;
    }
    var count = Math.min(Math.min(most, length), bytes.length - at);
    System.arraycopy(bytes, at, room, offset, count);
    at += count;
    return count;
  }

  @Override
  public void awaitReadable() {}

  @Override
  public int read(ByteBuffer buffer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(byte[] sent, int offset, int length) throws IOException {
    throw new IOException("nothing is sent here");
  }

  @Override
  public long write(ByteBuffer... buffers) throws IOException {
    throw new IOException("nothing is sent here");
  }

  @Override
  public void readLimit(@Nullable Duration limit) {}

  @Override
  public void writeLimit(@Nullable Duration limit) {}

  @Override
  public InputStream getInputStream() {
    throw new UnsupportedOperationException();
  }

  @Override
  public OutputStream getOutputStream() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdownOutput() {}

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return null;
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  @Override
  public void close() {}
}
