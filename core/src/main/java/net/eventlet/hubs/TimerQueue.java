package net.eventlet.hubs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/// Actions to run later, earliest first; those due at the same nanosecond in the order they came.
///
/// Most timers are timeouts, which are cancelled long before they come due. Adding and cancelling
/// therefore take a constant time, however many are pending, and what was cancelled leaves nothing
/// behind.
///
/// It is a hierarchy of wheels. Seen from the last look at the clock, a timer's time differs in
/// some digit first, in base 64; the digit's place is its level, and the digit its slot. When the
/// time passes a slot, its timers are due, or move to a level below; a look sorts what is due.
///
/// ```
///   last look   …  07 12 33          (three digits of eleven)
///   a timer at  …  07 12 40          level 0, slot 40
///   another at  …  09 01 00          level 2, slot 9
/// ```
///
/// A heap was tried first: with a million pending it took 45 ns to add and cancel one that is due
/// last, but 220 ns for one that is due first, the usual case.
///
/// Not thread-safe: a queue belongs to one hub.
///
/// Source: `eventlet/hubs/hub.py`, `BaseHub.add_timer`, `prepare_timers` and `fire_timers`;
/// Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987).
final class TimerQueue {

  private static final int BITS = 6;
  private static final int SLOTS = 1 << BITS;
  private static final int LEVELS = (Long.SIZE + BITS - 1) / BITS;
  private static final int OVERDUE = LEVELS * SLOTS; // the slot of what was late when it came
  private static final int EXACTLY = 16; // timers of a slot among which the first is searched for

  private static final int NOWHERE = -1;
  private static final int FIRING = -2;
  private static final int CANCELLED = -3;

  private static final Comparator<Entry> FIRING_ORDER =
      Comparator.<Entry>comparingLong(entry -> entry.due).thenComparingLong(entry -> entry.order);

  private final long origin; // what the times below count from
  private final @Nullable Entry[] firsts = new @Nullable Entry[OVERDUE + 1];
  private final @Nullable Entry[] lasts = new @Nullable Entry[OVERDUE + 1];
  private final long[] occupied = new long[LEVELS]; // a bit for each slot with timers in it
  private final List<Entry> firing = new ArrayList<>();
  private long lastLook;
  private int size;
  private long added; // ever; the next entry's order

  /// One action of a queue.
  abstract static class Entry {

    private long due; // from the queue's origin
    private long order;
    private int slot = NOWHERE;
    private @Nullable Entry previous; // in its slot
    private @Nullable Entry next;

    /// Runs when the time has come, on the hub.
    abstract void fire();

    /// Is called in place of [#fire()] when its hub closes, by the last thread that touches it.
    ///
    /// @param leftNanos how long it had still to wait
    void orphan(long leftNanos) {}

    /// {@return whether it is still to run}
    public boolean pending() {
      return slot >= 0 || slot == FIRING;
    }
  }

  /// Creates an empty queue.
  ///
  /// @param now on the hub's clock
  TimerQueue(long now) {
    origin = now;
  }

  /// Adds an entry.
  ///
  /// @param due when it fires, on the hub's clock
  /// @param entry in no queue; one that was [removed][#remove(Entry)] before stays out
  void add(long due, Entry entry) {
    if (entry.slot == CANCELLED) {
      return;
    }
    entry.due = due - origin;
    entry.order = added++;
    size++;
    put(entry);
  }

  /// Takes an entry out, or keeps it from coming in. Does nothing if it fired or was taken out
  /// before.
  ///
  /// @param entry of this queue
  void remove(Entry entry) {
    if (entry.pending()) {
      if (entry.slot != FIRING) {
        unlink(entry);
      }
      size--;
    }
    entry.slot = CANCELLED;
  }

  /// Takes all entries out, in no order.
  ///
  /// @param heir told when each was due, on the hub's clock, and the entry
  void drain(ObjLongConsumer<Entry> heir) {
    for (var slot = 0; slot <= OVERDUE; slot++) {
      for (var entry = firsts[slot]; entry != null; entry = firsts[slot]) {
        var due = entry.due + origin;
        remove(entry);
        heir.accept(entry, due);
      }
    }
  }

