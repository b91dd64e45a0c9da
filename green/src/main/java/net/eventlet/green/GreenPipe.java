package net.eventlet.green;

import java.io.IOException;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Pipes;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;

/// A pipe of the kernel's: what is written into its sink comes out of its source.
///
/// It holds 64 KiB, and whoever writes more waits until somebody has read.
///
/// @param source where to read
/// @param sink where to write
public record GreenPipe(GreenInputStream source, GreenOutputStream sink) implements AutoCloseable {

  /// {@return a new pipe}
  ///
  /// @throws IOException if this process or the system has too many open files
  static GreenPipe open() throws IOException {
    try (var scratch = Scratch.borrow()) {
      var result = Pipes.pipe(scratch);
      if (result < 0) {
        throw new IOException(StartFailure.words(-result));
      }
      var source = scratch.getInt(0);
      var sink = scratch.getInt(4);
      return new GreenPipe(GreenInputStream.adopt(source), GreenOutputStream.adopt(sink));
    }
  }

  /// Makes a descriptor one that can be waited for.
  ///
  /// @param fileno its number
  /// @throws IllegalArgumentException if it is not open, or a file
  static void adopt(int fileno) {
    try (var scratch = Scratch.borrow()) {
      var kind = Pipes.kind(scratch, fileno);
      if (kind == Pipes.REGULAR || kind == Pipes.FOLDER) {
        throw new IllegalArgumentException(
            "descriptor %d is a file, which the kernel cannot wait for; use GreenFiles"
                .formatted(fileno));
      }
      var result = kind < 0 ? kind : Posix.adopt(scratch, fileno);
      if (result < 0) {
        throw new IllegalArgumentException(
            "descriptor %d cannot be used: %s".formatted(fileno, Errno.message(-result)));
      }
    }
  }

  /// Closes both ends.
  @Override
  public void close() {
    source.close();
    sink.close();
  }
}
