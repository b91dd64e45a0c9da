package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.time.Duration;
import java.util.stream.IntStream;
import net.eventlet.Semaphore;

/// Five workers share two desks: whoever comes first works first. Prints `worker 0` to `worker 4`.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/TwoAtOnce.java`
///
/// Source: the slides.
public final class TwoAtOnce {

  public static void main() throws Exception {
    var desks = new Semaphore(2);
    var workers = IntStream.range(0, 5).mapToObj(n -> spawn(() -> work(n, desks))).toList();

    for (var worker : workers) {
      worker.await();
    }
  }

  private static void work(int number, Semaphore desks) {
    try (var _ = desks.hold()) {
      IO.println("worker " + number);
      sleep(Duration.ofMillis(100));
    }
  }
}
