package net.eventlet;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Green threads of a pool, and their results in the order in which they were spawned.
///
/// Several piles may share a pool. Results that nobody iterates over stay in the pile.
///
/// Source: `eventlet/greenpool.py`, class `GreenPile`.
///
/// @param <T> what the bodies return
public final class GreenPile<T extends @Nullable Object> implements Iterable<T> {

  private final GreenPool pool;
  private final ArrayDeque<GreenThread<T>> spawned = new ArrayDeque<>(); // guarded by itself

  /// Creates a pile on a pool of its own, of a thousand.
  public GreenPile() {
    this(new GreenPool());
  }

  /// Creates a pile on a pool of its own.
  ///
  /// @param size green threads at once
  /// @throws IllegalArgumentException if `size` is negative
  public GreenPile(int size) {
    this(new GreenPool(size));
  }

  /// Creates a pile on a pool that others use too.
  ///
  /// @param pool whose green threads it takes
  public GreenPile(GreenPool pool) {
    this.pool = pool;
  }

  /// Runs `body` in a green thread of the pool; waits while the pool is full.
  ///
  /// @param body what it does
  /// @throws IllegalStateException if the pool is closed
  public void spawn(Callable<? extends T> body) {
    GreenThread<T> thread = pool.spawn(body::call);
    synchronized (spawned) {
      spawned.add(thread);
    }
  }

  /// {@return the results, each taken out of the pile; ends when all that were spawned by then are
  /// taken}
  ///
  /// [Iterator#next()] throws what the body threw, unchecked as it is and checked in a
  /// [CompletionException]; one can go on after that.
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        synchronized (spawned) {
          return !spawned.isEmpty();
        }
      }

      @Override
      public T next() {
        GreenThread<T> thread;
        synchronized (spawned) {
          thread = spawned.poll();
        }
        if (thread == null) {
          throw new NoSuchElementException("the pile is empty; spawn into it first");
        }
        var ended = false;
        try {
          PoolResults.join(thread);
          ended = true;
        } finally {
          if (!ended) { // unwound: the result is for the next who asks
            synchronized (spawned) {
              spawned.addFirst(thread);
            }
          }
        }
        return PoolResults.result(thread);
      }
    };
  }
}
