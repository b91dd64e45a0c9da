package net.eventlet.greenlet;

/// Ends a greenlet quietly: out of its body it does not fail the parent, but is what the parent's
/// pending switch returns.
///
/// An [Error], so that `catch (Exception e)` lets it pass, as its source derives from
/// `BaseException`. What kills a green thread is another, [net.eventlet.GreenThreadExit], and fails
/// the parents as any error does.
///
/// Source: `greenlet.GreenletExit`.
public final class GreenletExit extends Error {

  private static final long serialVersionUID = 1;

  /// Creates one.
  public GreenletExit() {
    super("the greenlet is to end");
  }
}
