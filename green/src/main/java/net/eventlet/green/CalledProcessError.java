package net.eventlet.green;

import java.io.IOException;

/// Says that a command has failed: its exit status is not 0.
///
/// Source: `subprocess.CalledProcessError`.
public final class CalledProcessError extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Completed completed;

  CalledProcessError(Completed completed) {
    super(message(completed));
    this.completed = completed;
  }

  private static String message(Completed completed) {
    var status = completed.status();
    var ended =
        status > 128 && status <= 128 + 64
            ? "was ended by signal " + (status - 128)
            : "exited with status " + status;
    var said = completed.error().strip();
    var last = said.substring(said.lastIndexOf('\n') + 1);
    return completed.command() + " " + ended + (last.isEmpty() ? "" : ": " + last);
  }

  /// {@return what came of the command}
  public Completed completed() {
    return completed;
  }

  /// {@return its exit status; 128 and a signal's number if that ended it}
  public int status() {
    return completed.status();
  }
}
