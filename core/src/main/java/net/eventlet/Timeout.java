package net.eventlet;

import java.time.Duration;
import java.util.concurrent.Callable;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Timer;
import org.jspecify.annotations.Nullable;

/// Is thrown in a green thread when its time has run out, where it waits.
///
/// ```java
/// try (var _ = Timeout.after(Duration.ofSeconds(3))) {
///   answer = ask();
/// }
/// ```
///
/// Armed when it is made, for the green thread that makes it; to close it disarms it. It runs out
/// at a wait only: work that never waits is not cut short. A wait of the JDK's is interrupted, and
/// ends by what the JDK throws then; [#call] and [#run] turn that into the timeout.
///
/// Source: `eventlet/timeout.py`, class `Timeout`. There a flag makes it silent; here [#run] does.
public final class Timeout extends Unwind implements AutoCloseable {

  private static final long serialVersionUID = 1;

  private final @Nullable Duration time;
  private final transient Fiber fiber;
  private final transient @Nullable Timer timer; // null if it never runs out, or has at once
  private final boolean made; // false while Error's constructor runs
  private boolean closed;

  private Timeout(@Nullable Duration time, Fiber fiber) {
    super(null);
    this.time = time;
    this.fiber = fiber;
    made = true;
    if (time == null) {
      timer = null;
    } else if (time.isPositive()) {
      timer = fiber.unwindAfter(time, this);
    } else {
      timer = null;
      fiber.unwind(this);
    }
  }

  /// Arms a timeout for the calling green thread.
  ///
  /// @param time after which it is thrown; zero or less at the next wait, null never
  /// @return the timeout, to close it
  /// @throws IllegalStateException outside a green thread
  public static Timeout after(@Nullable Duration time) {
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      throw new IllegalStateException(
          "a Timeout unwinds a green thread, and "
              + Thread.currentThread()
              + " is none; call this inside Eventlet.run or in what it spawns");
    }
    return new Timeout(time, fiber);
  }

  /// Does something within a time.
  ///
  /// @param time how long it may take; zero or less until the next wait, null for ever
  /// @param body what to do
  /// @param <T> what it returns
  /// @return what it returned
  /// @throws Timeout if the time ran out; another one, armed outside, passes through
  /// @throws Exception what the body threw
  public static <T> T call(@Nullable Duration time, Callable<T> body) throws Exception {
    try (var timeout = after(time)) {
      return timeout.guard(body);
    }
  }

  /// Does something within a time, or makes do with something else.
  ///
  /// @param time how long it may take; zero or less until the next wait, null for ever
  /// @param body what to do
  /// @param fallback what to return if the time runs out
  /// @param <T> what it returns
  /// @return what it returned, or the fallback
  /// @throws Timeout if another one, armed outside, ran out
  /// @throws Exception what the body threw
  public static <T extends @Nullable Object> T call(
      @Nullable Duration time, Callable<T> body, T fallback) throws Exception {
    try (var timeout = after(time)) {
      try {
        return timeout.guard(body);
      } catch (Timeout thrown) {
        if (thrown != timeout) {
          throw thrown;
        }
        return fallback;
      }
    }
  }

  /// Does something for at most a time.
  ///
  /// @param time how long it may take; zero or less until the next wait, null for ever
  /// @param body what to do
  /// @return whether it was done in time
  /// @throws Timeout if another one, armed outside, ran out
  /// @throws Exception what the body threw
  public static boolean run(@Nullable Duration time, Action body) throws Exception {
    return call(
        time,
        () -> {
          body.run();
          return true;
        },
        false);
  }

  /// Does something, and throws this in place of what the JDK made of it.
  private <T extends @Nullable Object> T guard(Callable<T> body) throws Exception {
    try {
      return body.call();
    } catch (Throwable thrown) {
      if (thrown != this && !fiber.unwoundBy(thrown) && fiber.withdraw(this)) {
        addSuppressed(thrown);
        throw this;
      }
      throw thrown;
    }
  }

  /// {@return whether it was disarmed: if it is thrown then, it passed by whoever armed it}
  boolean closed() {
    return closed;
  }

  /// {@return whether it is armed and its time has not come}
  public boolean pending() {
    return timer != null && timer.pending();
  }

  /// Disarms it. Does nothing if it was thrown, or was disarmed before.
  public void cancel() {
    closed = true;
    if (timer != null) {
      timer.cancel();
    }
    if (Fiber.currentOrNull() == fiber) {
      fiber.withdraw(this);
      fiber.arrived(this);
    }
  }

  /// Disarms it.
  @Override
  public void close() {
    cancel();
  }

  @Override
  public @Nullable String getMessage() {
    return time == null ? "never runs out" : "timed out after " + Durations.text(time);
  }

  /// Records the stack of the wait that it is thrown from, not of the place that armed it: most
  /// timeouts never run out, and a stack costs more than all the rest.
  @Override
  public synchronized Throwable fillInStackTrace() {
    return made ? super.fillInStackTrace() : this;
  }
}
