package net.eventlet.hubs;

/// An entry of a hub's timers that any thread may cancel.
abstract class HubTimer extends TimerQueue.Entry implements Timer {

  private final Hub hub;

  /// Creates a timer that is not scheduled yet.
  ///
  /// @param hub fires it
  HubTimer(Hub hub) {
    this.hub = hub;
  }

  @Override
  public final void cancel() {
    hub.cancel(this);
  }
}
