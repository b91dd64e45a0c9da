package net.eventlet;

import net.eventlet.hubs.Waiter;
import org.jspecify.annotations.Nullable;

/// Those who wait for the same thing, first come first served.
///
/// Not thread-safe: the primitive that owns it guards it with its lock. To wait takes three steps:
/// join the line under the lock, wait without it, and leave the line under the lock if nobody took
/// one out of it.
///
/// @param <W> what carries what is handed over
final class WaitLine<W extends WaitLine.Place<W>> {

  private @Nullable W first;
  private @Nullable W last;
  private int length;

  /// One who waits, in a line or in none.
  ///
  /// @param <W> itself
  abstract static class Place<W extends Place<W>> extends Waiter {

    private @Nullable W ahead;
    private @Nullable W behind;
    private boolean inLine;
  }

  /// One who waits for no more than a turn.
  static final class Plain extends Place<Plain> {}

  /// Joins the line at its end.
  ///
  /// @param place in no line
  /// @return the same
  W join(W place) {
    Place<W> joining = place;
    joining.inLine = true;
    joining.ahead = last;
    if (last == null) {
      first = place;
    } else {
      ((Place<W>) last).behind = place;
    }
    last = place;
    length++;
    return place;
  }

  /// Leaves the line, from wherever in it; does nothing if it was taken out before.
  ///
  /// @param place joined before
  void leave(W place) {
    Place<W> leaving = place;
    if (!leaving.inLine) {
      return;
    }
    leaving.inLine = false;
    if (leaving.ahead == null) {
      first = leaving.behind;
    } else {
      ((Place<W>) leaving.ahead).behind = leaving.behind;
    }
    if (leaving.behind == null) {
      last = leaving.ahead;
    } else {
      ((Place<W>) leaving.behind).ahead = leaving.ahead;
    }
    leaving.ahead = null;
    leaving.behind = null;
    length--;
  }

  /// {@return the first whose wait can still be ended, taken out; null if there is none}
  ///
  /// The caller fills it in and then wakes it; if it was unwound in between, it takes the next.
  @Nullable W take() {
    while (first != null) {
      var taken = first;
      leave(taken);
      if (taken.waiting()) {
        return taken;
      }
    }
    return null;
  }

  /// {@return the first, left where it is; null if there is none}
  @Nullable W first() {
    return first;
  }

  /// {@return how many are in the line}
  int length() {
    return length;
  }

  /// {@return whether nobody is in the line}
  boolean isEmpty() {
    return first == null;
  }

  /// Wakes the first whose wait can still be ended.
  ///
  /// @return it, taken out; null if there was none
  @Nullable W wakeOne() {
    for (var taken = take(); taken != null; taken = take()) {
      if (taken.wake()) {
        return taken;
      }
    }
    return null;
  }

  /// Wakes all, in order.
  void wakeAll() {
    while (wakeOne() != null) {}
  }
}
