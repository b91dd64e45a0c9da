package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

/// What a green thread throws comes out of `await`: the very object, each time it is asked for.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/Exceptions.java`
///
/// Source: the slides, where dividing by zero is a `ZeroDivisionError`.
public final class Exceptions {

  public static void main() throws Exception {
    var doomed = spawn(() -> divide(5, 0));

    try {
      doomed.await();
    } catch (ArithmeticException first) {
      IO.println("caught " + first.getMessage());
      try {
        doomed.await();
      } catch (ArithmeticException second) {
        IO.println(first == second ? "and it is the same one" : "and it is another one");
      }
    }
  }

  private static int divide(int dividend, int divisor) {
    return dividend / divisor;
  }
}
