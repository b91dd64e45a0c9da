package net.eventlet;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import net.eventlet.hubs.Durations;
import org.jspecify.annotations.Nullable;

/// A value that one thread sends, once, to any number that wait for it.
///
/// | a wrong call               | gets                                                        |
/// |----------------------------|-------------------------------------------------------------|
/// | a second send of any kind  | [IllegalStateException] that shows what was sent            |
/// | `sendException(null)`      | [NullPointerException]                                      |
///
/// Source: `eventlet/event.py`, class `Event`. Here waiters run in the order in which they came, a
/// wait whose time runs out throws, and sending works from any thread. Left out: `reset`, which
/// Eventlet itself calls a misfeature.
///
/// @param <T> what is sent
public final class Event<T extends @Nullable Object> {

  private final WaitLine<WaitLine.Plain> line = new WaitLine<>(); // its own lock
  private volatile @Nullable State<T> state; // null until it is sent

  private sealed interface State<T extends @Nullable Object> {}

  private record Sent<T extends @Nullable Object>(T value) implements State<T> {}

  private record Failed<T extends @Nullable Object>(Throwable cause) implements State<T> {}

  /// Creates an event that nobody has sent yet.
  public Event() {}

  /// Sends `value` and returns at once; the waiters run after the caller waits.
  ///
  /// @param value what the waiters receive
  /// @throws IllegalStateException if the event was already sent; make a new one to send again
  public void send(T value) {
    settle(new Sent<>(value));
  }

  /// Fails the event: each waiter throws `cause`.
  ///
  /// @param cause what the waiters throw, the very object
  /// @throws IllegalStateException if the event was already sent
  public void sendException(Throwable cause) {
    settle(new Failed<>(Objects.requireNonNull(cause, "cause")));
  }

  private void settle(State<T> outcome) {
    synchronized (line) {
      if (state == null) {
        state = outcome;
        line.wakeAll();
        return;
      }
    }
    throw new IllegalStateException(this + " cannot be sent again");
  }

  /// Waits until the event is sent; returns at once if it was.
  ///
  /// @return what was sent
  /// @throws Exception what [#sendException(Throwable)] was given; [InterruptedException] if a
  ///   plain thread is interrupted while it waits
  public T await() throws Exception {
    return outcome(awaited(Long.MAX_VALUE));
  }

  /// Waits until the event is sent, but not for ever.
  ///
  /// @param limit longest wait; zero or less gives the others one turn, null waits for ever
  /// @return what was sent
  /// @throws TimeoutException if it was not sent in time
  /// @throws Exception as [#await()] does
  public T await(@Nullable Duration limit) throws Exception {
    var sent = awaited(Durations.limitNanos(limit));
    if (sent == null) {
      throw new TimeoutException(this + " was not sent within " + limit);
    }
    return outcome(sent);
  }

  /// Waits until the event is sent, and lets an interrupt be one.
  ///
  /// @param limitNanos longest wait
  /// @return whether it was sent
  boolean awaitInterruptibly(long limitNanos) throws InterruptedException {
    return awaited(limitNanos, true) != null;
  }

  private @Nullable State<T> awaited(long limitNanos) throws InterruptedException {
    return awaited(limitNanos, false);
  }

  private @Nullable State<T> awaited(long limitNanos, boolean interruptibly)
      throws InterruptedException {
    var known = state;
    if (known != null) {
      return known;
    }
    var place = new WaitLine.Plain();
    synchronized (line) {
      if (state != null) {
        return state;
      }
      line.join(place);
    }
    var woken = false;
    try {
      woken =
          interruptibly
              ? Waits.awaitInterruptibly(place, limitNanos)
              : Waits.awaitOrInterrupt(place, limitNanos);
    } finally {
      if (!woken) {
        synchronized (line) {
          line.leave(place);
        }
      }
    }
    return woken ? state : null;
  }

  private T outcome(@Nullable State<T> sent) throws Exception {
    return switch (sent) {
      case Sent<T>(var value) -> value;
      case Failed<T>(var cause) -> throw Waits.<Exception>sneak(cause);
      case null -> throw new AssertionError("woken by nothing; please report this");
    };
  }

  /// {@return whether a wait would return or throw at once}
  public boolean ready() {
    return state != null;
  }

  /// {@return what was sent; empty if nothing was, or null: [#ready()] tells}
  ///
  /// @throws Exception what [#sendException(Throwable)] was given
  public Optional<T> poll() throws Exception {
    var known = state;
    return known == null ? Optional.empty() : Optional.ofNullable(outcome(known));
  }

  @Override
  public String toString() {
    return switch (state) {
      case null -> "Event[pending]";
      case Sent<T>(var value) -> "Event[sent " + value + "]";
      case Failed<T>(var cause) -> "Event[failed " + cause + "]";
    };
  }
}
