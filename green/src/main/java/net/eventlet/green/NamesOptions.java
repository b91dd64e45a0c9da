package net.eventlet.green;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How names are looked up.
///
/// @param threads that ask the system's resolver at once; more look-ups wait
/// @param limit longest look-up on a hub, waiting for a thread included
record NamesOptions(int threads, Duration limit) {

  NamesOptions {
    if (threads <= 0 || !limit.isPositive()) {
      throw new IllegalArgumentException(
          "looking names up takes threads and time: threads=%d limit=%s".formatted(threads, limit));
    }
  }

  /// {@return what `eventlet.names.threads` and `eventlet.names.limit` say, the latter in seconds,
  /// or the environment's `EVENTLET_NAMES_THREADS` and `EVENTLET_NAMES_LIMIT`; else 20 threads and
  /// 30 seconds}
  static NamesOptions ofSystem() {
    var threads = setting("eventlet.names.threads");
    var limit = setting("eventlet.names.limit");
    try {
      return new NamesOptions(
          threads == null ? 20 : Integer.parseInt(threads),
          limit == null
              ? Duration.ofSeconds(30)
              : Duration.ofNanos(Math.round(Double.parseDouble(limit) * 1e9)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "eventlet.names.threads and eventlet.names.limit must be numbers: %s, %s"
              .formatted(threads, limit),
          e);
    }
  }

  private static @Nullable String setting(String name) {
    var property = System.getProperty(name);
    return property != null
        ? property
        : System.getenv(name.toUpperCase(Locale.ROOT).replace('.', '_'));
  }
}
