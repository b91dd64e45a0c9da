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
}
