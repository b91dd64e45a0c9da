package net.eventlet.wsgi;

import java.time.Duration;
import net.eventlet.hubs.Durations;

/// How long a client may still be waited for, given how fast it has been: at one lowest rate, with
/// some slack, over one request.
final class Budget {

  private final long slackNanos;
  private final int bytesPerSecond; // 0: any
  private long bytes;
  private long waitedNanos;

  Budget(TimeLimits limits) {
    slackNanos = Durations.nanos(limits.slack());
    bytesPerSecond = limits.bytesPerSecond();
  }

  /// Begins anew.
  void reset() {
    bytes = 0;
    waitedNanos = 0;
  }

  /// Takes down what a wait brought.
  void spend(long nanos, long bytes) {
    waitedNanos += nanos;
    this.bytes += bytes;
  }

  /// {@return whether it has been slower}
  boolean spent() {
    return left() <= 0;
  }

  /// {@return how long the next wait may be: not longer than a limit, and at least a millisecond,
  /// after which [#spent()] tells}
  Duration bound(Duration limit) {
    if (bytesPerSecond == 0 || left() >= Durations.nanos(limit)) {
      return limit;
    }
    return Duration.ofNanos(Math.max(1_000_000, left()));
  }

  private long left() {
    return bytesPerSecond == 0
        ? Long.MAX_VALUE
        : slackNanos + (long) (bytes * 1e9 / bytesPerSecond) - waitedNanos;
  }
}
