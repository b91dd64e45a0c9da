package net.eventlet.patcher;

/// A part of the standard library, as Eventlet names them, whose calls can be made to cooperate.
///
/// Source: the keyword arguments of `monkey_patch` in `eventlet/patcher.py`.
public enum Module {
  /// Sockets. The JDK's wait on the hub as they are.
  SOCKET,
  /// Selectors. The JDK's wait on the hub as they are.
  SELECT,
  /// Name look-ups.
  DNS,
  /// Threads, pools of them, and timers.
  THREAD,
  /// Sleeping. The JDK's `sleep` waits on the hub as it is.
  TIME,
  /// Standard input.
  OS,
  /// Child processes.
  SUBPROCESS
}
