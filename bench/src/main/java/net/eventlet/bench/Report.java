package net.eventlet.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What was measured, as a table and as raw figures.
///
/// @param facts that the figures depend on
/// @param options that they were measured with
/// @param outcomes row by row
record Report(Map<String, String> facts, Options options, List<Row.Outcome> outcomes) {

  /// {@return tables in Markdown: the goals, then each row}
  String markdown() {
    var text = new StringBuilder();
    text.append("# Eventlet for Java beside its peers\n\n");
    text.append("| | |\n|---|---|\n");
    facts.forEach((name, value) -> text.append("| %s | %s |\n".formatted(name, value)));
    text.append("\n").append(method()).append("\n");
    if (outcomes.stream().anyMatch(outcome -> !outcome.row().goals().isEmpty())) {
      text.append("\n## Goals\n\n| row | goal | measured | |\n|---|---|---|---|\n");
      for (var outcome : outcomes) {
        for (var verdict : outcome.verdicts()) {
          text.append(
              "| %s | %s | %s | %s |\n"
                  .formatted(
                      outcome.row().id(), verdict.goal().text(), verdict.figure(), verdict.word()));
        }
      }
    }
    for (var outcome : outcomes) {
      text.append("\n## %s\n\n".formatted(outcome.row().id()));
      text.append(outcome.row().question()).append(".\n\n");
      text.append(outcome.ofServers() ? servers(outcome) : programs(outcome));
      outcome.results().values().stream()
          .filter(result -> result.trouble().isPresent())
          .forEach(result ->
              text.append(
                  "\n%s: %s.\n".formatted(result.contender(), result.trouble().orElseThrow())));
    }
    return text.toString();
  }

  /// {@return how it was measured, in a paragraph}
  String method() {
    return String.format(
        Locale.ROOT,
        "Medians of %d rounds, contenders in turn. Programs and servers run on CPU %d, the load on"
            + " CPU %d, over loopback. Servers on the JVM are warmed up for %.0f s, others for 1 s,"
            + " then counted for %.0f s; the crowd once, for %.0f s. The spread is from the best"
            + " round to the worst. A ratio is ours divided by theirs: below 1, ours takes less.",
        options.rounds(),
        options.cpu(),
        options.loadCpu(),
        options.warmup().toMillis() / 1000.0,
        options.counting().toMillis() / 1000.0,
        options.crowd().toMillis() / 1000.0);
  }

  /// {@return every figure of every turn, as JSON}
  String json() {
    var rows = new ArrayList<Map<String, Object>>();
    for (var outcome : outcomes) {
      var contenders = new ArrayList<Map<String, Object>>();
      for (var result : outcome.results().values()) {
        var contender = new LinkedHashMap<String, Object>();
        contender.put("name", result.contender());
        contender.put("median", result.median(outcome.row().metric()));
        contender.put("trouble", result.trouble());
        contender.put("samples", result.samples());
        contenders.add(contender);
      }
      var goals = new ArrayList<Map<String, Object>>();
      for (var verdict : outcome.verdicts()) {
        var goal = new LinkedHashMap<String, Object>();
        goal.put("goal", verdict.goal().text());
        goal.put("limit", verdict.goal().limit());
        goal.put("measured", verdict.measured());
        goal.put("verdict", verdict.word());
        goals.add(goal);
      }
      var row = new LinkedHashMap<String, Object>();
      row.put("id", outcome.row().id());
      row.put("question", outcome.row().question());
      row.put("metric", outcome.row().metric());
      row.put("unit", outcome.row().unit());
      row.put("contenders", contenders);
      row.put("goals", goals);
      rows.add(row);
    }
    var all = new LinkedHashMap<String, Object>();
    all.put("facts", facts);
    all.put("method", method());
    all.put("rows", rows);
    return Json.write(all) + "\n";
  }

  /// {@return a figure with as many digits as it deserves}
  ///
  /// @param figure to show; empty if it was not measured
  static String number(Optional<Double> figure) {
    return figure
        .map(value -> String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value))
        .orElse("–");
  }

  private static String programs(Row.Outcome outcome) {
    var metric = outcome.row().metric();
    var resident = outcome.row().id().equals("memory");
    var text = new StringBuilder();
    text.append(
        "| | %s | spread | ratio |%s\n|---|--:|--:|--:|%s\n"
            .formatted(
                outcome.row().unit(), resident ? " resident |" : "", resident ? "--:|" : ""));
    for (var result : outcome.results().values()) {
      text.append(
          "| %s | %s | %s | %s |"
              .formatted(
                  result.contender(),
                  number(result.median(metric)),
                  spread(result, metric),
                  ratio(outcome, result)));
      text.append(resident ? " %s |\n".formatted(number(result.median("rss"))) : "\n");
    }
    return text.toString();
  }

  private static String servers(Row.Outcome outcome) {
    var metric = outcome.row().metric();
    var text = new StringBuilder();
    text.append(
        "| | %s | user | system | spread | ratio | requests/s | p50 µs | p99 µs | busy | MB |"
                .formatted(outcome.row().unit())
            + " errors |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (var result : outcome.results().values()) {
      text.append(
          "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  result.contender(),
                  number(result.median(metric)),
                  number(result.median("user_us")),
                  number(result.median("system_us")),
                  spread(result, metric),
                  ratio(outcome, result),
                  number(result.median("per_second")),
                  number(result.median("p50_us")),
                  number(result.median("p99_us")),
                  percent(result.median("server_busy")),
                  number(result.median("server_rss_kb").map(kilobytes -> kilobytes / 1024)),
                  result
                      .most("errors")
                      .map(errors -> String.format(Locale.ROOT, "%.0f", errors))
                      .orElse("–")));
    }
    return text.toString();
  }

  private static String percent(Optional<Double> part) {
    return part.map(value -> String.format(Locale.ROOT, "%.0f %%", value * 100)).orElse("–");
  }

  private static String spread(Result result, String metric) {
    return result.samples().isEmpty()
        ? "–"
        : number(result.least(metric)) + " – " + number(result.most(metric));
  }

  /// {@return ours divided by theirs, as text; a dash for ours}
  ///
  /// @param outcome of a row
  /// @param result of one contender in it
  static String ratio(Row.Outcome outcome, Result result) {
    var metric = outcome.row().metric();
    var ours = Optional.ofNullable(outcome.results().get(Rows.OURS));
    if (result.contender().equals(Rows.OURS)) {
      return "–";
    }
    return ours.flatMap(own -> own.median(metric))
        .flatMap(own -> result.median(metric).map(other -> own / other))
        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
        .orElse("–");
  }
}
