package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What came of a command that has ended.
///
/// Source: `subprocess.CompletedProcess`.
public final class Completed {

  private final Command command;
  private final int status;
  private final byte[] output;
  private final byte[] error;

  Completed(Command command, int status, byte[] output, byte[] error) {
    this.command = command;
    this.status = status;
    this.output = output;
    this.error = error;
  }

  /// {@return what was run}
  public Command command() {
    return command;
  }

  /// {@return its exit status; 128 and a signal's number if that ended it}
  public int status() {
    return status;
  }

  /// {@return what it printed, read as UTF-8; empty if that went elsewhere}
  public String output() {
    return new String(output, UTF_8);
  }

  /// {@return what it printed to standard error, read as UTF-8; empty if that went elsewhere}
  public String error() {
    return new String(error, UTF_8);
  }

  /// {@return what it printed; empty if that went elsewhere}
  public byte[] outputBytes() {
    return output.clone();
  }

  /// {@return what it printed to standard error; empty if that went elsewhere}
  public byte[] errorBytes() {
    return error.clone();
  }

  /// {@return this, if it succeeded}
  ///
  /// @throws CalledProcessError if its status is not 0
  public Completed check() throws CalledProcessError {
    if (status != 0) {
      throw new CalledProcessError(this);
    }
    return this;
  }

  @Override
  public String toString() {
    return "Completed[" + command + ", status " + status + "]";
  }
}
