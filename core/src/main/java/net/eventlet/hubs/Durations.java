package net.eventlet.hubs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Durations in the hub's own unit.
public final class Durations {

  /// The longest time that a hub waits for anything: 73 years.
  static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private Durations() {}

  /// {@return a time in nanoseconds; one that is too long for them is as long as can be}
  ///
  /// @param time any
  public static long nanos(Duration time) {
    Objects.requireNonNull(time, "a duration");
    if (time.toSeconds() > LONGEST_NANOS / 1_000_000_000) {
      return LONGEST_NANOS;
    }
    return time.toSeconds() < -LONGEST_NANOS / 1_000_000_000 ? -LONGEST_NANOS : time.toNanos();
  }

  /// {@return a time in seconds, such as `0.25 s`}
  ///
  /// @param time any
  public static String text(Duration time) {
    return new BigDecimal(BigInteger.valueOf(nanos(time)), 9).stripTrailingZeros().toPlainString()
        + " s";
  }

  /// {@return what a [Waiter] takes: nanoseconds, 0 or more, or [Long#MAX_VALUE] for ever}
  ///
  /// @param limit null for ever
  public static long limitNanos(@Nullable Duration limit) {
    return limit == null ? Long.MAX_VALUE : Math.max(0, nanos(limit));
  }
}
