package net.eventlet.hubs;

/// How long a hub with nothing to do looks out for work from other threads before it goes to sleep.
///
/// To be woken costs several microseconds, more than an answer from a hub that runs on another
/// processor takes. So while sleeps end soon, and by another thread, the hub looks out for a while;
/// each time in vain halves that, down to nothing. Descriptors and timers are not kept waiting for
/// longer than some ten microseconds by it.
///
/// Source: the adaptive spinning of the JDK's `SynchronousQueue`, and of mutexes.
final class Anticipation {

  private static final int LOOKS_MAX = Runtime.getRuntime().availableProcessors() > 1 ? 1000 : 0;
  private static final int LOOKS_FIRST = 100;
  private static final long SOON_NANOS = 100_000;

  private int looks;

  /// Looks out for work.
  ///
  /// @param remote where it comes from
  void await(RemoteQueue remote) {
    for (var i = 0; i < looks; i++) {
      if (!remote.isEmpty()) {
        return;
      }
      Thread.onSpinWait();
    }
    looks /= 2;
  }

  /// Learns from a sleep.
  ///
  /// @param byThread whether another thread ended it
  /// @param nanos how long it was
  void slept(boolean byThread, long nanos) {
    looks = byThread && nanos < SOON_NANOS ? Math.min(LOOKS_MAX, 2 * looks + LOOKS_FIRST) : 0;
  }
}
