package net.eventlet.hubs;

import java.io.PrintWriter;
import java.io.StringWriter;

/// The first uncaught handler.
final class UncaughtReport {

  private UncaughtReport() {}

  /// Prints who failed, where it was spawned, and the stack trace, in one piece.
  ///
  /// @param thread that failed
  /// @param failure what came out of it
  @SuppressWarnings("SystemOut") // as the JDK does for threads
  static void print(Thread thread, Throwable failure) {
    var text = new StringWriter();
    var fiber = Fiber.of(thread);
    text.append("Exception in ").append(fiber.map(Fiber::toString).orElseGet(thread::getName));
    fiber
        .map(Fiber::place)
        .ifPresent(place -> text.append(", spawned at ").append(place.toString()));
    text.append(": ");
    failure.printStackTrace(new PrintWriter(text, true));
    System.err.print(text);
  }
}
