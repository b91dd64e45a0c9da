package net.eventlet.spawning;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// How the children are, for people: a page without scripts that refreshes itself.
///
/// @param report what it shows
record StatusPage(Report report) {

  private static final String STYLE =
      """
      <style>
      :root { color-scheme: light dark; --back: #f5f6f8; --card: #fff; --ink: #1d2430; --faint: #667085;
        --line: #e3e6eb; --good: #0a7a3d; --soon: #9a5b00; --bad: #b42318 }
      @media (prefers-color-scheme: dark) { :root { --back: #12151a; --card: #1b2027; --ink: #e6e9ee;
        --faint: #98a2b3; --line: #2c333d; --good: #5fd38d; --soon: #f0b45c; --bad: #ff8a7d } }
      * { box-sizing: border-box }
      body { margin: 0 auto; padding: 2rem 1.25rem; max-width: 76rem; background: var(--back);
        color: var(--ink); font: 15px/1.45 system-ui, sans-serif }
      h1 { margin: 0 0 1.25rem; font-size: 1.5rem; font-weight: 650 }
      h1::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .5em;
        border-radius: 50%; background: var(--good) }
      h1.starting::before { background: var(--soon) } h1.silent::before { background: var(--bad) }
      dl { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1.25rem }
      dl div { flex: 1 1 8rem; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: .6rem;
        background: var(--card) }
      dt { color: var(--faint); font-size: .85rem } dd { margin: 0; font-size: 1.35rem; font-weight: 600 }
      dd, td { font-variant-numeric: tabular-nums }
      .error { margin: 0 0 1.25rem; padding: .7rem 1rem; border-left: 4px solid var(--bad);
        border-radius: .3rem; background: var(--card); overflow-wrap: anywhere }
      .error b, td.said { color: var(--bad) }
      .table { overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem;
        background: var(--card) }
      table { width: 100%; border-collapse: collapse; white-space: nowrap }
      th, td { padding: .55rem .7rem; text-align: right } td { border-top: 1px solid var(--line) }
      th { color: var(--faint); font-size: .85rem; font-weight: 500 }
      th:first-child, td:first-child, .state, td.said { text-align: left }
      td.said { white-space: normal; min-width: 6rem; overflow-wrap: anywhere }
      .ready { color: var(--good) } .starting, .outgoing, .draining { color: var(--soon) }
      .silent { color: var(--bad) }
      footer { margin-top: 1.25rem; color: var(--faint); font-size: .85rem } a { color: inherit }
      </style>
      """;

  private static final String FOOT =
      """
      <footer>Refreshed every two seconds. For programs:
      <a href="/status.json">status.json</a>, <a href="/metrics">metrics</a>.</footer>
      </body></html>
      """;

  String html() {
    var ready = of("children_ready");
    var wanted = of("children_wanted");
    var state = ready >= wanted ? "ready" : ready > 0 ? "starting" : "silent";
    var text =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <title>spawn: %d of %d children serve</title>
            """
                .formatted(ready, wanted));
    text.append(STYLE).append("</head><body>\n");
    text.append(
        "<h1 class=\"%s\">%d of %d children serve</h1>\n<dl>\n".formatted(state, ready, wanted));
    tile(text, "up for", age(of("uptime_seconds")));
    tile(text, "requests", count(sum("requests")));
    tile(text, "at work", count(sum("requests_at_work")));
    tile(text, "connections", count(sum("connections")));
    tile(text, "memory", size(sum("memory_bytes")));
    tile(text, "started", count(of("children_started")));
    tile(text, "died", count(of("children_died")));
    text.append("</dl>\n");
    if (!report.lastError().isEmpty()) {
      text.append(
          "<p class=\"error\"><b>Last error</b><br>%s</p>\n".formatted(escape(report.lastError())));
    }
    text.append(
        "<div class=\"table\"><table>\n<thead><tr><th>pid</th><th class=\"state\">state</th>");
    for (var column : Column.values()) {
      text.append("<th>").append(column.title).append("</th>");
    }
    text.append("<th class=\"state\">last error</th></tr></thead>\n<tbody>\n");
    report.children().forEach(child -> row(text, child));
    return text.append("</tbody></table></div>\n").append(FOOT).toString();
  }

  private static void tile(StringBuilder text, String what, String value) {
    text.append("<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(what, value));
  }

  private static void row(StringBuilder text, Report.OfChild child) {
    text.append(
        "<tr><td>%d</td><td class=\"state %s\">%s</td>"
            .formatted(child.pid(), child.state(), child.state()));
    for (var column : Column.values()) {
      text.append("<td>").append(column.of(child.figures())).append("</td>");
    }
    text.append("<td class=\"said\">%s</td></tr>\n".formatted(escape(child.lastError())));
  }

  /// What is shown of each child.
  private enum Column {
    AGE("up for", "uptime_seconds"),
    MEMORY("memory", "memory_bytes"),
    CONNECTIONS("connections", "connections"),
    AT_WORK("at work", "requests_at_work"),
    REQUESTS("requests", "requests"),
    REFUSED("refused", "requests_refused"),
    FAILED("failed", "requests_failed"),
    MEDIAN("median", "latency_p50_microseconds"),
    SLOW("99 % within", "latency_p99_microseconds"),
    GREEN_THREADS("green threads", "green_threads");

    private final String title;
    private final String figure;

    Column(String title, String figure) {
      this.title = title;
      this.figure = figure;
    }

    private String of(Map<String, Long> figures) {
      var value = figures.get(figure);
      if (value == null) {
        return "";
      }
      return switch (this) {
        case AGE -> age(value);
        case MEMORY -> size(value);
        case MEDIAN, SLOW -> "%.2f ms".formatted(value / 1000.0);
        default -> count(value);
      };
    }
  }

  private long of(String name) {
    return report.whole().getOrDefault(name, 0L);
  }

  private long sum(String figure) {
    return report.children().stream()
        .mapToLong(child -> child.figures().getOrDefault(figure, 0L))
        .sum();
  }

  private static String age(long seconds) {
    return Times.show(Duration.ofSeconds(seconds));
  }

  private static String size(long bytes) {
    return "%d MB".formatted(bytes >> 20);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
