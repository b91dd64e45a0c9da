package net.eventlet.hubs;

/// The end of a time that several waits share.
public final class Deadline {

  private final long limitNanos;
  private final Clock clock;
  private final long begin;

  /// Begins.
  ///
  /// @param limitNanos how long; [Long#MAX_VALUE] for ever
  public Deadline(long limitNanos) {
    this.limitNanos = limitNanos;
    clock = Hub.clockHere();
    begin = limitNanos == Long.MAX_VALUE ? 0 : clock.nanoTime();
  }

  /// {@return what is left, in nanoseconds, not below 0; [Long#MAX_VALUE] for ever}
  public long left() {
    return limitNanos == Long.MAX_VALUE
        ? limitNanos
        : Math.max(0, limitNanos - (clock.nanoTime() - begin));
  }
}
