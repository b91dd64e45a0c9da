package net.eventlet.wsgi.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import net.eventlet.GreenConnection;

/// The bytes under a WebSocket.
final class Wire {

  private static final int NOTHING = -1;
  private static final int LINGER_BYTES_MAX = 256 * 1024;

  private final GreenConnection socket;
  private final InputStream input;
  private final OutputStream output;
  private final boolean plain; // the streams are the socket's own
  private int ahead = NOTHING; // a byte that was read to wait for it

  /// @param socket that the bytes go through, with its limits
  /// @param input from it, perhaps with bytes that came before
  /// @param output to it
  Wire(GreenConnection socket, InputStream input, OutputStream output) throws IOException {
    this.socket = socket;
    this.input = input;
    this.output = output;
    plain = input == socket.getInputStream();
  }

  /// Bounds how long a read waits.
  ///
  /// @param limit zero for ever
  void readLimit(Duration limit) {
    socket.readLimit(limit);
  }

  /// Bounds how long a write waits for room.
  void writeLimit(Duration limit) {
    socket.writeLimit(limit);
  }

  /// Waits until there is something to read, or the end.
  void awaitReadable() throws IOException {
    if (plain) {
      socket.awaitReadable();
    } else if (ahead == NOTHING) {
      ahead = input.read();
    }
  }

  /// {@return how many bytes came; -1 at the end}
  int read(byte[] bytes, int offset, int length) throws IOException {
    if (plain) {
      return socket.read(bytes, offset, length);
    }
    if (ahead == NOTHING) {
      return input.read(bytes, offset, length);
    }
    bytes[offset] = (byte) ahead;
    ahead = NOTHING;
    return 1;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (plain) {
      socket.write(bytes, offset, length);
    } else {
      output.write(bytes, offset, length);
      output.flush();
    }
  }

  /// Lets the other end read what was written last: to close while bytes of it are unread here
  /// would take that back.
  ///
  /// @param first whether to say at once that nothing more comes
  /// @param limit longest wait for each read
  void linger(boolean first, Duration limit) throws IOException {
    try {
      if (first && plain) {
        socket.shutdownOutput();
      }
      socket.readLimit(limit);
      var room = new byte[2048];
      for (var left = LINGER_BYTES_MAX; left > 0; ) {
        var count = read(room, 0, room.length);
        if (count < 0) {
          return;
        }
        left -= count;
      }
    } catch (SocketException | SocketTimeoutException gone) {
      // it has read what it wanted to
    }
  }

  /// Closes it; whoever waits on it is woken.
  void close() {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // it is closed all the same
    }
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
