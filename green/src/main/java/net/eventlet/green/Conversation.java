package net.eventlet.green;

import static net.eventlet.Eventlet.spawn;

import java.io.IOException;
import java.io.InterruptedIOException;
import net.eventlet.GreenThread;
import net.eventlet.hubs.Deadline;
import net.eventlet.posix.Processes;
import org.jspecify.annotations.Nullable;

/// Reads all that a child prints, from both its pipes, and writes what it is to read: all at once,
/// so that neither side waits for the other.
final class Conversation {

  private final Child child;
  private final @Nullable Capture output;
  private final @Nullable Capture error;

  Conversation(Child child) {
    this.child = child;
    var most = child.command().outputBytes();
    output = child.output() == null ? null : new Capture(child.output(), most);
    error = child.error() == null ? null : new Capture(child.error(), most);
  }

  /// Goes on to the end of both pipes.
  ///
  /// @param text to write first; none of it if that is done already
  /// @param deadline until when
  /// @return whether both ends have come
  /// @throws IOException if it prints too much, which ends it
  boolean holds(byte[] text, Deadline deadline) throws IOException {
    GreenThread<?> writer = null;
    GreenThread<Boolean> errors = null;
    try {
      if (child.input() != null) {
        if (text.length == 0) {
          child.input().close();
        } else {
          writer = spawn(() -> write(text));
        }
      }
      if (error != null) {
        errors = output == null ? null : spawn(() -> read(error, deadline));
      }
      var done = read(output == null ? error : output, deadline);
      if (errors != null) {
        done &= result(errors);
      }
      return done;
    } finally {
      end(writer);
      end(errors);
    }
  }

  private static void end(@Nullable GreenThread<?> thread) {
    if (thread != null) {
      thread.kill();
    }
  }

  private boolean read(@Nullable Capture capture, Deadline deadline) throws IOException {
    if (capture == null) {
      return true;
    }
    try {
      return capture.read(deadline);
    } catch (IOException tooMuch) {
      child.kill(Processes.SIGKILL); // the other pipe comes to its end as well
      throw tooMuch;
    }
  }

  private void write(byte[] text) throws IOException {
    try (var input = child.input()) {
      if (input != null) {
        input.write(text);
      }
    } catch (IOException broken) {
      // it does not want all of it, which is its own affair
    }
  }

  private static boolean result(GreenThread<Boolean> thread) throws IOException {
    try {
      return thread.await();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (Exception e) {
      throw new AssertionError("reading throws nothing else; please report this", e);
    }
  }

  byte[] output() {
    return output == null ? new byte[0] : output.bytes();
  }

  byte[] error() {
    return error == null ? new byte[0] : error.bytes();
  }
}
