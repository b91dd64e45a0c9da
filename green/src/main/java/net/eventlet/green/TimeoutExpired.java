package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import net.eventlet.hubs.Durations;
import net.eventlet.posix.Processes;
import org.jspecify.annotations.Nullable;

/// Says that a command did not end in time.
///
/// Source: `subprocess.TimeoutExpired`.
public final class TimeoutExpired extends TimeoutException {

  private static final long serialVersionUID = 1;

  private final transient Command command;
  private final @Nullable Duration limit;
  private final byte[] output;
  private final byte[] error;

  /// Says so.
  ///
  /// @param command which
  /// @param limit that ran out
  /// @param status how it ended, though it left others behind; or [Processes#RUNNING]
  /// @param output what it had printed
  /// @param error what it had printed to standard error
  TimeoutExpired(
      Command command, @Nullable Duration limit, int status, byte[] output, byte[] error) {
    super(
        command
            + (status == Processes.RUNNING
                ? " did not end"
                : " ended with status "
                    + status
                    + ", but something that it started held its output open")
            + (limit == null ? "" : " within " + Durations.text(limit)));
    this.command = command;
    this.limit = limit;
    this.output = output;
    this.error = error;
  }

  /// {@return what was run}
  public Command command() {
    return command;
  }

  /// {@return the time that ran out}
  public @Nullable Duration limit() {
    return limit;
  }

  /// {@return what it had printed until then, read as UTF-8}
  public String output() {
    return new String(output, UTF_8);
  }

  /// {@return what it had printed to standard error until then, read as UTF-8}
  public String error() {
    return new String(error, UTF_8);
  }
}
