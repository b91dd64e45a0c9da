package net.eventlet.green;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Deadline;
import net.eventlet.hubs.Durations;
import net.eventlet.posix.Processes;
import org.jspecify.annotations.Nullable;

/// A child process whose streams and whose end are waited for on the hub.
///
/// ```java
/// var done = Subprocess.run("git", "status", "--short");
/// IO.println(done.check().output());
/// ```
///
/// [#run] does it all at once; [#popen] gives a [Process] to talk to, which is to be closed. A
/// child leads a group of processes of its own, unless its [Command] says otherwise, and whatever
/// ends the child ends that whole group. It is started by `posix_spawn`, and its end seen through a
/// `pidfd`. May be used from any thread; a plain one is blocked where a green one waits.
///
/// Source: `eventlet/green/subprocess.py`; Python's `subprocess`.
public final class Subprocess extends Process implements AutoCloseable {

  private static final Duration KILLED = Duration.ofSeconds(1); // until it is gone, as a rule

  private final Child child;
  private final Conversation conversation;
  private final OutputStream input;
  private final InputStream output;
  private final InputStream error;
  private final CompletableFuture<Process> exit = new CompletableFuture<>();

  private Subprocess(Child child) {
    this.child = child;
    conversation = new Conversation(child);
    input = child.input() == null ? OutputStream.nullOutputStream() : child.input();
    output = child.output() == null ? InputStream.nullInputStream() : child.output();
    error = child.error() == null ? InputStream.nullInputStream() : child.error();
    child.reapLater(() -> {
      child.settle();
      exit.complete(this);
    });
  }

  // ------------------------------------------------------------------------------- run to its end

  /// Runs a command to its end, without input.
  ///
  /// @param words the program and its arguments; no shell sees them
  /// @return what came of it, whatever its exit status
  /// @throws IOException if it cannot be started, or prints too much
  public static Completed run(String... words) throws IOException {
    try {
      return run(Command.of(words), null);
    } catch (TimeoutExpired impossible) {
      throw new AssertionError("no limit has run out; please report this", impossible);
    }
  }

  /// Runs a command to its end: until it has ended, and everything that holds its pipes has.
  ///
  /// Whoever is killed meanwhile, or whose timeout runs out, takes the child and its group along.
  ///
  /// @param command what; an input that is a pipe is empty
  /// @param limit longest time; null for ever
  /// @return what came of it, whatever its exit status
  /// @throws IOException if it cannot be started, or prints too much
  /// @throws TimeoutExpired if the time runs out; it and its group are ended then
  public static Completed run(Command command, @Nullable Duration limit)
      throws IOException, TimeoutExpired {
    var deadline = new Deadline(Durations.limitNanos(limit));
    var quiet = command.input().equals(Stdio.PIPE) ? command.withInput(Stdio.NULL) : command;
    var child = Starts.start(quiet, deadline.left());
    if (child == null) {
      throw new TimeoutExpired(command, limit, Processes.RUNNING, new byte[0], new byte[0]);
    }
    var done = false;
    try {
      var conversation = new Conversation(child);
      if (!conversation.holds(new byte[0], deadline) || !child.awaitEnd(deadline.left())) {
        var status = child.peek();
        child.kill(Processes.SIGKILL);
        done = child.awaitEnd(KILLED.toNanos());
        throw new TimeoutExpired(
            command, limit, status, conversation.output(), conversation.error());
      }
      done = true;
      return new Completed(command, child.status(), conversation.output(), conversation.error());
    } finally {
      if (done) {
        child.closeStreams();
        child.letGo();
      } else {
        child.discard();
      }
    }
  }

  /// Runs a command to its end and gives what it printed.
  ///
  /// @param words the program and its arguments
  /// @return its output, read as UTF-8
  /// @throws CalledProcessError if its exit status is not 0
  /// @throws IOException if it cannot be started, or prints too much
  public static String checkOutput(String... words) throws IOException {
    return run(words).check().output();
  }

  // --------------------------------------------------------------------------------- start and
  // talk

  /// Starts a command, with pipes for all its streams.
  ///
  /// @param words the program and its arguments
  /// @return the child, to be closed
  /// @throws IOException if it cannot be started
  public static Subprocess popen(String... words) throws IOException {
    return popen(Command.of(words));
  }

