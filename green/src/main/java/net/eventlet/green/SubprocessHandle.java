package net.eventlet.green;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.eventlet.posix.Processes;
import org.jspecify.annotations.Nullable;

/// The handle of a child of ours: its end is seen as [Subprocess] sees it, and signals go where
/// that sends them. The rest is what the JDK knows, which is nothing once the child has ended.
///
/// @param child whose handle it is
record SubprocessHandle(Subprocess child) implements ProcessHandle {

  private Optional<ProcessHandle> stock() {
    return child.isAlive() ? ProcessHandle.of(child.pid()) : Optional.empty();
  }

  @Override
  public long pid() {
    return child.pid();
  }

  @Override
  public Optional<ProcessHandle> parent() {
    return stock().flatMap(ProcessHandle::parent);
  }

  @Override
  public Stream<ProcessHandle> children() {
    return stock().stream().flatMap(ProcessHandle::children);
  }

  @Override
  public Stream<ProcessHandle> descendants() {
    return stock().stream().flatMap(ProcessHandle::descendants);
  }

  @Override
  public Info info() {
    return stock().map(ProcessHandle::info).orElse(Gone.GONE);
  }

  @Override
  public CompletableFuture<ProcessHandle> onExit() {
    return child.onExit().thenApply(_ -> this);
  }

  @Override
  public boolean supportsNormalTermination() {
    return true;
  }

  @Override
  public boolean destroy() {
    return child.send(Processes.SIGTERM);
  }

  @Override
  public boolean destroyForcibly() {
    return child.send(Processes.SIGKILL);
  }

  @Override
  public boolean isAlive() {
    return child.isAlive();
  }

  @Override
  public int compareTo(ProcessHandle other) {
    return Long.compare(pid(), other.pid());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pid());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SubprocessHandle(var theirs) && theirs == child;
  }

  /// What is known of a process that has ended.
  private enum Gone implements Info {
    GONE;

    @Override
    public Optional<String> command() {
      return Optional.empty();
    }

    @Override
    public Optional<String> commandLine() {
      return Optional.empty();
    }

    @Override
    public Optional<String[]> arguments() {
      return Optional.empty();
    }

    @Override
    public Optional<Instant> startInstant() {
      return Optional.empty();
    }

    @Override
    public Optional<Duration> totalCpuDuration() {
      return Optional.empty();
    }

    @Override
    public Optional<String> user() {
      return Optional.empty();
    }
  }
}
