package net.eventlet.wsgi;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How access logs write times, in the system's zone.
final class LogTimes {

  private static final DateTimeFormatter EVENTLET = form("dd/MMM/yyyy HH:mm:ss");
  private static final DateTimeFormatter COMMON = form("dd/MMM/yyyy:HH:mm:ss Z");

  private LogTimes() {}

  private static DateTimeFormatter form(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneId.systemDefault());
  }

  static String eventlet(Instant time) {
    return EVENTLET.format(time);
  }

  static String common(Instant time) {
    return COMMON.format(time);
  }
}
