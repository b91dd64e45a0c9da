package net.eventlet;

/// A [Queue] whose last item goes first.
///
/// Source: `eventlet/queue.py`, class `LifoQueue`.
///
/// @param <T> what is in it; never null
public final class LifoQueue<T> extends Queue<T> {

  /// Creates a queue without bounds.
  public LifoQueue() {
    this(Integer.MAX_VALUE);
  }

  /// Creates a queue.
  ///
  /// @param maxsize items that it holds at most; 0 for a rendezvous
  /// @throws IllegalArgumentException if `maxsize` is negative
  public LifoQueue(int maxsize) {
    super(maxsize, new LastInFirstOut<>());
  }

  private static final class LastInFirstOut<T> extends Row<T> {

    @Override
    public void add(Held<T> held) {
      row.addFirst(held);
    }
  }
}
