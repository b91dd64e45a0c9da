package net.eventlet.greenlet;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Values that a body yields, one at a time, as somebody asks for them.
///
/// ```java
/// try (var squares = new Generator<Integer>(out -> {
///   for (var i = 0; ; i++) {
///     out.yield(i * i);
///   }
/// })) {
///   squares.next(); // 0
/// }
/// ```
///
/// The body runs inside [#hasNext()] and [#next()], as a [Greenlet], up to its next value and no
/// further; where it waits, they wait. What it throws comes out of them, as it is if it is
/// unchecked and else in a [CompletionException], and the generator is at its end. One that nobody
/// asks never begins.
///
/// It belongs to the thread, green or plain, that first asks it: until then it can be handed to
/// another, after that no more, since the locks and thread-locals of its body are of that thread.
///
/// [#close()] lets the body clean up. A generator that is dropped half-way instead is collected,
/// and its `finally` blocks never run.
///
/// | a wrong call                                      | gets                         |
/// |---------------------------------------------------|------------------------------|
/// | `next` at the end                                 | [NoSuchElementException]     |
/// | any, by another thread than that which began      | [IllegalStateException]      |
/// | any, by the body itself or what it calls          | [IllegalStateException]      |
/// | `yield` by anybody but the body, on its own stack | [IllegalStateException]      |
/// | `yield` while it is being closed                  | [IllegalStateException] out of [#close()] |
///
/// Source: Python's generators, and `tests/test_generator.py` of greenlet.
///
/// @param <T> what the body yields
@SuppressWarnings("IterableAndIterator") // as Python's generators are: what is iterated is used up
public final class Generator<T extends @Nullable Object>
    implements Iterator<T>, Iterable<T>, AutoCloseable {

  private final Body<T> body;
  private @Nullable Greenlet greenlet; // null until somebody asks
  private State<T> state = new Ready<>();

  /// What yields.
  ///
  /// @param <T> what it yields
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {

    /// Yields.
    ///
    /// @param out takes the values
    /// @throws Exception ends the values
    void run(Out<T> out) throws Exception;
  }

  /// Where a body's values go.
  ///
  /// @param <T> what they are
  public interface Out<T extends @Nullable Object> {

    /// Hands a value over, and returns when the next is asked for.
    ///
    /// @param value any
    /// @throws GreenletExit if the generator is closed instead
    /// @throws IllegalStateException if not called by the body, on its own stack
    @SuppressWarnings("NamedLikeContextualKeyword") // it is what Python's keyword says
    void yield(T value);
  }

  private sealed interface State<T extends @Nullable Object> {}

  /// The body can go on.
  private record Ready<T extends @Nullable Object>() implements State<T> {}

  /// The body has been told to go on.
  private record Asked<T extends @Nullable Object>() implements State<T> {}

  /// The body waits at a `yield`.
  private record Yielded<T extends @Nullable Object>(T value) implements State<T> {}

  /// The body is over.
  private record Ended<T extends @Nullable Object>() implements State<T> {}

  /// Creates a generator. Its body begins when somebody asks for the first value.
  ///
  /// @param body yields the values
  public Generator(Body<T> body) {
    this.body = requireNonNull(body, "body");
  }

  /// {@return whether there is a next value} Lets the body go on to it, unless it did before.
  ///
  /// @throws IllegalStateException see the table above
  @Override
  public boolean hasNext() {
    advance();
    return state instanceof Yielded<T>;
  }

  /// {@return the next value} Lets the body go on to it, unless [#hasNext()] did.
  ///
  /// @throws NoSuchElementException if there is none
  /// @throws IllegalStateException see the table above
  @Override
  public T next() {
    advance();
    if (!(state instanceof Yielded<T>(var value))) {
      throw new NoSuchElementException(this + " has no more values");
    }
    state = new Ready<>();
    return value;
  }

  /// {@return this}
  @Override
  public Iterator<T> iterator() {
    return this;
  }

  /// Ends the body, by a [GreenletExit] at its `yield`, and drops a value that nobody took. Does
  /// nothing at the end, or before the beginning but to make that the end.
  ///
  /// @throws IllegalStateException see the table above
  @Override
  public void close() {
    var begun = greenlet;
    if (begun == null) {
      state = new Ended<>();
      return;
    }
    requireIdle(begun);
    if (state instanceof Ended<T>) {
      return;
    }
    try {
      resume(begun, new GreenletExit());
      if (state instanceof Yielded<T>) {
        throw new IllegalStateException(this + " yields while it is being closed");
      }
    } finally {
      state = new Ended<>();
    }
  }

  private void advance() {
    if (greenlet == null && state instanceof Ended<T>) {
      return;
    }
    var begun = begin();
    requireIdle(begun);
    if (state instanceof Ready<T>) {
      resume(begun, null);
    }
  }

  private synchronized Greenlet begin() {
    var begun = greenlet;
    if (begun == null) {
      begun = new Greenlet(this::live);
      greenlet = begun;
    }
    return begun;
  }

  private void requireIdle(Greenlet begun) {
    begun.requireHere();
    if (state instanceof Asked<T>) {
      throw new IllegalStateException(this + " cannot be used by its own body");
    }
  }

  private void resume(Greenlet begun, @Nullable GreenletExit exit) {
    var asking = Greenlet.current();
    if (begun.parent() != asking) {
      begun.parent(asking);
    }
    state = new Asked<>();
    var strayed = false;
    try {
      if (exit == null) {
        begun.switchTo();
      } else {
        begun.throwTo(exit);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // what the body throws is thrown here, declared or not
      throw new CompletionException(e);
    } finally {
      if (state instanceof Asked<T>) {
        strayed = !begun.dead();
        state = strayed ? new Ready<>() : new Ended<>();
      }
    }
    if (strayed) {
      throw new IllegalStateException(
          this + " did not come back with a value: its body switched to another greenlet");
    }
  }

  private @Nullable Object live(@Nullable Object nothing) throws Exception {
    try {
      body.run(this::hand);
    } finally {
      state = new Ended<>();
    }
    return nothing;
  }

  private void hand(T value) {
    var self = greenlet;
    if (self == null || !self.running()) {
      throw new IllegalStateException(
          "a value is yielded by the body of " + this + ", not by " + Greenlet.current());
    }
    state = new Yielded<>(value);
    try {
      requireNonNull(self.parent()).switchTo();
    } finally {
      if (state instanceof Yielded<T>) {
        state = new Asked<>(); // there was no way out of here
      }
    }
  }

  /// For example `Generator[ready]`.
  @Override
  public String toString() {
    return switch (state) {
      case Ready<T> _ -> "Generator[ready]";
      case Asked<T> _ -> "Generator[asked]";
      case Yielded<T>(var value) -> "Generator[yielded " + value + "]";
      case Ended<T> _ -> "Generator[ended]";
    };
  }
}
