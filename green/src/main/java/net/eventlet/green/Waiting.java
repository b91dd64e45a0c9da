package net.eventlet.green;

import java.io.IOException;
import java.io.InterruptedIOException;
import net.eventlet.GreenThreadExit;
import net.eventlet.hubs.Descriptor;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Wakeup;

/// How everything here waits for descriptors.
final class Waiting {

  private static final int BURST = 64; // operations in a row that need not wait, then others run

  private Waiting() {}

  /// Waits until a descriptor may be ready, or closed.
  ///
  /// @param descriptor any
  /// @param write whether to wait for room to write
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @return whether it may be ready, rather than the time up
  /// @throws InterruptedIOException if a plain thread is interrupted; a green one is killed
  static boolean await(Descriptor descriptor, boolean write, long limitNanos) throws IOException {
    return switch (descriptor.await(write, limitNanos)) {
      case READY, CLOSED -> true;
      case TIMED_OUT -> false;
      case INTERRUPTED -> throw interrupted();
    };
  }

  /// {@return what an interrupt from outside becomes, if it is not thrown: a kill}
  static InterruptedIOException interrupted() {
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      Thread.currentThread().interrupt(); // its owner wants to see it
      return new InterruptedIOException("interrupted");
    }
    var exit = new GreenThreadExit();
    fiber.thrown(exit);
    throw exit;
  }

  /// Lets the others run now and then.
  ///
  /// @param burst how many operations in a row did not wait
  /// @return what that is now
  static int rest(int burst) throws InterruptedIOException {
    if (burst < BURST) {
      return burst + 1;
    }
    var fiber = Fiber.currentOrNull();
    if (fiber != null && fiber.pass() == Wakeup.INTERRUPTED) {
      throw interrupted();
    }
    return 0;
  }
}
