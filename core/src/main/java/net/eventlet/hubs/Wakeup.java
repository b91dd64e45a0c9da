package net.eventlet.hubs;

/// Why a wait is over. (One that was unwound throws instead.)
public enum Wakeup {
  /// What was waited for is there.
  READY,
  /// The time ran out first.
  TIMED_OUT,
  /// Somebody interrupted the thread, from outside: a kill, for all that does not promise
  /// otherwise.
  INTERRUPTED
}
