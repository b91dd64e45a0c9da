package net.eventlet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Things that are expensive to make and can be used by one at a time, such as connections: made
/// when they are needed, up to a bound, and lent first come first served.
///
/// If making one fails, whoever asked gets the failure, and the next who waits tries. Override
/// [#usable(Object)] to have things that broke while nobody used them thrown away, and
/// [#dispose(Object)] to say how.
///
/// | a wrong call                              | gets                                             |
/// |-------------------------------------------|--------------------------------------------------|
/// | a negative size, a minimum over the maximum | [IllegalArgumentException]                     |
/// | putting more than was got                 | [IllegalStateException]                          |
/// | getting from a closed pool                | [IllegalStateException]; so do those who wait to |
///
/// Source: `eventlet/pools.py`, class `Pool`. There a failure to create leaves the next one
/// waiting, and putting too often goes unnoticed.
///
/// @param <T> what is lent
public class Pool<T> implements AutoCloseable {

  private final Object lock = new Object();
  private final ArrayDeque<T> idle = new ArrayDeque<>();
  private final WaitLine<Getter<T>> getters = new WaitLine<>();
  private final boolean orderAsStack;
  private final Callable<? extends T> create;
  private int maxSize;
  private int lent; // and those being made
  private boolean closed;

  /// One who waits: for a thing, or for leave to make one.
  private static final class Getter<T> extends WaitLine.Place<Getter<T>> {

    private @Nullable T item;
    private boolean mayCreate;
  }

  /// Something that is lent.
  ///
  /// @param <T> what it is
  public interface Item<T> extends AutoCloseable {

    /// {@return the thing}
    T value();

    /// Gives it back; does nothing the second time.
    @Override
    void close();
  }

  /// Creates a pool that makes nothing ahead and lends what came back first.
  ///
  /// @param maxSize things at most
  /// @param create makes one; may wait
  /// @throws IllegalArgumentException if `maxSize` is negative
  public Pool(int maxSize, Callable<? extends T> create) {
    this(0, maxSize, false, create);
  }

  /// Creates a pool.
  ///
  /// @param minSize things made at once
  /// @param maxSize things at most
  /// @param orderAsStack whether to lend what came back last, so that the others rest
  /// @param create makes one; may wait
  /// @throws IllegalArgumentException if a size is negative, or the minimum over the maximum
  /// @throws CompletionException if making one fails with a checked exception, as its cause
  public Pool(int minSize, int maxSize, boolean orderAsStack, Callable<? extends T> create) {
    if (minSize < 0 || maxSize < minSize) {
      throw new IllegalArgumentException(
          "a pool needs 0 <= minSize <= maxSize: minSize=%d maxSize=%d"
              .formatted(minSize, maxSize));
    }
    this.maxSize = maxSize;
    this.orderAsStack = orderAsStack;
    this.create = Objects.requireNonNull(create, "create");
    for (var i = 0; i < minSize; i++) {
      idle.addLast(first(create));
    }
  }

