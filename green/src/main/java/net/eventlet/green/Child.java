package net.eventlet.green;

import java.io.IOException;
import java.util.ArrayDeque;
import net.eventlet.hubs.Descriptor;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Waiter;
import net.eventlet.hubs.Wakeup;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Processes;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// A child process as the kernel has it: its number, a descriptor that tells when it has ended, and
/// our ends of its pipes.
///
/// ```
///   runs ──ends──► zombie ──reap──► reaped
/// ```
///
/// Until it is reaped its number is its own, and so is the number of its group. Reaping and
/// signalling exclude each other, so that a signal never goes to a process that has the number by
/// now. What it has started may outlive it; a signal still reaches that, through the descriptor,
/// since Linux 6.9.
final class Child {

  /// The status of one that somebody else has reaped.
  static final int UNKNOWN = -1;

  private final Command command;
  private final int pid;
  private final Descriptor pidfd;
  private final @Nullable GreenOutputStream input;
  private final @Nullable GreenInputStream output;
  private final @Nullable GreenInputStream error;
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>(1); // its own lock
  private boolean letGo; // guarded by waiting
  private volatile int status = Processes.RUNNING; // written under waiting

  /// Takes over what was started.
  ///
  /// @param command that it runs
  /// @param pid its number
  /// @param pidfd tells when it has ended
  /// @param pipes our ends, -1 where there is none
  Child(Command command, int pid, int pidfd, int[] pipes) {
    this.command = command;
    this.pid = pid;
    this.pidfd = new Descriptor(pidfd);
    input = pipes[0] < 0 ? null : GreenOutputStream.ofChild(pipes[0]);
    output = pipes[1] < 0 ? null : GreenInputStream.ofChild(pipes[1]);
    error = pipes[2] < 0 ? null : GreenInputStream.ofChild(pipes[2]);
  }

  Command command() {
    return command;
  }

  int pid() {
    return pid;
  }

  @Nullable GreenOutputStream input() {
    return input;
  }

  @Nullable GreenInputStream output() {
    return output;
  }

  @Nullable GreenInputStream error() {
    return error;
  }

  boolean reaped() {
    return status != Processes.RUNNING;
  }

  /// {@return how it ended, or [Processes#RUNNING]}
  int status() {
    return status;
  }

  /// Reaps it if it has ended.
  ///
  /// @return whether it is reaped now
  boolean reap() {
    synchronized (waiting) {
      if (reaped()) {
        return true;
      }
      try (var scratch = Scratch.borrow()) {
        var result = Processes.wait(scratch, pidfd.fd(), false);
        if (result == Processes.RUNNING || result == -Errno.EINTR) {
          return false;
        }
        status = result < 0 ? UNKNOWN : result;
      }
      if (letGo || !grouped() || Processes.signalGroup(pidfd.fd(), 0) < 0) {
        pidfd.close(); // nobody is left whom a signal could reach
      }
      waiting.forEach(Waiter::wake);
      waiting.clear();
      return true;
    }
  }

  /// {@return how it has ended, reaped or not; or [Processes#RUNNING]}
  int peek() {
    synchronized (waiting) {
      if (reaped()) {
        return status;
      }
      try (var scratch = Scratch.borrow()) {
        return Math.max(Processes.RUNNING, Processes.wait(scratch, pidfd.fd(), true));
      }
    }
  }

  /// Waits until it has ended, and reaps it: for its only owner.
  ///
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return whether it has
  boolean awaitEnd(long limitNanos) throws IOException {
    while (!reap()) {
      if (!Waiting.await(pidfd, false, limitNanos)) {
        return reap();
      }
    }
    return true;
  }

  /// Waits until [#reapLater(Runnable)] has reaped it.
  ///
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return whether it has
  boolean awaitReaped(long limitNanos) throws InterruptedException {
    if (reaped()) {
      return true;
    }
    var waiter = new Waiter();
    synchronized (waiting) {
      if (reaped()) {
        return true;
      }
      waiting.add(waiter);
    }
    try {
      var wakeup = waiter.await(limitNanos);
      if (wakeup == Wakeup.INTERRUPTED) {
        throw new InterruptedException();
      }
      return wakeup == Wakeup.READY;
    } finally {
      synchronized (waiting) {
        waiting.remove(waiter);
      }
    }
  }

  /// Has a green thread wait for its end and reap it; that outlives the hub it was begun on.
  ///
  /// @param then called there afterwards
  void reapLater(Runnable then) {
    var hub = Hub.currentOrNull();
    new Reaper(this, then).start(hub == null ? Hub.shared() : hub);
  }

  /// Sends a signal: to its group, or to it alone if it has none of its own.
  ///
  /// @param signal its number
  /// @return whether somebody was there
  boolean kill(int signal) {
    synchronized (waiting) {
      if (reaped()) {
        return !pidfd.closed() && Processes.signalGroup(pidfd.fd(), signal) == 0;
      }
      var sent = grouped() && Processes.kill(-pid, signal) == 0;
      return sent || Processes.signal(pidfd.fd(), signal) == 0; // it may have left its group
    }
  }

  private boolean grouped() {
    return command.group() != ProcessGroup.SAME;
  }

  /// Ends it, for one who has no more use for it. Does not wait.
  void discard() {
    kill(Processes.SIGKILL);
    closeStreams();
    letGo();
    if (!reap()) {
      reapLater(() -> {});
    }
  }

  /// Gives up what reaches the processes that it leaves behind, once it is reaped.
  void letGo() {
    synchronized (waiting) {
      letGo = true;
      if (reaped()) {
        pidfd.close();
      }
    }
  }

  /// Reads what nobody has begun to read and gives the pipes' numbers back: few programs close
  /// them.
  void settle() {
    if (input != null) {
      input.close();
    }
    if (output != null) {
      output.settle();
    }
    if (error != null) {
      error.settle();
    }
  }

  void closeStreams() {
    if (input != null) {
      input.close();
    }
    if (output != null) {
      output.close();
    }
    if (error != null) {
      error.close();
    }
  }

  /// Waits for the end of a child.
  private record Reaper(Child child, Runnable then) implements Fiber.Body {

    void start(Hub hub) {
      try {
        hub.fiber(this, this).start();
      } catch (IllegalStateException closed) {
        Hub.shared().fiber(this, this).start();
      }
    }

    @Override
    public void run() throws IOException {
      while (!child.reap()) {
        child.pidfd.await(false, Long.MAX_VALUE);
      }
      then.run();
    }

    /// The hub closes, but the child goes on.
    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      if (!child.reaped()) {
        start(Hub.shared());
      } else if (failure != null) {
        Hub.uncaught(fiber.thread(), failure);
      }
    }
  }
}
