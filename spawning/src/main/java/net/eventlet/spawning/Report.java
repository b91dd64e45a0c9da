package net.eventlet.spawning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.eventlet.GreenPile;

/// How the children are, in the three forms in which one may ask.
///
/// Source: `spawning/spawning_controller.py`, `status` and `status.json`; the text format of
/// Prometheus, version 0.0.4.
record Report(Map<String, Long> whole, String lastError, List<OfChild> children) {

  /// How one child is.
  ///
  /// @param figures as the child says, with the controller's `uptime_seconds` and `memory_bytes`
  record OfChild(long pid, String state, String lastError, Map<String, Long> figures) {

    static OfChild of(Child child) {
      var figures = new LinkedHashMap<String, Long>();
      figures.put("uptime_seconds", child.uptime().toSeconds());
      figures.put("memory_bytes", child.memory());
      figures.putAll(child.figures());
      var state = child.silent() ? "silent" : nameOf(child);
      return new OfChild(child.pid(), state, child.lastError(), figures);
    }

    private static String nameOf(Child child) {
      return switch (child.state()) {
        case STARTING -> "starting";
        case READY -> child.outgoing() ? "outgoing" : "ready";
        case DRAINING -> "draining";
      };
    }
  }

  /// Asks every child at once how it is; one that does not answer in time is `silent`.
  static Report collect(Controller controller) throws Exception {
    var asking = new GreenPile<Void>(controller.children().size() + 1);
    for (var child : controller.children()) {
      asking.spawn(() -> {
        child.ask();
        return null;
      });
    }
    asking.forEach(_ -> {});
    var children = controller.children().stream().map(OfChild::of).toList();
    var whole = new LinkedHashMap<String, Long>();
    whole.put("uptime_seconds", controller.uptime().toSeconds());
    whole.put("children_wanted", (long) controller.processes());
    whole.put("children_ready", controller.children().stream().filter(Child::serves).count());
    whole.put("children_started", controller.startedInAll());
    whole.put("children_died", controller.diedInAll());
    return new Report(whole, controller.lastError(), children);
  }

  boolean ready() {
    return whole.getOrDefault("children_ready", 0L) > 0;
  }

  String json() {
    var text = new StringBuilder("{\n");
    whole.forEach((name, value) -> text.append("  \"%s\": %d,\n".formatted(name, value)));
    return text.append("  \"last_error\": %s,\n".formatted(quote(lastError)))
        .append("  \"children\": [")
        .append(children.stream().map(Report::json).collect(Collectors.joining(",")))
        .append("\n  ]\n}\n")
        .toString();
  }

  private static String json(OfChild child) {
    var text =
        new StringBuilder(
            "\n    {\"pid\": %d, \"state\": %s".formatted(child.pid, quote(child.state)));
    child.figures.forEach((name, value) -> text.append(", \"%s\": %d".formatted(name, value)));
    return text.append(", \"last_error\": ").append(quote(child.lastError)).append('}').toString();
  }

  private static String quote(String text) {
    var result = new StringBuilder("\"");
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '"' || c == '\\') {
        result.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        result.append("\\u%04x".formatted((int) c));
      } else {
        result.append(c);
      }
    }
    return result.append('"').toString();
  }

  String prometheus() {
    var text = new StringBuilder();
    whole.forEach((name, value) -> {
      text.append("# TYPE spawn_").append(name).append(" gauge\n");
      text.append("spawn_%s %d\n".formatted(name, value));
    });
    for (var name : figureNames()) {
      text.append("# TYPE spawn_child_").append(name).append(" gauge\n");
      for (var child : children) {
        var value = child.figures.get(name);
        if (value != null) {
          text.append("spawn_child_%s{pid=\"%d\"} %d\n".formatted(name, child.pid, value));
        }
      }
    }
    return text.toString();
  }

  private TreeSet<String> figureNames() {
    return children.stream()
        .flatMap(child -> child.figures.keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  String html() {
    var names = figureNames();
    var text =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
            <title>spawn: %d of %d children serve</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #222 }
            table { border-collapse: collapse } th, td { padding: .3rem .8rem; text-align: right }
            th { border-bottom: 2px solid #888; font-weight: 600 } tr:nth-child(even) { background: #f3f3f3 }
            .starting, .draining, .outgoing { color: #a60 } .silent, .error { color: #b00 } .ready { color: #070 }
            @media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd }
              tr:nth-child(even) { background: #222 } .ready { color: #6c6 } .silent, .error { color: #f77 } }
            </style></head><body><h1>%d of %d children serve</h1>
            """
                .formatted(
                    of("children_ready"),
                    of("children_wanted"),
                    of("children_ready"),
                    of("children_wanted")));
    whole.forEach(
        (name, value) -> text.append("<div>%s: %d</div>\n".formatted(words(name), value)));
    if (!lastError.isEmpty()) {
      text.append("<p class=\"error\">last error: %s</p>\n".formatted(escape(lastError)));
    }
    text.append("<table><tr><th>pid</th><th>state</th>");
    names.forEach(name -> text.append("<th>%s</th>".formatted(words(name))));
    text.append("<th>last error</th></tr>\n");
    for (var child : children) {
      text.append(
          "<tr><td>%d</td><td class=\"%s\">%s</td>".formatted(child.pid, child.state, child.state));
      names.forEach(name -> {
        var value = child.figures.get(name);
        text.append("<td>%s</td>".formatted(value == null ? "" : value));
      });
      text.append("<td class=\"error\">%s</td></tr>\n".formatted(escape(child.lastError)));
    }
    return text.append("</table></body></html>\n").toString();
  }

  private long of(String name) {
    return whole.getOrDefault(name, 0L);
  }

  private static String words(String name) {
    return name.replace('_', ' ');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
