package net.eventlet.hubs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Actions to run later, earliest first; those due at the same nanosecond in the order they came.
///
/// A heap of four children a node, whose deadlines lie in an array of their own, so that a step
/// reads one line of memory. Each timer knows its place: cancelling takes it out at once, so that what
/// was cancelled costs nothing later. Adding and cancelling take O(log n), firing the same for each.
///
/// Not thread-safe: a queue belongs to one hub.
///
/// Source: `eventlet/hubs/hub.py`, `BaseHub.add_timer`, `prepare_timers` and `fire_timers`.
final class TimerQueue {

  private static final int CHILDREN = 4;

  private long[] dueNanos = new long[16];
  private @Nullable Entry[] entries = new @Nullable Entry[16];
  private int size;
  private long added; // ever; the next entry's order

  /// One action of a queue.
  abstract static class Entry {

    private long order;
    private int place = -1; // in the heap; -1 once fired, cancelled, or not yet added

    /// Runs when the time has come, on the hub.
    abstract void fire();

    /// {@return whether it is still in its queue}
    public boolean pending() {
      return place >= 0;
    }
  }

  /// Adds an entry.
  ///
  /// @param due when it fires, on the hub's clock
  /// @param entry in no queue
  void add(long due, Entry entry) {
    if (size == entries.length) {
      dueNanos = Arrays.copyOf(dueNanos, size * 2);
      entries = Arrays.copyOf(entries, size * 2);
    }
    entry.order = added++;
    rise(size++, due, entry);
  }

  /// Takes an entry out. Does nothing if it fired or was taken out before.
  ///
  /// @param entry of this queue
  void remove(Entry entry) {
    var place = entry.place;
    if (place < 0) {
      return;
    }
    entry.place = -1;
    var last = --size;
    var moved = at(last);
    var due = dueNanos[last];
    entries[last] = null;
    if (place == last) {
      return;
    }
    if (place > 0 && before(due, moved, (place - 1) / CHILDREN)) {
      rise(place, due, moved);
    } else {
      sink(place, due, moved);
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
    var firstNew = added;
    var fired = 0;
    while (size > 0 && dueNanos[0] - now <= 0 && at(0).order < firstNew) {
      var entry = at(0);
      remove(entry);
      fired++;
      entry.fire();
    }
    return fired;
  }

  /// {@return how many are pending}
  int size() {
    return size;
  }

  /// {@return when the first is due; meaningless if there is none}
  long nextDue() {
    return dueNanos[0];
  }

  private void rise(int from, long due, Entry entry) {
    var place = from;
    while (place > 0) {
      var parent = (place - 1) / CHILDREN;
      if (!before(due, entry, parent)) {
        break;
      }
      put(place, dueNanos[parent], at(parent));
      place = parent;
    }
    put(place, due, entry);
  }

  private void sink(int from, long due, Entry entry) {
    var place = from;
    while (true) {
      var first = place * CHILDREN + 1;
      if (first >= size) {
        break;
      }
      var least = first;
      var end = Math.min(first + CHILDREN, size);
      for (var child = first + 1; child < end; child++) {
        if (before(dueNanos[child], at(child), least)) {
          least = child;
        }
      }
      if (before(due, entry, least)) {
        break;
      }
      put(place, dueNanos[least], at(least));
      place = least;
    }
    put(place, due, entry);
  }

  private boolean before(long due, Entry entry, int other) {
    var difference = due - dueNanos[other];
    return difference < 0 || difference == 0 && entry.order < at(other).order;
  }

  private void put(int place, long due, Entry entry) {
    dueNanos[place] = due;
    entries[place] = entry;
    entry.place = place;
  }

  @SuppressWarnings("NullAway") // below size, none is null
  private Entry at(int place) {
    return entries[place];
  }
}
