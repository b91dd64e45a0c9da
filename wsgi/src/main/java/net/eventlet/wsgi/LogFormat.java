package net.eventlet.wsgi;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;

/// How a line of an access log tells of a request.
///
/// In each of them, what a client could put in to forge a line is escaped.
@FunctionalInterface
public interface LogFormat {

  /// Eventlet's own: `127.0.0.1 - - [28/Nov/2026 14:36:31] "GET / HTTP/1.1" 200 13 0.000142`, which
  /// ends with bytes of the body, and seconds.
  LogFormat EVENTLET =
      exchange ->
          "%s - - [%s] \"%s\" %d %d %s"
              .formatted(
                  exchange.client(),
                  LogTimes.eventlet(exchange.ended()),
                  escaped(exchange.requestLine()),
                  exchange.status(),
                  exchange.bodyBytes(),
                  seconds(exchange.took()));

  /// The web servers' common one, which Apache calls `common`.
  LogFormat COMMON =
      exchange ->
          "%s - - [%s] \"%s\" %d %d"
              .formatted(
                  exchange.client(),
                  LogTimes.common(exchange.ended()),
                  escaped(exchange.requestLine()),
                  exchange.status(),
                  exchange.bodyBytes());

  /// The same with `Referer` and `User-Agent`, which Apache calls `combined`.
  LogFormat COMBINED =
      exchange ->
          "%s \"%s\" \"%s\""
              .formatted(
                  COMMON.line(exchange), orDash(exchange.referer()), orDash(exchange.userAgent()));

  /// One JSON object a line: `time`, `client`, `method`, `target`, `status`, `bytes`, `seconds`,
  /// `referer`, `user_agent`.
  LogFormat JSON =
      exchange ->
          "{\"time\":\"%s\",\"client\":%s,\"method\":%s,\"target\":%s,\"status\":%d,\"bytes\":%d,\"seconds\":%s,\"referer\":%s,\"user_agent\":%s}"
              .formatted(
                  exchange.ended(),
                  quoted(exchange.client()),
                  quoted(exchange.method()),
                  quoted(exchange.target()),
                  exchange.status(),
                  exchange.bodyBytes(),
                  seconds(exchange.took()),
                  quoted(exchange.referer()),
                  quoted(exchange.userAgent()));

  /// {@return the line, without its end}
  ///
  /// @param exchange to tell of
  String line(Exchange exchange);

  /// {@return a format in Eventlet's notation, such as `%(client_ip)s "%(request_line)s"`}
  ///
  /// @param pattern with any of `client_ip`, `client_port`, `date_time`, `request_line`,
  ///   `status_code`, `body_length` and `wall_seconds`, each as `%(name)s`, the last with `.6f` for
  ///   `s` as well
  /// @throws IllegalArgumentException if it has another
  static LogFormat of(String pattern) {
    var pieces = pattern.split("(?=%\\()", -1);
    for (var piece : pieces) {
      if (piece.startsWith("%(")
          && !piece.matches(
              "(?s)%\\((client_ip|client_port|date_time|request_line|status_code|body_length|wall_seconds)\\)(s|\\.6f).*")) {
        throw new IllegalArgumentException("a log format has no '" + piece + "'");
      }
    }
    return exchange -> {
      var line = new StringBuilder();
      for (var piece : pieces) {
        var end = piece.startsWith("%(") ? piece.indexOf(')') : -1;
        if (end < 0) {
          line.append(piece);
          continue;
        }
        line.append(
            switch (piece.substring(2, end)) {
              case "client_ip" -> exchange.client();
              case "client_port" -> exchange.port();
              case "date_time" -> LogTimes.eventlet(exchange.ended());
              case "request_line" -> escaped(exchange.requestLine());
              case "status_code" -> exchange.status();
              case "body_length" -> exchange.bodyBytes();
              default -> seconds(exchange.took());
            });
        line.append(piece.substring(end + (piece.startsWith(")s", end) ? 2 : 4)));
      }
      return line.toString();
    };
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.6f", time.toNanos() / 1e9);
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : escaped(text);
  }

  private static String escaped(String text) {
    var line = new StringBuilder();
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ' || c >= 0x7f) {
        line.append('\\').append('x').append(HexFormat.of().toHexDigits((byte) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  private static String quoted(String text) {
    var line = new StringBuilder("\"");
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < ' ' || c >= 0x7f) {
        line.append('\\').append('u').append(HexFormat.of().toHexDigits(c));
      } else {
        line.append(c);
      }
    }
    return line.append('"').toString();
  }
}
