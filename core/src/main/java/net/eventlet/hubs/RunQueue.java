package net.eventlet.hubs;

import java.util.AbstractList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The green threads of a hub that can run, longest waiting first: a ring.
///
/// Not thread-safe: a queue belongs to one hub.
final class RunQueue extends AbstractList<Fiber> {

  private @Nullable Fiber[] ring = new @Nullable Fiber[64]; // a power of two long
  private int first;
  private int size;

  @Override
  public int size() {
    return size;
  }

  @Override
  public Fiber get(int index) {
    Objects.checkIndex(index, size);
    return at((first + index) & (ring.length - 1));
  }

  /// Puts one behind all others.
  ///
  /// @param fiber may already be in here, which makes it run twice
  void append(Fiber fiber) {
    if (size == ring.length) {
      grow();
    }
    ring[(first + size++) & (ring.length - 1)] = fiber;
  }

  /// {@return the first, taken out}
  Fiber poll() {
    var fiber = at(first);
    ring[first] = null;
    first = (first + 1) & (ring.length - 1);
    size--;
    return fiber;
  }

  /// {@return one, taken out; the rest keep their order}
  ///
  /// @param index below the size
  @Override
  public Fiber remove(int index) {
    Objects.checkIndex(index, size);
    var mask = ring.length - 1;
    var chosen = get(index);
    for (var i = index; i > 0; i--) {
      ring[(first + i) & mask] = ring[(first + i - 1) & mask];
    }
    poll();
    return chosen;
  }

  private void grow() {
    var longer = new @Nullable Fiber[ring.length * 2];
    for (var i = 0; i < size; i++) {
      longer[i] = get(i);
    }
    ring = longer;
    first = 0;
  }

  @SuppressWarnings("NullAway") // between first and first + size, none is null
  private Fiber at(int place) {
    return ring[place];
  }
}
