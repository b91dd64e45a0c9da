package net.eventlet.spawning;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Groups an access log in Eventlet's format by path, status or method, with counts and latencies.
///
/// Source: `spawning/util/log_parser.py`.
@Command(
    name = "log-report",
    mixinStandardHelpOptions = true,
    header = "Groups an access log: how often, and how long it took.")
final class LogReport implements Callable<Integer> {

  /// What lines are grouped by.
  enum Key {
    path(2),
    status(3),
    method(1);

    final int group;

    Key(int group) {
      this.group = group;
    }
  }

  /* 10.0.0.1 - - [24/Nov/2026 10:00:00] "GET /path HTTP/1.1" 200 1234 0.000421 */
  private static final Pattern LINE =
      Pattern.compile("\"(\\S+) ([^ ?\"]*)[^\"]*\" (\\d{3}) \\S+ ([0-9.]+)\\s*$");

  private static final int KEYS_MAX = 100_000;

  @Parameters(arity = "1", paramLabel = "FILE", description = "An access log.")
  Path file = Path.of("");

  @Option(
      names = {"-g", "--group-by"},
      defaultValue = "path",
      description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  Key groupBy = Key.path;

  @Option(
      names = {"-n", "--lines"},
      defaultValue = "50",
      description = "Of the report (${DEFAULT-VALUE}).")
  int lines = 50;

  @Override
  public Integer call() {
    try (var reader = Files.newBufferedReader(file)) {
      System.out.print(report(reader));
      return 0;
    } catch (IOException e) {
      System.err.println("spawn: cannot read " + file + ": " + e);
      return 1;
    }
  }

  /// {@return the table of a log}
  ///
  /// @param log lines, of which those in another format are counted and left out
  String report(BufferedReader log) throws IOException {
    var groups = new HashMap<String, Group>();
    var other = 0L;
    for (var line = log.readLine(); line != null; line = log.readLine()) {
      var match = LINE.matcher(line);
      if (match.find()) {
        groupOf(groups, match).add(Double.parseDouble(match.group(4)));
      } else {
        other++;
      }
    }
    var text =
        new StringBuilder(
            "%10s %10s %10s %10s  %s%n".formatted("count", "mean ms", "p50 ms", "p99 ms", groupBy));
    groups.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.comparingLong((Group group) -> -group.count)))
        .limit(lines)
        .forEach(entry -> text.append(entry.getValue().line(entry.getKey())));
    if (other > 0) {
      text.append("%10d lines are in another format%n".formatted(other));
    }
    return text.toString();
  }

  private Group groupOf(Map<String, Group> groups, Matcher match) {
    var key = match.group(groupBy.group);
    if (groups.size() >= KEYS_MAX && !groups.containsKey(key)) {
      key = "(others)";
    }
    return groups.computeIfAbsent(key, _ -> new Group());
  }

  /// Requests with one key: all are counted, and a sample of their times is kept, each as likely to
  /// be in it as another.
  private static final class Group {

    private static final int SAMPLE = 1000;

    private final List<Double> sample = new ArrayList<>();
    private final Random random = new Random(1);
    private long count;
    private double seconds;

    void add(double time) {
      count++;
      seconds += time;
      if (sample.size() < SAMPLE) {
        sample.add(time);
      } else {
        var place = random.nextLong(count);
        if (place < SAMPLE) {
          sample.set((int) place, time);
        }
      }
    }

    String line(String key) {
      var sorted = sample.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return "%10d %10.2f %10.2f %10.2f  %s%n"
          .formatted(
              count,
              1000 * seconds / count,
              1000 * quantile(sorted, 0.5),
              1000 * quantile(sorted, 0.99),
              key);
    }

    /// The smallest time within which such a part of all was answered.
    private static double quantile(double[] sorted, double part) {
      return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }
  }
}
