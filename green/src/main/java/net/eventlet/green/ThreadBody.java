package net.eventlet.green;

import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// What a green thread does that stands for one of the JDK's threads: its failures go where those
/// of a thread go, and to the [uncaught handler][net.eventlet.hubs.Hub#uncaughtHandler] only if
/// nobody asked for them.
///
/// @param task what it does; null for nothing, as in [Thread#Thread(Runnable)]
record ThreadBody(@Nullable Runnable task) implements Fiber.Body {

  @Override
  public void run() {
    if (task != null) {
      task.run();
    }
  }

  @Override
  public void ended(Fiber fiber, @Nullable Throwable failure) {
    var handler = fiber.thread().getUncaughtExceptionHandler();
    if (failure == null
        || (handler instanceof ThreadGroup
            && Thread.getDefaultUncaughtExceptionHandler() == null)) {
      Fiber.Body.super.ended(fiber, failure);
    } else if (!fiber.unwoundBy(failure)) {
      handler.uncaughtException(fiber.thread(), failure);
    }
  }
}
