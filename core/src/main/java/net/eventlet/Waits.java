package net.eventlet;

import java.time.Duration;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Waiter;
import net.eventlet.hubs.Wakeup;
import org.jspecify.annotations.Nullable;

/// How everything here waits: a hub's waits, in which an interrupt from outside is a kill.
final class Waits {

  private Waits() {}

  /// Waits.
  ///
  /// @param waiter of the calling thread
  /// @param limit longest wait; null for ever
  /// @return whether it was woken, rather than the time up
  static boolean await(Waiter waiter, @Nullable Duration limit) {
    return await(waiter, Durations.limitNanos(limit));
  }

  /// Waits.
  ///
  /// @param waiter of the calling thread
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return whether it was woken, rather than the time up
  static boolean await(Waiter waiter, long limitNanos) {
    var wakeup = waiter.await(limitNanos);
    if (wakeup == Wakeup.INTERRUPTED) {
      throw interrupted();
    }
    return wakeup == Wakeup.READY;
  }

  /// Waits, and lets an interrupt be one.
  ///
  /// @param waiter of the calling thread
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return whether it was woken, rather than the time up
  /// @throws InterruptedException if the thread was interrupted from outside
  static boolean awaitInterruptibly(Waiter waiter, long limitNanos) throws InterruptedException {
    var wakeup = waiter.await(limitNanos);
    if (wakeup == Wakeup.INTERRUPTED) {
      throw new InterruptedException();
    }
    return wakeup == Wakeup.READY;
  }

  /// Waits, as those do that may throw anything: an interrupt is a kill in a green thread, and
  /// itself in a plain one.
  ///
  /// @param waiter of the calling thread
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return whether it was woken, rather than the time up
  /// @throws InterruptedException if a plain thread was interrupted
  static boolean awaitOrInterrupt(Waiter waiter, long limitNanos) throws InterruptedException {
    return Fiber.currentOrNull() == null
        ? awaitInterruptibly(waiter, limitNanos)
        : await(waiter, limitNanos);
  }

  /// Gives the others a turn.
  ///
  /// @param fiber the calling one
  static void pass(Fiber fiber) {
    if (fiber.pass() == Wakeup.INTERRUPTED) {
      throw interrupted();
    }
  }

  /// {@return what an interrupt from outside becomes}
  static GreenThreadExit interrupted() {
    var exit = new GreenThreadExit("interrupted");
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      Thread.currentThread().interrupt(); // a plain thread's owner wants to see it
    } else {
      fiber.thrown(exit);
    }
    return exit;
  }

  /// Throws anything, declared or not.
  ///
  /// @param cause what
  /// @param <E> what the compiler believes
  /// @return nothing
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <E extends Throwable> RuntimeException sneak(Throwable cause) throws E {
    throw (E) cause;
  }
}
