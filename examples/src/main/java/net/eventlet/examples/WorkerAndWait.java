package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.util.stream.IntStream;

/// Starts three workers, and waits for what each returns: prints `worker 0`, `worker 1` and `worker
/// 2`.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/WorkerAndWait.java`
///
/// Source: the slides.
public final class WorkerAndWait {

  public static void main() throws Exception {
    var workers = IntStream.range(0, 3).mapToObj(n -> spawn(() -> "worker " + n)).toList();

    for (var worker : workers) {
      IO.println(worker.await());
    }
  }
}
