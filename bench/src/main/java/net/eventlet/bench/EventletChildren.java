package net.eventlet.bench;

import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import net.eventlet.green.Command;
import net.eventlet.green.Stdio;
import net.eventlet.green.Subprocess;

/// What does a short child process cost, a hundred at once, with all that it prints?
///
/// Run: `make bench ARGS=children`, or by itself with the flags of `eventlet.flags`.
final class EventletChildren {

  private static final Command ECHO = Command.of("/bin/echo", "hello").withError(Stdio.OUTPUT);
  private static final String PRINTED = "hello\n";

  private EventletChildren() {}

  /// Measures it.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    Eventlet.run(() -> Measure.report("children", 1000, EventletChildren::children));
  }

  private static void children(int count) {
    var numbers = IntStream.range(0, count).boxed().toList();
    try (var pool = new GreenPool(100);
        var results = pool.imapUnordered(_ -> Subprocess.run(ECHO, null).output(), numbers)) {
      results.forEach(printed -> {
        if (!printed.equals(PRINTED)) {
          throw new AssertionError("it printed " + printed);
        }
      });
    }
  }
}
