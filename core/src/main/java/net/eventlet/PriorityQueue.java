package net.eventlet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Queue] whose least item goes first; of equal ones the first that came.
///
/// Source: `eventlet/queue.py`, class `PriorityQueue`. There equal items go in no order.
///
/// @param <T> what is in it; never null
public final class PriorityQueue<T> extends Queue<T> {

  /// Creates a queue without bounds, whose items are [Comparable].
  public PriorityQueue() {
    this(Integer.MAX_VALUE);
  }

  /// Creates a queue whose items are [Comparable].
  ///
  /// @param maxsize items that it holds at most; 0 for a rendezvous
  /// @throws IllegalArgumentException if `maxsize` is negative
  @SuppressWarnings("unchecked") // putting what cannot be compared throws, as in java.util
  public PriorityQueue(int maxsize) {
    this(maxsize, (Comparator<? super T>) Comparator.naturalOrder());
  }

  /// Creates a queue.
  ///
  /// @param maxsize items that it holds at most; 0 for a rendezvous
  /// @param order least first; must not wait
  /// @throws IllegalArgumentException if `maxsize` is negative
  public PriorityQueue(int maxsize, Comparator<? super T> order) {
    super(maxsize, new LeastFirst<>(order));
  }

  private static final class LeastFirst<T> implements Store<T> {

    private final Comparator<? super T> order;
    private final java.util.PriorityQueue<Ranked<T>> items;
    private long added; // ever; the next item's rank among equals

    private record Ranked<T>(T item, long rank) {}

    LeastFirst(Comparator<? super T> order) {
      this.order = order;
      items =
          new java.util.PriorityQueue<>(
              Comparator.<Ranked<T>, T>comparing(Ranked::item, order)
                  .thenComparingLong(Ranked::rank));
    }

    @Override
    @SuppressWarnings("CheckReturnValue") // what cannot be compared with itself cannot be compared
    public void check(T item) {
      order.compare(item, item);
    }

    @Override
    public void add(T item) {
      items.add(new Ranked<>(item, added++));
    }

    @Override
    public @Nullable T poll() {
      var first = items.poll();
      return first == null ? null : first.item();
    }

    @Override
    public @Nullable T peek() {
      var first = items.peek();
      return first == null ? null : first.item();
    }

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public List<T> snapshot() {
      var order = new ArrayList<>(items);
      order.sort(items.comparator());
      var snapshot = new ArrayList<T>(order.size());
      order.forEach(ranked -> snapshot.add(ranked.item()));
      return snapshot;
    }

    @Override
    public boolean remove(Object item) {
      var once = new Once(item);
      return items.removeIf(ranked -> once.test(ranked.item()));
    }
  }
}
