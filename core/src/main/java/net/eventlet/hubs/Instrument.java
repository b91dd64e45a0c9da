package net.eventlet.hubs;

/// Something that looks on while a hub works: tracing, a detector, a simulation's record.
///
/// All methods are called on the hub's carrier and do nothing by default. They must not park, nor
/// throw. A hub without instruments spends nothing on them.
///
/// Source: trio's `Instrument`.
public interface Instrument {

  /// A green thread was started; it waits for its first turn.
  ///
  /// @param fiber the new one
  default void created(Fiber fiber) {}

  /// A green thread's turn begins.
  ///
  /// @param fiber whose turn it is
  default void running(Fiber fiber) {}

  /// A green thread's turn is over, and it is not at its end.
  ///
  /// @param fiber whose turn it was
  default void suspended(Fiber fiber) {}

  /// A green thread has ended.
  ///
  /// @param fiber which one
  default void terminated(Fiber fiber) {}

  /// The hub looked at its descriptors.
  ///
  /// @param ready how many were ready
  /// @param timeoutNanos how long it was willing to wait; 0 not at all, negative for ever
  default void polled(int ready, long timeoutNanos) {}
}
