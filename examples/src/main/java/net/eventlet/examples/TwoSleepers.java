package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.time.Duration;

/// Two green threads sleep at the same time: prints `hi`, `omg`, `bye` and `no way!`, in this order
/// each time.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/TwoSleepers.java`
///
/// Source: the slides.
public final class TwoSleepers {

  public static void main() throws Exception {
    var first = spawn(() -> say("hi", "bye"));
    var second = spawn(() -> say("omg", "no way!"));

    first.await();
    second.await();
  }

  private static void say(String now, String later) {
    IO.println(now);
    sleep(Duration.ofMillis(500));
    IO.println(later);
  }
}
