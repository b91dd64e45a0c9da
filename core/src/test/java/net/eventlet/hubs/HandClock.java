package net.eventlet.hubs;

import java.time.Duration;

/// A clock that stands still until it is moved.
final class HandClock implements Clock {

  private volatile long now;

  @Override
  public long nanoTime() {
    return now;
  }

  /// Moves it; by the hub's carrier only.
  void advance(long nanos) {
    now += nanos;
  }

  /// {@return how far it was moved, ever}
  Duration elapsed() {
    return Duration.ofNanos(now);
  }
}
