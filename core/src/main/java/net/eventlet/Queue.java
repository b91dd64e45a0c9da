package net.eventlet;

import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.eventlet.hubs.Durations;
import org.jspecify.annotations.Nullable;

/// Items, first in first out, between those who put and those who get; each served first come first
/// served.
///
/// A full [BlockingQueue]: a [java.util.concurrent.ThreadPoolExecutor], or any library, can use it.
/// A queue of size 0 is a rendezvous: putting waits for who gets. An item that is handed over as
/// its receiver is killed goes to the next.
///
/// | a wrong call                          | gets                                               |
/// |---------------------------------------|----------------------------------------------------|
/// | a negative size                       | [IllegalArgumentException]                         |
/// | a null item                           | [NullPointerException]                             |
/// | putting into a closed queue           | [IllegalStateException]; so do those who wait to   |
/// | getting from a closed, empty queue    | [IllegalStateException]; so do those who wait to   |
/// | `taskDone` more often than put        | [IllegalStateException]                            |
///
/// What the JDK declares to throw [InterruptedException] does; all else treats an interrupt as a
/// kill.
///
/// Source: `eventlet/queue.py`, class `Queue`. There waiters run in no order, and `get_nowait`
/// finds nothing where `put_nowait` finds somebody.
///
/// @param <T> what is in it; never null
public class Queue<T> extends AbstractQueue<T> implements BlockingQueue<T>, AutoCloseable {

  private static final long FOR_EVER = Long.MAX_VALUE;

  private final Object lock = new Object();
  private final Store<T> store;
  private final WaitLine<Hand<T>> getters = new WaitLine<>();
  private final WaitLine<Hand<T>> putters = new WaitLine<>();
  private final WaitLine<WaitLine.Plain> joiners = new WaitLine<>();
  private int maxsize;
  private int unfinished;
  private boolean closed;

  /// An item in its place: the same object may have several.
  static final class Held<T> {

    final T item;

    Held(T item) {
      this.item = item;
    }
  }

  /// Where the items are, in the order in which they go.
  interface Store<T> {

    /// Throws what it must before an item is on its way.
    default void check(T item) {}

    void add(Held<T> held);

    @Nullable Held<T> poll();

    @Nullable Held<T> peek();

    int size();

    /// {@return what it holds, first to go first, in a list of its own}
    List<Held<T>> snapshot();

    /// {@return whether it held this, and no longer does}
    boolean remove(Held<T> held);
  }

  /// One who waits to get an item, or to put the one it holds.
  private static final class Hand<T> extends WaitLine.Place<Hand<T>> {

    private @Nullable T item; // a getter's is null until it has one
    private @Nullable RuntimeException refusal; // of a putter's item; null unless it was refused

    Hand(@Nullable T item) {
      this.item = item;
    }
  }

  /// Creates a queue without bounds.
  public Queue() {
    this(Integer.MAX_VALUE);
  }

  /// Creates a queue.
  ///
  /// @param maxsize items that it holds at most; 0 for a rendezvous
  /// @throws IllegalArgumentException if `maxsize` is negative
  public Queue(int maxsize) {
    this(maxsize, new FirstInFirstOut<>());
  }

  Queue(int maxsize, Store<T> store) {
    this.maxsize = checked(maxsize);
    this.store = store;
  }

  private static int checked(int maxsize) {
    if (maxsize < 0) {
      throw new IllegalArgumentException(
          "a queue's size must be 0 or more; leave it out for no bound: " + maxsize);
    }
    return maxsize;
  }

  /// Takes the next item; waits for one if it must.
  ///
  /// @return the item
  /// @throws IllegalStateException if the queue is closed and empty
  public final T get() {
    return Objects.requireNonNull(receive(FOR_EVER, Waits::await));
  }

  /// Takes the next item; waits for one, but not for ever.
  ///
  /// @param limit longest wait; zero or less gives the others one turn, null waits for ever
  /// @return the item
  /// @throws TimeoutException if none came in time
  /// @throws IllegalStateException if the queue is closed and empty
  public final T get(@Nullable Duration limit) throws TimeoutException {
    var item = receive(Durations.limitNanos(limit), Waits::await);
    if (item == null) {
      throw new TimeoutException("nothing came within " + limit + ": " + this);
    }
    return item;
  }

  @Override
  public final T take() throws InterruptedException {
    return Objects.requireNonNull(receive(FOR_EVER, Waits::awaitInterruptibly));
  }

  @Override
  public final @Nullable T poll() {
    synchronized (lock) {
      return next();
    }
  }

  @Override
  public final @Nullable T poll(long timeout, TimeUnit unit) throws InterruptedException {
    return receive(Math.max(0, unit.toNanos(timeout)), Waits::awaitInterruptibly);
  }

