package net.eventlet.hubs;

/// Where a hub learns what time it is: the system, a test's variable, or a simulation.
@FunctionalInterface
public interface Clock {

  /// {@return nanoseconds since a moment of its own choosing; never less than before}
  ///
  /// Only differences mean anything, as with [System#nanoTime()].
  long nanoTime();
}
