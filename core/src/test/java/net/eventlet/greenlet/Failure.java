package net.eventlet.greenlet;

/// What bodies fail with: checked, since a greenlet throws that too.
final class Failure extends Exception {

  private static final long serialVersionUID = 1;

  /// @param message to tell it by
  Failure(String message) {
    super(message);
  }
}