  /// Starts a command.
  ///
  /// @param command what
  /// @return the child, to be closed
  /// @throws IOException if it cannot be started
  public static Subprocess popen(Command command) throws IOException {
    var child = Starts.start(command, Long.MAX_VALUE);
    if (child == null) {
      throw new AssertionError("no limit has run out; please report this");
    }
    try {
      return new Subprocess(child);
    } catch (Throwable failure) {
      child.discard();
      throw failure;
    }
  }

  /// Starts what a `ProcessBuilder` describes, as its own `start` would, but for the hub.
  ///
  /// Its group is the starter's, so that whatever ends the child leaves alone what that started.
  ///
  /// @param builder not changed
  /// @return the child
  /// @throws IOException if it cannot be started
  /// @throws IndexOutOfBoundsException if its command is empty
  public static Subprocess start(ProcessBuilder builder) throws IOException {
    return popen(Builders.command(builder));
  }

  /// Closes its input, reads all that it prints, and waits for its end.
  ///
  /// @return what came of it
  /// @throws IOException if it prints too much, which ends it
  public Completed communicate() throws IOException {
    try {
      return communicate(new byte[0], null);
    } catch (TimeoutExpired impossible) {
      throw new AssertionError("no limit has run out; please report this", impossible);
    }
  }

  /// Writes to it, closes its input, reads all that it prints, and waits for its end.
  ///
  /// @param text what to write, all of which need not be read
  /// @param limit longest time; null for ever
  /// @return what came of it
  /// @throws IOException if it prints too much, which ends it
  /// @throws TimeoutExpired if the time runs out: it goes on, and this can be called again, with
  ///   nothing more to write
  public Completed communicate(byte[] text, @Nullable Duration limit)
      throws IOException, TimeoutExpired {
    var deadline = new Deadline(Durations.limitNanos(limit));
    try {
      if (conversation.holds(text, deadline) && child.awaitReaped(deadline.left())) {
        return new Completed(
            child.command(), child.status(), conversation.output(), conversation.error());
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    throw new TimeoutExpired(
        child.command(), limit, child.peek(), conversation.output(), conversation.error());
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
  }

  // -------------------------------------------------------------------------------- as a Process

  @Override
  public OutputStream getOutputStream() {
    return input;
  }

  @Override
  public InputStream getInputStream() {
    return output;
  }

  @Override
  public InputStream getErrorStream() {
    return error;
  }

  @Override
  public int waitFor() throws InterruptedException {
    child.awaitReaped(Long.MAX_VALUE);
    return child.status();
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    return child.awaitReaped(Math.max(0, unit.toNanos(timeout)));
  }

  @Override
  public int exitValue() {
    if (!child.reaped()) {
      throw new IllegalThreadStateException(this + " has not ended; waitFor waits for that");
    }
    return child.status();
  }

  @Override
  public boolean isAlive() {
    return !child.reaped();
  }

  @Override
  public long pid() {
    return child.pid();
  }

  @Override
  public ProcessHandle toHandle() {
    return new SubprocessHandle(this);
  }

  @Override
  public ProcessHandle.Info info() {
    return toHandle().info();
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return exit.copy();
  }

  /// Asks it, and its group, to end: `SIGTERM`.
  @Override
  public void destroy() {
    send(Processes.SIGTERM);
  }

  /// Ends it, and its group: `SIGKILL`.
  @Override
  public Process destroyForcibly() {
    send(Processes.SIGKILL);
    return this;
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  /// Sends a signal to its group, or to it alone if it has none of its own.
  ///
  /// @param signal its number, as in `kill -l`
  /// @return whether somebody was there
  public boolean send(int signal) {
    return child.kill(signal);
  }

  /// {@return what it runs}
  public Command command() {
    return child.command();
  }

  /// Ends it and its group, and closes our ends of its pipes. Does not wait: what is left of it is
  /// gone in a moment.
  @Override
  public void close() {
    child.kill(Processes.SIGKILL);
    child.closeStreams();
    child.letGo();
  }

  @Override
  public String toString() {
    return "Subprocess[pid=%d, %s, %s]"
        .formatted(
            child.pid(), child.command(), child.reaped() ? "status " + child.status() : "running");
  }
}
