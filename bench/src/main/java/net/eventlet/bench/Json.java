package net.eventlet.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The little JSON that programs print and results are written in.
final class Json {

  private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\"\\s*:\\s*(-?[0-9.eE+-]+)");
  private static final Pattern ROW = Pattern.compile("\"row\"\\s*:\\s*\"([^\"]*)\"");

  private Json() {}

  /// {@return the row that a line is about; empty if it is about none}
  ///
  /// @param line that a program printed
  static Optional<String> row(String line) {
    var matcher = ROW.matcher(line);
    return line.startsWith("{") && matcher.find()
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  /// {@return the figures in a line, by name}
  ///
  /// @param line a flat object that a program printed
  static Map<String, Double> figures(String line) {
    var figures = new LinkedHashMap<String, Double>();
    for (var matcher = NUMBER.matcher(line); matcher.find(); ) {
      figures.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
    }
    return figures;
  }

  /// {@return a value as JSON}
  ///
  /// @param value a map, a list, an optional, a number or something whose text is meant
  static String write(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> text(entry.getKey().toString()) + ":" + write(entry.getValue()))
              .collect(Collectors.joining(",\n", "{", "}"));
      case List<?> list ->
          list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
      case Optional<?> optional -> optional.map(Json::write).orElse("null");
      case Number number -> number.toString();
      default -> text(value.toString());
    };
  }

  private static String text(String text) {
    var escaped = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            escaped.append('\\').append((char) c);
          } else if (c < ' ') {
            escaped.append("\\u%04x".formatted(c));
          } else {
            escaped.append((char) c);
          }
        });
    return escaped.append('"').toString();
  }
}
