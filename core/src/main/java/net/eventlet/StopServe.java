package net.eventlet;

/// Ends a server when one of its handlers throws it.
///
/// Source: `eventlet/convenience.py`, `StopServe`.
public final class StopServe extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Creates one.
  public StopServe() {
    super("the server was asked to stop");
  }
}
