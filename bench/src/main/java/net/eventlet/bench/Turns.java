package net.eventlet.bench;

import java.util.concurrent.locks.LockSupport;

/// What does it cost that one thread wakes another and waits to be woken itself?
///
/// Two threads of any kind take turns, each parked while it is the other's. Used for the hand-off
/// inside a scheduler and for the wake-up from outside of it.
///
/// Run: through [BareScheduler], [EventletMicro], [EventletWake] and their peers.
final class Turns {

  private volatile boolean followersTurn;
  private volatile Thread leader = Thread.currentThread();
  private volatile Thread follower = Thread.currentThread();

  /// Takes every other turn, from the first one on. The follower must have been started.
  ///
  /// @param rounds how many turns of its own
  void lead(int rounds) {
    leader = Thread.currentThread();
    for (var i = 0; i < rounds; i++) {
      followersTurn = true;
      LockSupport.unpark(follower);
      while (followersTurn) {
        LockSupport.park(this);
      }
    }
  }

  /// Takes every other turn, from the second one on.
  ///
  /// @param rounds how many turns of its own
  void follow(int rounds) {
    for (var i = 0; i < rounds; i++) {
      while (!followersTurn) {
        LockSupport.park(this);
      }
      followersTurn = false;
      LockSupport.unpark(leader);
    }
  }

  /// Names the follower, before anybody takes a turn.
  ///
  /// @param thread that calls [#follow(int)]
  void follower(Thread thread) {
    follower = thread;
  }
}