  /// Adds an item; waits for room if it must.
  ///
  /// @param item goes to the first who waits to get one, or behind all others
  /// @throws IllegalStateException if the queue is closed, before or meanwhile
  @Override
  public final void put(T item) {
    deliver(item, FOR_EVER, Waits::await);
  }

  /// Adds an item; waits for room, but not for ever.
  ///
  /// @param item as in [#put(Object)]
  /// @param limit longest wait; zero or less gives the others one turn, null waits for ever
  /// @throws TimeoutException if there was no room in time
  /// @throws IllegalStateException if the queue is closed, before or meanwhile
  public final void put(T item, @Nullable Duration limit) throws TimeoutException {
    if (!deliver(item, Durations.limitNanos(limit), Waits::await)) {
      throw new TimeoutException("there was no room within " + limit + ": " + this);
    }
  }

  @Override
  public final boolean offer(T item) {
    Objects.requireNonNull(item, "item");
    synchronized (lock) {
      return accept(item);
    }
  }

  @Override
  public final boolean offer(T item, long timeout, TimeUnit unit) throws InterruptedException {
    return deliver(item, Math.max(0, unit.toNanos(timeout)), Waits::awaitInterruptibly);
  }

  /// One of the ways to wait.
  private interface Wait<E extends Exception> {

    boolean on(Hand<?> hand, long limitNanos) throws E;
  }

  private <E extends Exception> @Nullable T receive(long limitNanos, Wait<E> wait) throws E {
    Hand<T> hand;
    synchronized (lock) {
      var item = next();
      if (item != null) {
        return item;
      }
      requireOpen("is closed and empty");
      hand = getters.join(new Hand<>(null));
    }
    if (!await(getters, hand, limitNanos, wait)) {
      return null;
    }
    if (hand.item == null) {
      throw closedMeanwhile();
    }
    return hand.item;
  }

  private <E extends Exception> boolean deliver(T item, long limitNanos, Wait<E> wait) throws E {
    Objects.requireNonNull(item, "item");
    Hand<T> hand;
    synchronized (lock) {
      if (accept(item)) {
        return true;
      }
      hand = putters.join(new Hand<>(item));
    }
    if (!await(putters, hand, limitNanos, wait)) {
      return false;
    }
    if (hand.refusal != null) {
      throw hand.refusal;
    }
    if (hand.item != null) {
      throw closedMeanwhile();
    }
    return true;
  }

  private <E extends Exception> boolean await(
      WaitLine<Hand<T>> line, Hand<T> hand, long limitNanos, Wait<E> wait) throws E {
    var woken = false;
    try {
      woken = wait.on(hand, limitNanos);
      return woken;
    } finally {
      if (!woken) {
        synchronized (lock) {
          line.leave(hand);
        }
      }
    }
  }

  /// Under the lock: the next item, and those let in who wait with another; null if there is none.
  private @Nullable T next() {
    var held = store.poll();
    if (held != null) {
      admit();
      return held.item;
    }
    for (var putter = putters.take(); putter != null; putter = putters.take()) {
      var offered = putter.item;
      if (offered != null && taken(putter)) { // a rendezvous
        return offered;
      }
    }
    return null;
  }

  /// Under the lock: whether an item found somebody who gets it, or room.
  private boolean accept(T item) {
    requireOpen("is closed");
    store.check(item);
    for (var getter = getters.take(); getter != null; getter = getters.take()) {
      getter.item = item;
      if (getter.wake()) {
        unfinished++;
        return true;
      }
    }
    if (store.size() >= maxsize) {
      return false;
    }
    store.add(new Held<>(item));
    unfinished++;
    return true;
  }

  /// Under the lock: lets in those who wait to put, while there is room.
  private void admit() {
    while (store.size() < maxsize) {
      var putter = putters.take();
      if (putter == null) {
        return;
      }
      var item = putter.item;
      if (item != null) {
        admit(putter, new Held<>(item));
      }
    }
  }

  private void admit(Hand<T> putter, Held<T> held) {
    try {
      store.add(held);
    } catch (RuntimeException refusal) { // it cannot be compared with what is there
      putter.refusal = refusal;
      putter.wake();
      return;
    }
    if (!taken(putter)) {
      store.remove(held);
    }
  }

  /// Under the lock: whether a putter's item was taken, rather than its wait over before.
  private boolean taken(Hand<T> putter) {
    var item = putter.item;
    putter.item = null; // tells it so
    if (putter.wake()) {
      unfinished++;
      return true;
    }
    putter.item = item;
    return false;
  }

  /// Says that an item that was got is dealt with.
  ///
  /// @throws IllegalStateException if that was said of all items before
  public final void taskDone() {
    synchronized (lock) {
      if (unfinished == 0) {
        throw new IllegalStateException("taskDone() was called more often than items were put");
      }
      if (--unfinished == 0) {
        joiners.wakeAll();
      }
    }
  }

