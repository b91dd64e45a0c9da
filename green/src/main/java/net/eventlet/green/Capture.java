package net.eventlet.green;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.eventlet.hubs.Deadline;

/// What a child has printed so far, up to a bound.
final class Capture {

  private static final int FIRST_BYTES = 512;

  private final GreenInputStream stream;
  private final int most;
  private byte[] bytes = new byte[0];
  private int count;

  /// Begins with nothing.
  ///
  /// @param stream where it comes from
  /// @param most bytes to keep
  Capture(GreenInputStream stream, int most) {
    this.stream = stream;
    this.most = most;
  }

  /// Reads to the end.
  ///
  /// @param deadline until when
  /// @return whether the end has come
  /// @throws IOException if there is more than is kept
  boolean read(Deadline deadline) throws IOException {
    while (true) {
      if (count == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(count * 2L, FIRST_BYTES), most + 1L));
      }
      var room = MemorySegment.ofArray(bytes).asSlice(count);
      var read = stream.read(room, deadline.left());
      if (read < 0) {
        return true;
      }
      if (read == 0) {
        return false;
      }
      count += read;
      if (count > most) {
        throw new IOException(
            "it has printed more than %,d bytes; raise Command.withOutputBytes, send the output to a file, or read it as it comes, by popen"
                .formatted(most));
      }
    }
  }

  /// {@return a copy of what has come}
  byte[] bytes() {
    return Arrays.copyOf(bytes, Math.min(count, most));
  }
}
