package net.eventlet.greenlet;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import net.eventlet.jdk.Coroutine;
import org.jspecify.annotations.Nullable;

/// A bare coroutine: it runs when it is switched to, until it switches away. No hub decides.
///
/// ```java
/// var main = Greenlet.current();
/// var counter = new Greenlet(_ -> {
///   for (var i = 0; ; i++) {
///     main.switchTo(i);
///   }
/// });
/// counter.switchTo(); // 0
/// counter.switchTo(); // 1
/// ```
///
/// A tree hangs from each thread's main greenlet, which is the stack that the thread has anyway.
/// When a body ends, the parent goes on: its pending switch returns what the body returned, or
/// throws what it threw, the very object, checked or not. A [GreenletExit] is not thrown there but
/// returned. A parent that never ran is begun with what its child returned; of a dead one, the
/// nearest ancestor that is not dead takes the place.
///
/// ```
///                       throwTo
///          ┌───────────────────────────────────┐
///          │                                   ▼
///   new ───┴──switchTo──► running ──ends──► dead
///                          │    ▲
///                       away    switchTo, throwTo
///                          ▼    │
///                         suspended
/// ```
///
/// A greenlet belongs to its parent's thread, green or plain, and shares that thread's locks,
/// thread-locals and interrupts with the others of it: a lock that one holds as it switches away,
/// all of them hold. What it waits for, the thread waits for; a kill or a [net.eventlet.Timeout] of
/// the green thread is thrown in the greenlet that waits.
///
/// | a wrong call                                    | gets                            |
/// |-------------------------------------------------|---------------------------------|
/// | a switch to a greenlet of another thread        | [IllegalStateException], with both greenlets and threads |
/// | a switch out of a class initialiser or a call back from native code, unless it is the main greenlet's | [IllegalStateException]; it runs on |
/// | a parent whose chain leads back to the greenlet | [IllegalArgumentException]      |
/// | a parent of another thread                      | [IllegalArgumentException]      |
/// | a parent for the main greenlet                  | [IllegalStateException]         |
///
/// Source: greenlet 3.5, class `greenlet`. Left out, since Java has no counterpart: a greenlet that
/// nobody can reach any more is not ended but collected, without its `finally` blocks, so whoever
/// drops one that holds something [throws][#throwTo()] first; one value is passed where Python
/// passes any number of arguments; a `run` that can be set, and free attributes; `gr_context`,
/// whose place scoped values take, which are a greenlet's own; `gr_frame`: a stack trace taken in a
/// greenlet ends at its body, and a dump of a thread that waits in one shows the main greenlet's
/// stack.
public final class Greenlet {

  private final Strand strand;
  private final int number;
  private @Nullable Body body; // null for the main one, and once dead
  private @Nullable Greenlet parent; // null for the main one
  private @Nullable Coroutine coroutine; // null for the main one, and unless suspended or running
  private State state;

  private enum State {
    NEW,
    ACTIVE,
    DEAD
  }

  /// What a greenlet does.
  @FunctionalInterface
  public interface Body {

    /// Does it.
    ///
    /// @param first what the first switch passed
    /// @return what the parent receives
    /// @throws Exception what the parent throws instead
    @Nullable Object run(@Nullable Object first) throws Exception;
  }

  /// Learns of every switch of a thread.
  @FunctionalInterface
  public interface Tracer {

    /// Learns of one, after it, in the greenlet that was switched to.
    ///
    /// What it throws is thrown there, instead of what was on the way, and the tracer is removed.
    ///
    /// @param event `switch`, or `throw` if an exception was sent along
    /// @param origin where the thread was before
    /// @param target where it is now; may be the same
    void moved(String event, Greenlet origin, Greenlet target);
  }

  /// Creates a greenlet that has not begun, as a child of the running one.
  ///
  /// @param body what it does
  public Greenlet(Body body) {
    this(body, null);
  }

  /// Creates a greenlet that has not begun. It belongs to its parent's thread, which need not be
  /// the calling one.
  ///
  /// @param body what it does
  /// @param parent receives its end; null for the running one
  public Greenlet(Body body, @Nullable Greenlet parent) {
    this.body = requireNonNull(body, "body");
    this.parent = parent == null ? current() : parent;
    strand = this.parent.strand;
    number = strand.number();
    state = State.NEW;
  }

  private Greenlet(Strand strand) {
    this.strand = strand;
    number = strand.number();
    state = State.ACTIVE;
  }

  /// {@return a main greenlet}
  ///
  /// @param strand that it is the first of
  static Greenlet main(Strand strand) {
    return new Greenlet(strand);
  }

  /// {@return the greenlet that runs on the calling thread}
  public static Greenlet current() {
    return Strand.ofThread().running();
  }

