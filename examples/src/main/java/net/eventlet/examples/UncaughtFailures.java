package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;

/// A failure that nobody can receive goes to a handler, which one may replace.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/UncaughtFailures.java`
public final class UncaughtFailures {

  public static void main() {
    Hub.uncaughtHandler((thread, failure) -> {
      var place = Fiber.of(thread).map(Fiber::place).map(StackTraceElement::getFileName);
      IO.println(failure.getMessage() + ", spawned in " + place.orElse("some place"));
    });

    spawnN(() -> {
      throw new IllegalStateException("the disk is full");
    });
    sleep(); // it runs
  }
}
