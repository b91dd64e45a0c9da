package net.eventlet.bench;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// What was measured, as one HTML page with plots that needs nothing but itself.
///
/// @param report what to show
record Page(Report report) {

  private static final int LABEL = 270;
  private static final int PLOT = 430;
  private static final int FIGURE = 150;
  private static final int BAR = 26;

  /// A bar longer than so many times ours is cut, or one slow peer would hide the rest.
  private static final double CUT = 5;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1c2733; --soft: #5d6b7a; --line: #d8dee5;
        --ours: #0b7a5f; --ours-soft: #7cc3ae; --peer: #7b8a9a; --peer-soft: #bcc6d0; --page: #fff;
        --bad: #b3261e; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa7b4;
        --line: #35404b; --ours: #3fbf9b; --ours-soft: #1f6b57; --peer: #8795a4;
        --peer-soft: #4d5965; --page: #14191f; --bad: #ff8a80; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);
        max-width: 860px; margin: 2.5rem auto; padding: 0 1rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 0; }
      p { color: var(--soft); margin: .2rem 0 .8rem; }
      table { border-collapse: collapse; margin: .5rem 0 1rem; }
      td, th { padding: .15rem .8rem .15rem 0; border-bottom: 1px solid var(--line);
        text-align: left; vertical-align: top; }
      .met { color: var(--ours); } .missed { color: var(--bad); }
      svg { width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif;
        fill: var(--ink); } svg .soft { fill: var(--soft); }
      .ours { fill: var(--ours); } .ours-soft { fill: var(--ours-soft); }
      .peer { fill: var(--peer); } .peer-soft { fill: var(--peer-soft); }
      .spread { stroke: var(--ink); stroke-width: 1.5; } .cut { fill: var(--page); }
      """;

  /// {@return the page}
  String html() {
    var text = new StringBuilder();
    text.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    text.append("<meta name=\"viewport\" content=\"width=device-width\">\n");
    text.append("<title>Eventlet for Java beside its peers</title>\n");
    text.append("<style>\n").append(STYLE).append("</style>\n");
    text.append("<h1>Eventlet for Java beside its peers</h1>\n");
    text.append("<p>").append(escape(report.method())).append("</p>\n<table>\n");
    report
        .facts()
        .forEach((name, value) ->
            text.append(
                "<tr><th>%s</th><td>%s</td></tr>\n".formatted(escape(name), escape(value))));
    text.append("</table>\n");
    for (var outcome : report.outcomes()) {
      text.append(
          "<h2 id=\"%s\">%s</h2>\n"
              .formatted(outcome.row().id(), escape(outcome.row().question())));
      text.append(
          "<p>%s, %s; less is better.%s</p>\n"
              .formatted(
                  escape(outcome.row().id()),
                  escape(outcome.row().unit()),
                  outcome.ofServers() ? " Dark is user time, light is the kernel's." : ""));
      text.append(plot(outcome));
      text.append(goals(outcome));
      for (var result : outcome.results().values()) {
        result
            .trouble()
            .ifPresent(trouble ->
                text.append(
                    "<p>%s: %s.</p>\n".formatted(escape(result.contender()), escape(trouble))));
      }
    }
    return text.append("</html>\n").toString();
  }

  private static String goals(Row.Outcome outcome) {
    var text = new StringBuilder();
    for (var verdict : outcome.verdicts()) {
      text.append(
          "<tr><td>%s</td><td>%s</td><td class=\"%s\">%s</td></tr>\n"
              .formatted(
                  escape(verdict.goal().text()),
                  escape(verdict.figure()),
                  verdict.word().replace(' ', '-'),
                  verdict.word()));
    }
    return text.isEmpty() ? "" : "<table>\n" + text + "</table>\n";
  }

  private static String plot(Row.Outcome outcome) {
    var metric = outcome.row().metric();
    var measured =
        outcome.results().values().stream()
            .filter(result -> result.median(metric).isPresent())
            .toList();
    if (measured.isEmpty()) {
      return "";
    }
    var greatest =
        measured.stream()
            .map(result -> result.median(metric).orElseThrow())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    var reference =
        Optional.ofNullable(outcome.results().get(Rows.OURS))
            .flatMap(result -> result.median(metric))
            .or(() ->
                measured.stream()
                    .map(result -> result.median(metric).orElseThrow())
                    .min(Comparator.naturalOrder()))
            .orElseThrow();
    var scale = PLOT / Math.max(Math.min(greatest, CUT * reference), 1e-9);
    var text = new StringBuilder();
    text.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(
                LABEL + PLOT + FIGURE,
                BAR * measured.size(),
                escape(outcome.row().question() + ", in " + outcome.row().unit())));
    for (var i = 0; i < measured.size(); i++) {
      text.append(bar(outcome, measured.get(i), i * BAR, scale));
    }
    return text.append("</svg>\n").toString();
  }

  private static String bar(Row.Outcome outcome, Result result, int y, double scale) {
    var metric = outcome.row().metric();
    var median = result.median(metric).orElseThrow();
    var length = Math.min(median * scale, PLOT);
    var cut = median * scale > PLOT + 1;
    var colour = result.contender().startsWith(Rows.OURS) ? "ours" : "peer";
    var user = result.median("user_us").map(value -> Math.min(value / median, 1)).orElse(1.0);
    var text = new StringBuilder();
    text.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n"
            .formatted(LABEL - 8, y + 17, escape(result.contender())));
    text.append(rectangle(LABEL, y + 4, length * user, BAR - 9, colour));
    if (user < 1) {
      text.append(
          rectangle(LABEL + length * user, y + 4, length * (1 - user), BAR - 9, colour + "-soft"));
    }
    var end = LABEL + length;
    if (cut) {
      text.append(rectangle(LABEL + PLOT - 22.0, y + 2, 4, BAR - 5, "cut"));
      text.append(rectangle(LABEL + PLOT - 14.0, y + 2, 4, BAR - 5, "cut"));
    } else if (result.samples().size() > 1) {
      var from = LABEL + result.least(metric).orElseThrow() * scale;
      var to = LABEL + Math.min(result.most(metric).orElseThrow() * scale, PLOT);
      end = Math.max(end, to);
      text.append(
          String.format(
              Locale.ROOT,
              "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
              from,
              to,
              y + 12,
              y + 12));
    }
    var ratio = Report.ratio(outcome, result);
    text.append(
        "<text x=\"%d\" y=\"%d\">%s <tspan class=\"soft\">%s</tspan></text>\n"
            .formatted(
                (int) (end + 8),
                y + 17,
                Report.number(Optional.of(median)),
                ratio.equals("–") ? "" : "ours " + ratio + " ×"));
    return text.toString();
  }

  private static String rectangle(double x, double y, double width, double height, String colour) {
    return String.format(
        Locale.ROOT,
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
        colour,
        x,
        y,
        Math.max(width, 0),
        height);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
