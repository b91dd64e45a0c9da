package net.eventlet.spawning;

import java.time.Duration;
import java.util.regex.Pattern;

/// Times as one writes them on a command line, and reads them on a page.
final class Times {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|[smhd]?)");

  private Times() {}

  /// {@return what a text such as `90s` says; a bare number means seconds}
  ///
  /// @throws IllegalArgumentException if it is no such text
  static Duration parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time: a number with ms, s, m, h or d behind it, as in 90s");
    }
    var count = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }

  /// {@return a time in its two largest units: `10d 14h`, `3h 20m`, `12m`, `15s`}
  ///
  /// Source: `spawning/spawning_controller.py`, uptime on the status page.
  static String show(Duration time) {
    if (time.toDays() > 0) {
      return "%dd %dh".formatted(time.toDays(), time.toHoursPart());
    }
    if (time.toHours() > 0) {
      return "%dh %dm".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
  }
}
