package net.eventlet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// The same as [EventletChildren], by the JDK's `ProcessBuilder` on virtual threads.
///
/// Run: `make bench ARGS=children`
final class StockThreadsChildren {

  private static final String PRINTED = "hello\n";

  private StockThreadsChildren() {}

  /// Measures it.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    Measure.report("children", 1000, StockThreadsChildren::children);
  }

  private static void children(int count) throws Exception {
    var places = new Semaphore(100);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<String>>();
      for (var i = 0; i < count; i++) {
        places.acquire();
        results.add(
            executor.submit(() -> {
              try {
                return child();
              } finally {
                places.release();
              }
            }));
      }
      for (var result : results) {
        if (!result.get().equals(PRINTED)) {
          throw new AssertionError("it printed " + result.get());
        }
      }
    }
  }

  private static String child() throws Exception {
    var child =
        new ProcessBuilder("/bin/echo", "hello")
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .start();
    try (var output = child.getInputStream()) {
      var printed = new String(output.readAllBytes(), UTF_8);
      child.waitFor();
      return printed;
    }
  }
}