  /// Waits until all items that were put are dealt with, as [#taskDone()] says.
  public final void join() {
    WaitLine.Plain place;
    synchronized (lock) {
      if (unfinished == 0) {
        return;
      }
      place = joiners.join(new WaitLine.Plain());
    }
    var woken = false;
    try {
      woken = Waits.await(place, FOR_EVER);
    } finally {
      if (!woken) {
        synchronized (lock) {
          joiners.leave(place);
        }
      }
    }
  }

  /// Changes the bound. Items that are there stay, even above it; those who wait are let in as
  /// there is room.
  ///
  /// @param maxsize items that it holds at most; 0 for a rendezvous
  /// @throws IllegalArgumentException if `maxsize` is negative
  public final void resize(int maxsize) {
    synchronized (lock) {
      this.maxsize = checked(maxsize);
      admit();
    }
  }

  /// Closes the queue: whoever waits gets an exception, and so does whoever puts from now on. What
  /// is in it can still be got.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      getters.wakeAll();
      putters.wakeAll();
    }
  }

  private void requireOpen(String how) {
    if (closed) {
      throw new IllegalStateException(this + " " + how);
    }
  }

  private IllegalStateException closedMeanwhile() {
    return new IllegalStateException(this + " was closed while this waited");
  }

  @Override
  public final @Nullable T peek() {
    synchronized (lock) {
      var held = store.peek();
      return held == null ? null : held.item;
    }
  }

  @Override
  public final int size() {
    synchronized (lock) {
      return store.size();
    }
  }

  @Override
  public final int remainingCapacity() {
    synchronized (lock) {
      return maxsize == Integer.MAX_VALUE ? maxsize : Math.max(0, maxsize - store.size());
    }
  }

  @Override
  public final int drainTo(Collection<? super T> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  @Override
  public final int drainTo(Collection<? super T> target, int most) {
    Objects.requireNonNull(target, "target");
    if (target == this) {
      throw new IllegalArgumentException("a queue cannot be drained into itself");
    }
    var drained = new ArrayList<T>();
    synchronized (lock) {
      while (drained.size() < most) {
        var item = next();
        if (item == null) {
          break;
        }
        drained.add(item);
      }
    }
    target.addAll(drained);
    return drained.size();
  }

  /// {@return the items that are there now, next to go first; taking one away takes it out of the
  /// queue if it is still there}
  @Override
  public final Iterator<T> iterator() {
    var rest = snapshot().iterator();
    return new Iterator<>() {
      private @Nullable Held<T> last; // null until the first, and after it was removed

      @Override
      public boolean hasNext() {
        return rest.hasNext();
      }

      @Override
      public T next() {
        var held = rest.next();
        last = held;
        return held.item;
      }

      @Override
      public void remove() {
        if (last == null) {
          throw new IllegalStateException("remove() follows next(), once");
        }
        takeOut(last);
        last = null;
      }
    };
  }

  @Override
  public final Spliterator<T> spliterator() {
    return Spliterators.spliteratorUnknownSize(
        iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.CONCURRENT);
  }

  @Override
  public final boolean remove(@Nullable Object item) {
    for (var held : snapshot()) {
      if (item != null && item.equals(held.item) && takeOut(held)) {
        return true;
      }
    }
    return false;
  }

  private List<Held<T>> snapshot() {
    synchronized (lock) {
      return store.snapshot();
    }
  }

  private boolean takeOut(Held<T> held) {
    synchronized (lock) {
      var was = store.remove(held);
      if (was) {
        admit();
      }
      return was;
    }
  }

  @Override
  public String toString() {
    synchronized (lock) {
      return "%s[%d of %s, %d getting, %d putting%s]"
          .formatted(
              getClass().getSimpleName(),
              store.size(),
              maxsize == Integer.MAX_VALUE ? "any" : maxsize,
              getters.length(),
              putters.length(),
              closed ? ", closed" : "");
    }
  }

  /// A store without gaps.
  abstract static class Row<T> implements Store<T> {

    final ArrayDeque<Held<T>> row = new ArrayDeque<>(); // first to go first

    @Override
    public final @Nullable Held<T> poll() {
      return row.pollFirst();
    }

    @Override
    public final @Nullable Held<T> peek() {
      return row.peekFirst();
    }

    @Override
    public final int size() {
      return row.size();
    }

    @Override
    public final List<Held<T>> snapshot() {
      return new ArrayList<>(row);
    }

    @Override
    public final boolean remove(Held<T> held) {
      return row.removeFirstOccurrence(held);
    }
  }

  private static final class FirstInFirstOut<T> extends Row<T> {

    @Override
    public void add(Held<T> held) {
      row.addLast(held);
    }
  }
}
