package net.eventlet;

import org.jspecify.annotations.Nullable;

/// Unwinds a green thread on purpose.
///
/// An [Error], so that `catch (Exception e)` in the user's code lets it pass; Eventlet derives both
/// from `BaseException` for the same reason.
public abstract sealed class Unwind extends Error permits Timeout, GreenThreadExit {

  private static final long serialVersionUID = 1;

  /// For the permitted kinds.
  ///
  /// @param message what unwinds, and why; null if the kind says so itself
  protected Unwind(@Nullable String message) {
    super(message);
  }
}