  private static <T> T first(Callable<? extends T> create) {
    try {
      return Objects.requireNonNull(create.call(), "what create returned");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  /// Borrows one; waits if all are lent.
  ///
  /// @return the thing, to [put][#put(Object)] it back
  /// @throws IllegalStateException if the pool is closed, before or meanwhile
  /// @throws Exception if one had to be made and that failed
  public final T get() throws Exception {
    return Objects.requireNonNull(borrow(Long.MAX_VALUE));
  }

  /// Borrows one; waits if all are lent, but not for ever. Making one is not bounded by this.
  ///
  /// @param limit longest wait; zero or less gives the others one turn, null waits for ever
  /// @return the thing, to [put][#put(Object)] it back
  /// @throws TimeoutException if none came back in time
  /// @throws IllegalStateException if the pool is closed, before or meanwhile
  /// @throws Exception if one had to be made and that failed
  public final T get(@Nullable Duration limit) throws Exception {
    var item = borrow(Durations.limitNanos(limit));
    if (item == null) {
      throw new TimeoutException("nothing came back within " + limit + ": " + this);
    }
    return item;
  }

  private @Nullable T borrow(long limitNanos) throws Exception {
    T found;
    Getter<T> getter = null;
    synchronized (lock) {
      requireOpen();
      found = getters.isEmpty() ? idle.pollFirst() : null;
      if (found != null || (getters.isEmpty() && lent + idle.size() < maxSize)) {
        lent++;
      } else {
        getter = getters.join(new Getter<>());
      }
    }
    if (getter != null) {
      if (!await(getter, limitNanos)) {
        return null;
      }
      found = getter.item;
      if (found == null && !getter.mayCreate) {
        throw new IllegalStateException(this + " was closed while this waited");
      }
    }
    while (found != null && !checked(found)) {
      found = replaced(found);
    }
    return found == null ? made() : found;
  }

  private boolean await(Getter<T> getter, long limitNanos) {
    var woken = false;
    try {
      woken = Waits.await(getter, limitNanos);
      return woken;
    } finally {
      if (!woken) {
        synchronized (lock) {
          getters.leave(getter);
        }
      }
    }
  }

  private T made() throws Exception {
    var done = false;
    try {
      var item = Objects.requireNonNull(create.call(), "what create returned");
      done = true;
      return item;
    } finally {
      if (!done) { // failed, or unwound
        unborrow();
      }
    }
  }

  private boolean checked(T item) {
    var done = false;
    try {
      var usable = usable(item);
      done = true;
      return usable;
    } finally {
      if (!done) {
        unborrow();
        discard(item);
      }
    }
  }

  /// {@return an idle thing in the place of a broken one, which is disposed of; null if none is}
  private @Nullable T replaced(T broken) {
    var done = false;
    try {
      discard(broken);
      done = true;
    } finally {
      if (!done) { // unwound
        unborrow();
      }
    }
    synchronized (lock) {
      return idle.pollFirst();
    }
  }

  /// Counts one less, and lets the next who waits make another.
  private void unborrow() {
    synchronized (lock) {
      lent--;
      admit();
    }
  }

  /// Gives one back: to the first who waits, if anybody does. One above a maximum that was made
  /// smaller is disposed of; so is one that comes back to a closed pool.
  ///
  /// @param item that was got, or another in its place
  /// @throws IllegalStateException if all that were got were put back before
  public final void put(T item) {
    Objects.requireNonNull(item, "item");
    synchronized (lock) {
      if (lent == 0) {
        throw new IllegalStateException(
            "more was put than got: " + this + " has lent nothing that could come back");
      }
      if (!closed && lent + idle.size() <= maxSize) {
        if (handOver(item)) {
          return;
        }
        lent--;
        if (orderAsStack) {
          idle.addFirst(item);
        } else {
          idle.addLast(item);
        }
        return;
      }
      lent--;
    }
    discard(item);
  }

  /// Under the lock: gives a thing to the first who waits.
  private boolean handOver(T item) {
    for (var getter = getters.take(); getter != null; getter = getters.take()) {
      getter.item = item;
      if (getter.wake()) {
        return true;
      }
    }
    return false;
  }

  /// Under the lock: lets those make one who wait, while there is room.
  private void admit() {
    while (lent + idle.size() < maxSize) {
      var getter = getters.take();
      if (getter == null) {
        return;
      }
      getter.mayCreate = true;
      if (getter.wake()) {
        lent++;
      }
    }
  }

  /// Borrows one for a block: `try (var connection = pool.item()) { … connection.value() … }`.
  ///
  /// @return the thing, to close it
  /// @throws Exception as [#get()] does
  public final Item<T> item() throws Exception {
    var borrowed = get();
    return new Item<>() {
      private boolean held = true;

      @Override
      public T value() {
        return borrowed;
      }

      @Override
      public void close() {
        if (held) {
          held = false;
          put(borrowed);
        }
      }
    };
  }

  /// Says whether a thing that lay idle can still be lent. Everything can, unless this is
  /// overridden.
  ///
  /// @param item about to be lent
  /// @return whether it can; if not, it is disposed of and another lent
  protected boolean usable(T item) {
    return true;
  }

  /// Ends a thing that the pool needs no more: closes it, if it is [AutoCloseable].
  ///
  /// @param item no longer in the pool
  /// @throws Exception if that fails, which goes to the uncaught handler
  protected void dispose(T item) throws Exception {
    if (item instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  private void discard(T item) {
    try {
      dispose(item);
    } catch (Exception failure) {
      Hub.uncaught(Thread.currentThread(), failure);
    }
  }

  /// {@return how many can be got before getting waits}
  public final int free() {
    synchronized (lock) {
      return Math.max(0, maxSize - lent);
    }
  }

  /// {@return how many wait to get one}
  public final int waiting() {
    synchronized (lock) {
      return getters.length();
    }
  }

  /// Changes the maximum. What is lent stays lent; idle things above it are disposed of.
  ///
  /// @param maxSize things at most
  /// @throws IllegalArgumentException if `maxSize` is negative
  public final void resize(int maxSize) {
    if (maxSize < 0) {
      throw new IllegalArgumentException("a pool's size must be 0 or more: " + maxSize);
    }
    var surplus = new ArrayList<T>();
    synchronized (lock) {
      this.maxSize = maxSize;
      while (lent + idle.size() > maxSize && !idle.isEmpty()) {
        surplus.add(idle.removeLast());
      }
      admit();
    }
    surplus.forEach(this::discard);
  }

  /// Lends nothing more: whoever waits gets an exception, idle things are disposed of, and what is
  /// lent is when it comes back.
  @Override
  public void close() {
    ArrayList<T> surplus;
    synchronized (lock) {
      closed = true;
      surplus = new ArrayList<>(idle);
      idle.clear();
      getters.wakeAll();
    }
    surplus.forEach(this::discard);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(this + " lends nothing more");
    }
  }

  @Override
  public String toString() {
    synchronized (lock) {
      return "%s[%d lent and %d idle of %d, %d waiting%s]"
          .formatted(
              getClass().getSimpleName(),
              lent,
              idle.size(),
              maxSize,
              getters.length(),
              closed ? ", closed" : "");
    }
  }
}
