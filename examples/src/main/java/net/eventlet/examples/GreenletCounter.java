package net.eventlet.examples;

import net.eventlet.greenlet.Greenlet;

/// Counts on a stack of its own, and passes each number to whoever asked. No hub decides who runs:
/// the two switch to each other by name. Prints `0`, `1` and `2`.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/GreenletCounter.java`
///
/// Source: the slides, which say that it prints 1, 2 and 3.
public final class GreenletCounter {

  public static void main() {
    var main = Greenlet.current();
    var counter =
        new Greenlet(_ -> {
          for (var number = 0; ; number++) {
            main.switchTo(number);
          }
        });

    for (var i = 0; i < 3; i++) {
      IO.println(counter.switchTo());
    }
  }
}
