package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.time.Duration;

/// Ends a worker with an exception of one's own, which is thrown where the worker waits: its
/// clean-up runs, and `await` throws the same exception.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/ThrowWithCleanup.java`
///
/// Source: the slides. There it is `spawn(worker).throw(StopWorking)`, which hangs in today's
/// Eventlet.
public final class ThrowWithCleanup {

  private static final class StopWorking extends Exception {

    private static final long serialVersionUID = 1;
  }

  public static void main() throws Exception {
    var worker = spawn(ThrowWithCleanup::work);
    sleep(); // it begins

    worker.kill(new StopWorking());
    IO.println("killed"); // the worker's clean-up came before

    try {
      worker.await();
    } catch (StopWorking stopped) {
      IO.println("it stopped working");
    }
  }

  private static void work() {
    try {
      IO.println("working");
      sleep(Duration.ofHours(1));
      IO.println("never printed");
    } finally {
      IO.println("cleaning up");
    }
  }
}
