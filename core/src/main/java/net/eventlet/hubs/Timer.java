package net.eventlet.hubs;

/// Something that a hub does later, unless it is cancelled first.
public interface Timer {

  /// Makes sure that it is not done, unless it was already. May be called from any thread.
  void cancel();

  /// {@return whether it is still to be done; seen from another thread, it may be a moment old}
  boolean pending();
}
