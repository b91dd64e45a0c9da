package net.eventlet.wsgi;

import java.io.IOException;
import java.time.Duration;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;

/// What a client sends and nobody wants: it is read and dropped, up to a bound.
final class Leftovers {

  private static final int BYTES_MAX = 256 * 1024;
  private static final int STEP_BYTES = 8192;
  private static final Duration LINGER = Duration.ofSeconds(1);

  private Leftovers() {}

  /// Passes over a body that the application did not read. Answers whether it came to its end.
  static boolean passOver(Body body) throws IOException {
    var room = new byte[STEP_BYTES];
    for (var left = BYTES_MAX; left > 0; ) {
      var count = body.read(room, 0, room.length);
      if (count < 0) {
        return true;
      }
      left -= count;
    }
    return body.ended();
  }

  /// Lets a client read the last answer: to close while bytes of it are unread here would take the
  /// answer back.
  static void linger(GreenSocket socket, GreenConnection wire) throws IOException {
    wire.shutdownOutput();
    socket.readLimit(LINGER);
    var room = new byte[STEP_BYTES];
    for (var left = BYTES_MAX; left > 0; ) {
      var count = wire.read(room, 0, room.length);
      if (count < 0) {
        return;
      }
      left -= count;
    }
  }
}
