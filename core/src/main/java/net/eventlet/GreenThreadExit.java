package net.eventlet;

/// Ends a green thread that was killed, whose hub was closed, or that was interrupted from outside.
///
/// Its stack trace is that of the killer.
///
/// Source: `greenlet.GreenletExit`.
public final class GreenThreadExit extends Unwind {

  private static final long serialVersionUID = 1;

  /// Creates one.
  public GreenThreadExit() {
    super("killed");
  }

  GreenThreadExit(String message) {
    super(message);
  }
}