  /// Runs this greenlet until somebody switches back to the calling one.
  ///
  /// @return what was passed back
  /// @throws IllegalStateException see the table above
  public @Nullable Object switchTo() {
    return switchTo(null);
  }

  /// Runs this greenlet until somebody switches back to the calling one. If this is the calling
  /// one, the value is returned.
  ///
  /// @param value what this greenlet's body is given, or its pending switch returns
  /// @return what was passed back
  /// @throws IllegalStateException see the table above
  public @Nullable Object switchTo(@Nullable Object value) {
    return strand.move(this, value, null);
  }

  /// Ends this greenlet, unless it catches the [GreenletExit].
  ///
  /// @return what was passed back: that exit, if it ended so and the calling one is its parent
  /// @throws IllegalStateException see the table above
  public @Nullable Object throwTo() {
    return throwTo(new GreenletExit());
  }

  /// Lets this greenlet's pending switch throw something. One that never began never does, but is
  /// dead at once.
  ///
  /// @param cause thrown as it is, checked or not
  /// @return what was passed back
  /// @throws IllegalStateException see the table above
  public @Nullable Object throwTo(Throwable cause) {
    requireNonNull(cause, "cause");
    return dead() && cause instanceof GreenletExit
        ? strand.move(this, cause, null)
        : strand.move(this, null, cause);
  }

  /// {@return what receives its end; null for the main greenlet}
  public @Nullable Greenlet parent() {
    return parent;
  }

  /// Lets another greenlet receive its end.
  ///
  /// @param parent of the same thread
  /// @throws IllegalArgumentException if `parent` is of another thread, or has this one as an
  ///   ancestor, or is it
  /// @throws IllegalStateException if this is a main greenlet, or of another thread than the
  ///   calling one
  public void parent(Greenlet parent) {
    requireNonNull(parent, "parent");
    strand.requireHere(this);
    if (this.parent == null) {
      throw new IllegalStateException(this + " has no parent, and cannot have " + parent);
    }
    if (parent.strand != strand) {
      throw new IllegalArgumentException(
          "a parent is of the same thread: not " + parent + " for " + this);
    }
    for (var ancestor = parent; ancestor != null; ancestor = ancestor.parent) {
      if (ancestor == this) {
        throw new IllegalArgumentException(
            "cyclic parent chain: " + this + " is an ancestor of " + parent + ", or the same");
      }
    }
    this.parent = parent;
  }

  /// {@return whether it has begun and not ended; always so for a main greenlet} Another thread may
  /// see this late.
  public boolean active() {
    return state == State.ACTIVE;
  }

  /// {@return whether it has ended, or was ended before it began} Another thread may see this late.
  public boolean dead() {
    return state == State.DEAD;
  }

  /// Lets a tracer learn of every switch of the calling thread, from the next on.
  ///
  /// @param tracer null for none
  /// @return the one before; null for none
  public static @Nullable Tracer trace(@Nullable Tracer tracer) {
    return Strand.ofThread().trace(tracer);
  }

  /// {@return whether the calling thread is on its stack}
  boolean running() {
    return strand.isRunning(this);
  }

  /// Checks that it belongs to the calling thread.
  ///
  /// @throws IllegalStateException if not
  void requireHere() {
    strand.requireHere(this);
  }

  /// {@return this, or the nearest ancestor that is not dead}
  Greenlet alive() {
    var greenlet = this;
    while (greenlet.state == State.DEAD && greenlet.parent != null) {
      greenlet = greenlet.parent;
    }
    return greenlet;
  }

  /// Runs it on top of the main greenlet, until it leaves.
  void run() {
    if (coroutine == null) {
      coroutine = new Coroutine(this::live);
      state = State.ACTIVE;
    }
    coroutine.run();
  }

  /// Leaves its stack, until it is run again.
  ///
  /// @return whether it could
  boolean suspend() {
    return coroutine != null && coroutine.suspend();
  }

  private void live() {
    Object value = null;
    Throwable failure = null;
    try {
      value = requireNonNull(body).run(strand.arrive(this));
    } catch (GreenletExit exit) {
      value = exit;
    } catch (Throwable thrown) {
      failure = thrown;
    }
    state = State.DEAD;
    body = null;
    coroutine = null;
    strand.head(this, value, failure); // to an ancestor, since it is dead
  }

  /// For example `Greenlet[main of Thread[#1,main,5,main], active]`.
  @Override
  public String toString() {
    return "Greenlet["
        + (number == 0 ? "main" : number)
        + " of "
        + strand
        + ", "
        + (running() ? "running" : state.name().toLowerCase(Locale.ROOT))
        + "]";
  }
}
