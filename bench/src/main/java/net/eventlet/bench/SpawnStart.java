package net.eventlet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long does a child of `bin/spawn` take until it serves, and what does it hold then and after
/// a thousand requests?
///
/// Run: `make bench ARGS=child-start`
final class SpawnStart {

  private static final int REQUESTS = 1000;
  private static final Pattern PORT = Pattern.compile("starting up on http://127.0.0.1:(\\d+)/");
  private static final Pattern SERVES = Pattern.compile("child (\\d+) serves, (\\d+) ms after");

  private SpawnStart() {}

  /// Starts one child, and prints its figures.
  ///
  /// @param arguments `bin/spawn`, and the class path of [Hello]
  /// @throws Exception if it does not serve
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(120);
    if (new ProcessBuilder(arguments[0], "--version").start().waitFor() != 0) { // may build it
      throw new IOException(arguments[0] + " does not start");
    }
    var process =
        new ProcessBuilder(
                arguments[0],
                "--host=127.0.0.1",
                "--port=0",
                "--processes=1",
                "--access-log-file=/dev/null",
                "--class-path=" + arguments[1],
                Hello.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var lines = process.inputReader();
        var client = HttpClient.newHttpClient()) {
      var port = await(lines, PORT).group(1);
      var serves = await(lines, SERVES);
      var child = serves.group(1);
      report("child-start", "ms", Double.parseDouble(serves.group(2)));
      report("child-memory", "mb", megabytes(child));
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
      for (var i = 0; i < REQUESTS; i++) {
        client.send(request, BodyHandlers.discarding());
      }
      report("child-memory-after", "mb", megabytes(child));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static Matcher await(BufferedReader lines, Pattern pattern) throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var matcher = pattern.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new IOException("it ended without a line like " + pattern);
  }

  private static double megabytes(String pid) {
    return Machine.residentBytes(pid) / (1024.0 * 1024);
  }

  private static void report(String row, String metric, double value) {
    System.out.printf(Locale.ROOT, "{\"row\":\"%s\",\"%s\":%.1f}%n", row, metric, value);
  }
}
