package net.eventlet.examples;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static net.eventlet.Eventlet.sleep;

import java.time.Duration;
import net.eventlet.green.Executors;

/// Work that is done again and again beside other work, by the JDK's own pool, on one hub: the two
/// share a plain field.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Chores.java`
public final class Chores {

  private static int swept;

  public static void main() {
    try (var pool = Executors.newScheduledThreadPool(1)) {
      var sweeping = pool.scheduleAtFixedRate(() -> swept++, 0, 10, MILLISECONDS);

      while (swept < 5) {
        sleep(Duration.ofMillis(1)); // other work
      }
      sweeping.cancel(false);
      IO.println("swept " + swept + " times");
    }
  }
}
