package net.eventlet.hubs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One wait of one thread, which ends once: what every primitive is built on.
///
/// The thread that is about to wait creates it, puts it where others find it, and calls
/// [#await(long)]. Whoever has what it waits for calls [#wake()]; the answer tells whether the wait
/// ended by that, or had ended before, so that what was to be handed over goes to the next waiter
/// and is neither lost nor doubled. Subclass it to carry what is handed over.
///
/// Works in green threads of any hub, in other virtual threads and in platform threads; [#wake()]
/// from any of them.
public class Waiter {

  static final int WAITING = 0;
  static final int WOKEN = 1;
  static final int TIMED_OUT = 2;
  static final int INTERRUPTED = 3;
  static final int UNWOUND = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Fiber fiber;
  private final Thread thread;
  private volatile int state;

  /// Creates a wait of the calling thread that has not begun.
  public Waiter() {
    fiber = Fiber.currentOrNull();
    thread = fiber == null ? Thread.currentThread() : fiber.thread();
  }

  Waiter(Fiber fiber) {
    this.fiber = fiber;
    thread = fiber.thread();
  }

  /// Ends the wait, unless it has ended.
  ///
  /// @return whether this call ended it
  public final boolean wake() {
    return end(WOKEN);
  }

  /// Waits until [#wake()], once, in the thread that created this.
  ///
  /// A green thread that is killed meanwhile, or whose timeout runs out, leaves by that exception,
  /// and this is then over: [#wake()] answers false.
  ///
  /// @param limitNanos longest wait; zero or less gives the others one turn, and [Long#MAX_VALUE]
  ///   waits for ever
  /// @return why it is over
  public final Wakeup await(long limitNanos) {
    if (fiber == null) {
      awaitOffHub(limitNanos);
    } else {
      fiber.await(this, limitNanos);
    }
    return switch (state) {
      case WOKEN -> Wakeup.READY;
      case TIMED_OUT -> Wakeup.TIMED_OUT;
      default -> Wakeup.INTERRUPTED;
    };
  }

  /// {@return the thread that waits}
  public final Thread thread() {
    return thread;
  }

  /// {@return whether the wait is not over}
  public final boolean waiting() {
    return state == WAITING;
  }

  final boolean unwound() {
    return state == UNWOUND;
  }

  final boolean end(int how) {
    if (state != WAITING || !STATE.compareAndSet(this, WAITING, how)) {
      return false;
    }
    LockSupport.unpark(thread);
    return true;
  }

  private void awaitOffHub(long limitNanos) {
    var clock = Hub.CLOCK;
    var due = clock.nanoTime() + Math.max(0, limitNanos);
    while (state == WAITING) {
      if (Thread.interrupted()) {
        if (!end(INTERRUPTED)) {
          Thread.currentThread().interrupt();
        }
      } else if (limitNanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        var left = due - clock.nanoTime();
        if (left <= 0) {
          end(TIMED_OUT);
        } else {
          LockSupport.parkNanos(this, left);
        }
      }
    }
  }
}
