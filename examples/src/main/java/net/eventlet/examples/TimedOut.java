package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.time.Duration;
import net.eventlet.Timeout;

/// Waits for a slow worker, but not for long. The timeout ends the wait; the worker goes on until
/// somebody kills it.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/TimedOut.java`
///
/// Source: the slides, which leave the worker running.
public final class TimedOut {

  public static void main() throws Exception {
    var worker = spawn(() -> sleep(Duration.ofMinutes(1)));

    try (var _ = Timeout.after(Duration.ofMillis(300))) {
      worker.await();
    } catch (Timeout tooLong) {
      IO.println("timed out!");
    }

    IO.println(worker.isDone() ? "the worker is done" : "the worker goes on");
    worker.kill();
    IO.println(worker.isDone() ? "the worker is done" : "the worker goes on");
  }
}