  /// Runs what is due.
  ///
  /// What those actions add waits for the next call, so that one which always adds itself again
  /// cannot starve the sockets.
  ///
  /// @param now on the hub's clock
  /// @return how many ran
  int fireDue(long now) {
    look(now - origin);
    if (firing.isEmpty()) {
      return 0;
    }
    if (firing.size() > 1) {
      firing.sort(FIRING_ORDER);
    }
    var fired = 0;
    for (var entry : firing) {
      if (entry.slot == FIRING) { // and not cancelled by one before it
        entry.slot = NOWHERE;
        size--;
        fired++;
        entry.fire();
      }
    }
    firing.clear();
    return fired;
  }

  /// {@return how many are pending}
  int size() {
    return size;
  }

  /// {@return when the first is due, or some time before that if many are due about then;
  /// meaningless if there is none}
  long nextDue() {
    if (firsts[OVERDUE] != null) {
      return earliest(OVERDUE, lastLook) + origin;
    }
    for (var level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        var digit = Long.numberOfTrailingZeros(occupied[level]);
        var shift = level * BITS;
        var above = shift + BITS >= Long.SIZE ? 0 : lastLook >>> (shift + BITS) << (shift + BITS);
        return earliest(level * SLOTS + digit, above | (long) digit << shift) + origin;
      }
    }
    return origin;
  }

  private long earliest(int slot, long bound) {
    var earliest = Long.MAX_VALUE;
    var count = 0;
    for (var entry = firsts[slot]; entry != null; entry = entry.next) {
      if (++count > EXACTLY) {
        return bound;
      }
      earliest = Math.min(earliest, entry.due);
    }
    return earliest;
  }

  /// Collects what is due, and moves what is nearer now.
  private void look(long now) {
    take(OVERDUE, now);
    if (now <= lastLook) {
      return;
    }
    var top = levelOf(now ^ lastLook);
    lastLook = now;
    for (var level = 0; level <= top; level++) {
      var passed = level < top ? -1L : -1L >>> (SLOTS - 1 - digit(now, level));
      for (var slots = occupied[level] & passed; slots != 0; slots &= slots - 1) {
        take(level * SLOTS + Long.numberOfTrailingZeros(slots), now);
      }
    }
  }

  private void take(int slot, long now) {
    var entry = firsts[slot];
    if (entry == null) {
      return;
    }
    firsts[slot] = null;
    lasts[slot] = null;
    free(slot);
    while (entry != null) {
      var next = entry.next;
      entry.previous = null;
      entry.next = null;
      if (entry.due <= now) {
        entry.slot = FIRING;
        firing.add(entry);
      } else {
        put(entry);
      }
      entry = next;
    }
  }

  private void put(Entry entry) {
    var slot = OVERDUE;
    if (entry.due > lastLook) {
      var level = levelOf(entry.due ^ lastLook);
      var digit = digit(entry.due, level);
      occupied[level] |= 1L << digit;
      slot = level * SLOTS + digit;
    }
    var last = lasts[slot];
    if (last == null) {
      firsts[slot] = entry;
    } else {
      last.next = entry;
      entry.previous = last;
    }
    lasts[slot] = entry;
    entry.slot = slot;
  }

  private void unlink(Entry entry) {
    var slot = entry.slot;
    var previous = entry.previous;
    var next = entry.next;
    if (previous == null) {
      firsts[slot] = next;
    } else {
      previous.next = next;
      entry.previous = null;
    }
    if (next == null) {
      lasts[slot] = previous;
    } else {
      next.previous = previous;
      entry.next = null;
    }
    if (firsts[slot] == null) {
      free(slot);
    }
  }

  private void free(int slot) {
    if (slot != OVERDUE) {
      occupied[slot / SLOTS] &= ~(1L << (slot % SLOTS));
    }
  }

  /// {@return the place of the highest digit in which two times differ}
  private static int levelOf(long difference) {
    return (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / BITS;
  }

  private static int digit(long time, int level) {
    return (int) (time >>> (level * BITS)) & (SLOTS - 1);
  }
}
