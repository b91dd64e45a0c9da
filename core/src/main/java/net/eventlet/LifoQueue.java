package net.eventlet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  private static final class LastInFirstOut<T> implements Store<T> {

    private final ArrayDeque<T> items = new ArrayDeque<>();

    @Override
    public void add(T item) {
      items.addFirst(item);
    }

    @Override
    public @Nullable T poll() {
      return items.pollFirst();
    }

    @Override
    public @Nullable T peek() {
      return items.peekFirst();
    }

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public List<T> snapshot() {
      return new ArrayList<>(items);
    }

    @Override
    public boolean remove(Object item) {
      return items.removeIf(new Once(item));
    }
  }
}
