package net.eventlet;

/// What a green thread does that returns nothing.
@FunctionalInterface
public interface Action {

  /// Does it.
  ///
  /// @throws Exception if it fails
  void run() throws Exception;
}
