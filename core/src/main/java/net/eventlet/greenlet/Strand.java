package net.eventlet.greenlet;

import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.jdk.Coroutine;
import org.jspecify.annotations.Nullable;

/// The greenlets of one thread, of which one runs.
///
/// The main greenlet's stack is the thread's own. Who switches away from it runs the others from
/// there, each as a coroutine, one after the other, until one switches back. So from any greenlet
/// to any other it is one step: a coroutine suspends itself, the next goes on.
///
/// All fields but the final ones belong to the thread.
final class Strand {

  private static final ThreadLocal<Strand> OF_THREAD = ThreadLocal.withInitial(Strand::new);

  private final Thread thread = Thread.currentThread();
  private final AtomicInteger made = new AtomicInteger(); // other threads may make greenlets for it
  private final Greenlet main;

  private Greenlet running;
  private Greenlet target; // of the last switch
  private @Nullable Object value; // what the target is to receive, or
  private @Nullable Throwable failure; // what it is to throw; null outside a switch
  private Greenlet.@Nullable Tracer tracer; // null if nobody looks

  private Strand() {
    Coroutine.require();
    main = Greenlet.main(this);
    running = main;
    target = main;
  }

  /// {@return the calling thread's}
  static Strand ofThread() {
    return OF_THREAD.get();
  }

  /// {@return the greenlet on whose stack the thread is}
  Greenlet running() {
    return running;
  }

  /// {@return whether the calling thread is on a greenlet's stack}
  ///
  /// @param greenlet of this strand
  boolean isRunning(Greenlet greenlet) {
    return Thread.currentThread() == thread && running == greenlet;
  }

  /// {@return the number of the next greenlet; 0 for the main one}
  int number() {
    return made.getAndIncrement();
  }

  /// Replaces the tracer.
  ///
  /// @param next null for none
  /// @return the one before; null for none
  Greenlet.@Nullable Tracer trace(Greenlet.@Nullable Tracer next) {
    var previous = tracer;
    tracer = next;
    return previous;
  }

  /// Switches to a greenlet, or to the nearest of its ancestors that is not dead.
  ///
  /// @param greenlet of this strand
  /// @param passed what it receives
  /// @param thrown what it throws instead; null for nothing
  /// @return what the calling greenlet receives
  @Nullable Object move(Greenlet greenlet, @Nullable Object passed, @Nullable Throwable thrown) {
    requireHere(greenlet);
    var origin = running;
    head(greenlet, passed, thrown);
    if (origin == main) {
      runOthers();
    } else if (target != origin && !origin.suspend()) {
      throw stuck(origin);
    }
    return arrive(origin);
  }

  /// Decides where to go next.
  void head(Greenlet greenlet, @Nullable Object passed, @Nullable Throwable thrown) {
    target = greenlet.alive();
    value = passed;
    failure = thrown;
  }

  private void runOthers() {
    try {
      while (target != main) {
        target.run();
      }
    } catch (Throwable e) {
      running = main; // no room for the target's frames on top of ours
      throw e;
    }
  }

  /// Takes what was sent along. Called on the stack of the greenlet that was switched to.
  ///
  /// @param greenlet that one
  /// @return what it receives
  @Nullable Object arrive(Greenlet greenlet) {
    var origin = running;
    var passed = value;
    var thrown = failure;
    running = greenlet;
    value = null;
    failure = null;
    if (tracer != null) {
      tell(tracer, thrown == null ? "switch" : "throw", origin, greenlet);
    }
    if (thrown != null) {
      throw Strand.<RuntimeException>sneak(thrown);
    }
    return passed;
  }

  private void tell(Greenlet.Tracer listener, String event, Greenlet origin, Greenlet greenlet) {
    try {
      listener.moved(event, origin, greenlet);
    } catch (Throwable e) {
      tracer = null;
      throw e;
    }
  }

  private IllegalStateException stuck(Greenlet origin) {
    value = null;
    failure = null;
    return new IllegalStateException(
        origin
            + " cannot switch to "
            + target
            + " now: there is a native frame on its stack, such as that of a class initialiser or"
            + " of a call back from native code; switch before or after");
  }

  /// Checks that the calling thread is that of this strand.
  ///
  /// @param greenlet one of this strand, for the message
  /// @throws IllegalStateException if not
  void requireHere(Greenlet greenlet) {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          greenlet
              + (thread.isAlive() ? "" : ", whose thread has ended,")
              + " cannot be reached from "
              + Greenlet.current()
              + ": a greenlet stays on its thread");
    }
  }

  @Override
  public String toString() {
    return thread.toString();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneak(Throwable cause) throws E {
    throw (E) cause;
  }
}
