package net.eventlet.wsgi.websocket;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/// Things that connections lend while they have a use for them. Safe from any thread.
///
/// @param <T> what
final class Spares<T> {

  private final Supplier<T> make;
  private final int keptMax;
  private final ArrayDeque<T> free = new ArrayDeque<>();

  Spares(Supplier<T> make, int keptMax) {
    this.make = make;
    this.keptMax = keptMax;
  }

  /// {@return a spare one, or a new one}
  T lend() {
    synchronized (free) {
      var spare = free.pollLast();
      if (spare != null) {
        return spare;
      }
    }
    return make.get();
  }

  /// Takes one back.
  ///
  /// @return whether it is kept; otherwise it is the caller's to end
  boolean giveBack(T spare) {
    synchronized (free) {
      return free.size() < keptMax && free.add(spare);
    }
  }
}
