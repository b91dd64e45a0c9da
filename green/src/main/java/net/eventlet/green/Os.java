package net.eventlet.green;

import java.io.IOException;
import java.util.List;
import net.eventlet.GreenSocket;
import net.eventlet.posix.Pipes;
import net.eventlet.posix.Scratch;

/// The operating system's calls that would block a hub, so that they wait on it instead.
///
/// Source: `eventlet/green/os.py`.
public final class Os {

  private Os() {}

  /// {@return a new pipe}
  ///
  /// @throws IOException if there are too many open files
  public static GreenPipe pipe() throws IOException {
    return GreenPipe.open();
  }

  /// {@return two sockets that are connected to each other: one to keep, one to hand to a child}
  ///
  /// Neither ever blocks, in the child either: one that does not know that finds nothing there.
  ///
  /// @throws IOException if there are too many open files
  public static List<GreenSocket> socketPair() throws IOException {
    int near;
    int far;
    try (var scratch = Scratch.borrow()) {
      var result = Pipes.socketPair(scratch);
      if (result < 0) {
        throw new IOException(StartFailure.words(-result));
      }
      near = scratch.getInt(0);
      far = scratch.getInt(4);
    }
    return List.of(GreenSocket.adopt(near), GreenSocket.adopt(far));
  }
}
