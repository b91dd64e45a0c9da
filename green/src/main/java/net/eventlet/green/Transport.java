package net.eventlet.green;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import net.eventlet.GreenConnection;
import org.jspecify.annotations.Nullable;

/// What carries a TLS connection's records.
sealed interface Transport {

  /// {@return what carries the records of a connection over a socket}
  ///
  /// @param socket connected
  static Transport over(Socket socket) {
    return socket instanceof GreenConnection green ? new Green(green) : new Stock(socket);
  }

  /// Waits until a read would not wait, where that can be told.
  void awaitReadable() throws IOException;

  /// {@return how many bytes came, at least one; -1 at the end}
  ///
  /// @param room for them
  int read(ByteBuffer room) throws IOException;

  /// Writes all of a buffer, whose position says at any time how much has gone.
  ///
  /// @param bytes from an array
  void write(ByteBuffer bytes) throws IOException;

  /// {@return how many bytes a read would find at once}
  int available() throws IOException;

  /// Bounds how long a read waits.
  ///
  /// @param limit null for ever
  void readLimit(@Nullable Duration limit) throws IOException;

  /// Bounds how long a write waits.
  ///
  /// @param limit null for ever
  void writeLimit(@Nullable Duration limit);

  /// Ends what is written.
  void shutdownOutput() throws IOException;

  /// Closes the socket.
  void close() throws IOException;

  /// A green connection: a socket, or TLS over one.
  ///
  /// @param connection that
  record Green(GreenConnection connection) implements Transport {

    @Override
    public void awaitReadable() throws IOException {
      connection.awaitReadable();
    }

    @Override
    public int read(ByteBuffer room) throws IOException {
      return connection.read(room);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      connection.write(bytes);
    }

    @Override
    public int available() throws IOException {
      return connection.getInputStream().available();
    }

    @Override
    public void readLimit(@Nullable Duration limit) {
      connection.readLimit(limit);
    }

    @Override
    public void writeLimit(@Nullable Duration limit) {
      connection.writeLimit(limit);
    }

    @Override
    public void shutdownOutput() throws IOException {
      connection.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  /// Any other socket, such as one that a library tunnels through a proxy. It waits on the hub too,
  /// but holds a buffer meanwhile, and its writes have no limit.
  ///
  /// @param socket that
  record Stock(Socket socket) implements Transport {

    @Override
    public void awaitReadable() {} // a stock socket cannot tell without reading

    @Override
    public int read(ByteBuffer room) throws IOException {
      var count =
          socket
              .getInputStream()
              .read(room.array(), room.arrayOffset() + room.position(), room.remaining());
      if (count > 0) {
        room.position(room.position() + count);
      }
      return count;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      var begin = bytes.arrayOffset() + bytes.position();
      var count = bytes.remaining();
      bytes.position(bytes.limit()); // how much went is not known if it fails
      socket.getOutputStream().write(bytes.array(), begin, count);
    }

    @Override
    public int available() throws IOException {
      return socket.getInputStream().available();
    }

    @Override
    public void readLimit(@Nullable Duration limit) throws SocketException {
      socket.setSoTimeout(
          limit == null ? 0 : Math.clamp((limit.toNanos() + 999_999) / 1_000_000, 1, 1 << 30));
    }

    @Override
    public void writeLimit(@Nullable Duration limit) {}

    @Override
    public void shutdownOutput() throws IOException {
      socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
