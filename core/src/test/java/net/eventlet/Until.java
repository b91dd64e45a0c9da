package net.eventlet;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/// Waits for what happens in another thread, and is told to nobody.
final class Until {

  private Until() {}

  /// Waits until something holds.
  ///
  /// @param condition what
  static void holds(BooleanSupplier condition) {
    holds(condition, () -> "what was waited for");
  }

  /// Waits until the text of an object has some words in it.
  ///
  /// @param object whose [Object#toString] says how it is
  /// @param words what it must say
  static void says(Object object, String words) {
    holds(() -> object.toString().contains(words), () -> "\"" + words + "\" in \"" + object + '"');
  }

  /// Waits until a plain thread waits in its turn.
  ///
  /// @param thread a platform thread
  static void waits(Thread thread) {
    holds(
        () ->
            switch (thread.getState()) {
              case WAITING, TIMED_WAITING -> true;
              default -> false;
            },
        () -> "a wait of " + thread);
  }

  private static void holds(BooleanSupplier condition, Supplier<String> what) {
    var end = System.nanoTime() + SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        Assertions.fail("10 seconds went by without " + what.get());
      }
      Eventlet.sleep();
    }
  }
}
