package net.eventlet.hubs;

/// The system's monotonic clock.
final class SystemClock implements Clock {

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
