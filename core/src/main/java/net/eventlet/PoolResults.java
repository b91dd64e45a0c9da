package net.eventlet;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The results of a pool's map.
///
/// A green thread, the *source*, reads the items and spawns; it takes a permit for each, and gets
/// it back when the result is taken, so that no more than the pool's size are under way or wait to
/// be taken. Handles come through a queue, in the order of the items or of their ends, and behind
/// them the end, with what the source failed with.
///
/// @param <R> what the function returns
@SuppressWarnings("IterableAndIterator") // there is one iterator, once
final class PoolResults<R extends @Nullable Object> implements Results<R>, Iterator<R> {

  private final GreenPool pool;
  private final Iterator<Callable<R>> calls;
  private final boolean ordered;
  private final boolean forMember;
  private final Semaphore ahead;
  private final Queue<Entry<R>> entries = new Queue<>();
  private final Set<GreenThread<R>> underWay = new LinkedHashSet<>(); // guarded by itself;
  // stays empty while results keep their order: then those under way are the entries themselves
  private @Nullable GreenThread<@Nullable Void> source; // null until iterated
  private @Nullable Entry<R> next; // null unless looked at and not taken
  private int taken;
  private int spawned = -1; // until the source has ended
  private volatile boolean over;

  /// What comes through the queue.
  private sealed interface Entry<R extends @Nullable Object> {}

  private record Ended<R extends @Nullable Object>(GreenThread<R> thread) implements Entry<R> {}

  private record End<R extends @Nullable Object>(int spawned, @Nullable Throwable failure)
      implements Entry<R> {}

  PoolResults(GreenPool pool, Iterator<Callable<R>> calls, boolean ordered) {
    this.pool = pool;
    this.calls = calls;
    this.ordered = ordered;
    forMember = pool.isMember();
    ahead = new Semaphore(Math.max(1, pool.size()));
  }

  @Override
  public Iterator<R> iterator() {
    if (source != null || over) {
      throw new IllegalStateException("results are iterated over once; map again for another time");
    }
    source = forMember ? pool.actForMember(this::read) : Eventlet.spawn(this::read);
    return this;
  }

  /// The source's body.
  private void read() {
    var count = 0;
    Throwable failure = null;
    try {
      for (; !over && calls.hasNext(); count++) {
        var call = calls.next();
        ahead.acquire();
        start(call);
      }
    } catch (Throwable thrown) {
      failure = thrown; // next() throws it, in its place
    }
    tell(new End<>(count, failure));
  }

  private void start(Callable<R> call) {
    var thread = pool.spawn(call);
    if (ordered) {
      tell(new Ended<>(thread));
    } else {
      synchronized (underWay) {
        underWay.add(thread);
      }
      thread.link(this::ended);
    }
    if (over) {
      thread.cancel(true);
    }
  }

  private void tell(Entry<R> entry) {
    try {
      entries.put(entry);
    } catch (IllegalStateException closed) {
      if (!over) {
        throw closed;
      }
    }
  }

  private void ended(GreenThread<R> thread) {
    tell(new Ended<>(thread));
  }

  @Override
  public boolean hasNext() {
    while (!over && next == null) {
      if (source == null) {
        throw new AssertionError("iterating without a source; please report this");
      }
      if (taken == spawned) {
        close();
        break;
      }
      look(entries.get());
    }
    return next != null;
  }

  private void look(Entry<R> entry) {
    switch (entry) {
      case Ended<R> ended -> next = ended;
      case End<R>(var count, var failure) -> {
        spawned = failure == null ? count : count + 1; // the failure takes one's place
        if (failure != null) {
          next = entry;
        }
      }
    }
  }

  @Override
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more results");
    }
    return switch (next) {
      case Ended<R>(var thread) -> taken(thread);
      case End<R>(var _, var failure) -> {
        passOn();
        throw unchecked(failure);
      }
      case null -> throw new AssertionError("no result where there was one; please report this");
    };
  }

  private void passOn() {
    next = null;
    taken++;
  }

  /// {@return a green thread's result; throws what it threw, checked in a [CompletionException]}
  ///
  /// @param thread that has ended
  static <T extends @Nullable Object> T result(GreenThread<T> thread) {
    try {
      return thread.await();
    } catch (Exception failure) {
      throw unchecked(failure);
    }
  }

  /// Waits for the end of a green thread: what comes as this is unwound is not taken yet.
  ///
  /// @param thread to wait for
  static void join(GreenThread<?> thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw unchecked(interrupted);
    }
  }

  private R taken(GreenThread<R> thread) {
    join(thread);
    passOn();
    if (!ordered) {
      synchronized (underWay) {
        underWay.remove(thread);
      }
    }
    ahead.release();
    return result(thread);
  }

  private static RuntimeException unchecked(@Nullable Throwable failure) {
    return switch (failure) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      case null, default -> new CompletionException(failure);
    };
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    if (source != null) {
      source.cancel(true);
    }
    entries.close();
    cancel(next);
    for (var left = entries.poll(); left != null; left = entries.poll()) {
      cancel(left);
    }
    List<GreenThread<R>> left;
    synchronized (underWay) {
      left = List.copyOf(underWay);
      underWay.clear();
    }
    left.forEach(thread -> thread.cancel(true));
  }

  private void cancel(@Nullable Entry<R> left) {
    if (left instanceof Ended<R>(var thread)) {
      thread.cancel(true);
    }
  }
}
