package net.eventlet.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import net.eventlet.examples.Crawler;

/// What does a page cost that the example crawler fetches, with a pool of 200?
///
/// Run: `make bench ARGS=crawler`.
final class EventletCrawler {

  private static final int WARM_UP = 10;
  private static final int BATCHES = 5;

  private EventletCrawler() {}

  /// Measures it.
  ///
  /// @param arguments the port of a server of pages, and how many to fetch at a time
  /// @throws Exception if a page is missing
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var count = Integer.parseInt(arguments[1]);
    Eventlet.run(() -> {
      for (var i = 0; i < WARM_UP; i++) {
        crawl(arguments[0], count);
      }
      var micros = new double[BATCHES];
      for (var i = 0; i < BATCHES; i++) {
        var before = cpuNanos();
        crawl(arguments[0], count);
        micros[i] = (cpuNanos() - before) / 1000.0 / count;
      }
      Arrays.sort(micros);
      System.out.printf(
          Locale.ROOT, "{\"row\":\"crawler\",\"cpu_us\":%.2f}%n", micros[BATCHES / 2]);
    });
  }

  private static void crawl(String port, int count) {
    var urls =
        (Iterable<String>)
            () ->
                IntStream.range(0, count)
                    .mapToObj(page -> "http://127.0.0.1:" + port + "/page?" + page)
                    .iterator();
    try (var pool = new GreenPool(200);
        var pages = pool.imap(Crawler::fetch, urls)) {
      for (var page : pages) {
        if (!page.endsWith("200 OK, 1023 bytes")) {
          throw new AssertionError(page);
        }
      }
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
