package net.eventlet.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/// How does Eventlet for Java compare with its peers and with its limits?
///
/// Runs every contender of every row in turn, round after round, so that what disturbs the machine
/// disturbs them alike; takes medians; prints ratios and what became of the goals; and writes a
/// table, the raw figures and a page with plots.
///
/// Run: `make bench`, with `ARGS=--help` for what can be asked.
final class Compare {

  private static final double BUSY = 0.5;

  private final Options options;
  private final Turn turn;

  private Compare(Options options, Turn turn) {
    this.options = options;
    this.turn = turn;
  }

  /// Runs what is asked for. The status is 1 if a program of ours could not be measured, 2 if the
  /// command line is not understood; a missed goal is no failure.
  ///
  /// @param arguments `--help` tells
  /// @throws Exception if the results cannot be written
  static void main(String[] arguments) throws Exception {
    var words = Arrays.stream(arguments).filter(word -> !word.isBlank()).toList();
    if (words.stream().anyMatch(word -> word.endsWith("Benchmark"))) {
      System.exit(jmh(words));
    }
    var bench = Path.of(Files.isDirectory(Path.of("bench/peers")) ? "bench" : ".");
    if (!Files.isDirectory(bench.resolve("peers"))) {
      throw new IllegalStateException(
          "bench/peers is not here; start this in the repository, with `make bench`");
    }
    System.exit(compare(bench, words));
  }

  private static int compare(Path bench, List<String> words)
      throws IOException, InterruptedException {
    var peers = Peers.build(bench);
    var options = Options.parse(List.of());
    var rows = Rows.all(peers, options);
    var ids = rows.stream().map(Row::id).toList();
    try {
      options = Options.parse(words.stream().filter(word -> !word.equals("--help")).toList());
      for (var id : options.rows()) {
        if (!ids.contains(id)) {
          throw new IllegalArgumentException(
              "there is no row %s; there are %s".formatted(id, String.join(", ", ids)));
        }
      }
    } catch (IllegalArgumentException | NoSuchElementException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    if (words.contains("--help")) {
      System.out.print(Options.HELP.formatted(String.join(" ", ids)));
      return 0;
    }
    peers.missing().values().forEach(System.out::println);
    if (Machine.load() > BUSY) {
      System.out.printf(
          Locale.ROOT,
          "The machine is busy (load %.1f): expect noise, and look at the spread.%n",
          Machine.load());
    }
    var out =
        options
            .out()
            .orElse(bench.resolve(options.complete() ? "results" : "target/results"))
            .toAbsolutePath()
            .normalize();
    var facts = Machine.describe(bench.resolve("..").toRealPath());
    var errors = peers.binaries().resolve("stderr");
    var comparison = new Compare(options, new Turn(peers, options, errors));

    var outcomes = new ArrayList<Row.Outcome>();
    for (var row : Rows.all(peers, options)) {
      if (options.rows().isEmpty() || options.rows().contains(row.id())) {
        outcomes.add(comparison.run(row));
      }
    }
    var report = new Report(facts, options, outcomes);
    System.out.println();
    System.out.println(report.markdown());
    Files.createDirectories(out);
    var name = LocalDate.now(ZoneOffset.UTC) + "-" + facts.get("commit");
    Files.writeString(out.resolve(name + ".md"), report.markdown());
    Files.writeString(out.resolve(name + ".json"), report.json());
    Files.writeString(out.resolve(name + ".html"), new Page(report).html());
    System.out.println("Written: " + out.resolve(name) + ".md, .json and .html");
    return outcomes.stream().anyMatch(Compare::oursFailed) ? 1 : 0;
  }

  private static boolean oursFailed(Row.Outcome outcome) {
    return outcome.results().values().stream()
        .anyMatch(
            result -> result.contender().startsWith(Rows.OURS) && result.trouble().isPresent());
  }

  private Row.Outcome run(Row row) throws IOException, InterruptedException {
    System.out.printf("%n%s: %s%n", row.id(), row.question());
    var samples = new LinkedHashMap<Contender, List<Map<String, Double>>>();
    var troubles = new LinkedHashMap<Contender, String>();
    for (var contender : row.contenders()) {
      if (options.only().isEmpty()
          || options.only().stream().anyMatch(contender.name()::contains)) {
        samples.put(contender, new ArrayList<>());
        contender.obstacle().ifPresent(obstacle -> troubles.put(contender, obstacle));
      }
    }
    var rounds = row.id().equals("crowd") ? 1 : options.rounds();
    var counting = row.id().equals("crowd") ? options.crowd() : options.counting();
    for (var round = 1; round <= rounds; round++) {
      turn.beginRound();
      for (var entry : samples.entrySet()) {
        var contender = entry.getKey();
        if (troubles.containsKey(contender)) {
          continue;
        }
        try {
          var figures = turn.run(contender, counting);
          entry.getValue().add(figures);
          System.out.printf(
              Locale.ROOT,
              "  %d/%d  %-40s %,12.2f %s%n",
              round,
              rounds,
              contender.name(),
              figures.getOrDefault(row.metric(), Double.NaN),
              row.unit());
        } catch (Turn.Failure e) {
          troubles.put(contender, e.getMessage());
          System.out.printf("  %d/%d  %-40s %s%n", round, rounds, contender.name(), e.getMessage());
        }
      }
    }
    var results =
        samples.entrySet().stream()
            .map(entry ->
                new Result(
                    entry.getKey().name(),
                    entry.getValue(),
                    Optional.ofNullable(troubles.get(entry.getKey()))))
            .collect(
                Collectors.toMap(
                    Result::contender, result -> result, (one, _) -> one, LinkedHashMap::new));
    return new Row.Outcome(row, results);
  }

  /// Runs JMH with our flags. Returns its status.
  private static int jmh(List<String> words) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jmh.Main"));
    command.addAll(words);
    var process = new ProcessBuilder(command).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process.waitFor();
  }
}
