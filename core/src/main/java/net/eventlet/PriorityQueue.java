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

    private record Ranked<T>(Held<T> held, long rank) {}

    LeastFirst(Comparator<? super T> order) {
      this.order = order;
      items =
          new java.util.PriorityQueue<>(
              Comparator.<Ranked<T>, T>comparing(ranked -> ranked.held().item, order)
                  .thenComparingLong(Ranked::rank));
    }

    @Override
    @SuppressWarnings("CheckReturnValue") // what cannot be compared with itself cannot be compared
    public void check(T item) {
      order.compare(item, item);
    }

    @Override
    public void add(Held<T> held) {
      items.add(new Ranked<>(held, added++));
    }

    @Override
    public @Nullable Held<T> poll() {
      return held(items.poll());
    }

    @Override
    public @Nullable Held<T> peek() {
      return held(items.peek());
    }

    private @Nullable Held<T> held(@Nullable Ranked<T> ranked) {
      return ranked == null ? null : ranked.held();
    }

    @Override
    public int size() {
      return items.size();
    }

    @Override
    public List<Held<T>> snapshot() {
      var order = new ArrayList<>(items);
      order.sort(items.comparator());
      var snapshot = new ArrayList<Held<T>>(order.size());
      order.forEach(ranked -> snapshot.add(ranked.held()));
      return snapshot;
    }

    @Override
    public boolean remove(Held<T> held) {
      return items.removeIf(ranked -> ranked.held() == held);
    }
  }
}
