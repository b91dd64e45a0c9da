package net.eventlet.wsgi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import net.eventlet.GreenSocket;

/// What carries a connection's bytes: the socket itself, or TLS on it. Time limits are the socket's
/// own in both cases.
interface Wire {

  /// Gets ready, which TLS does with a handshake.
  void open() throws IOException;

  /// Waits until a read would not wait.
  void awaitReadable() throws IOException;

  /// Reads some bytes, at least one.
  ///
  /// @return how many; -1 at the end
  int read(byte[] bytes, int offset, int length) throws IOException;

  /// Writes all of some bytes.
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Writes no more.
  void shutdownOutput() throws IOException;

  InputStream input() throws IOException;

  OutputStream output() throws IOException;

  /// {@return whether nobody between the two ends can read it}
  boolean secure();

  /// Bytes as they are.
  record Plain(GreenSocket socket) implements Wire {

    @Override
    public void open() {}

    @Override
    public void awaitReadable() throws IOException {
      socket.awaitReadable();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return socket.read(bytes, offset, length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      socket.write(bytes, offset, length);
    }

    @Override
    public void shutdownOutput() throws IOException {
      socket.shutdownOutput();
    }

    @Override
    public InputStream input() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream output() throws IOException {
      return socket.getOutputStream();
    }

    @Override
    public boolean secure() {
      return false;
    }
  }
}
