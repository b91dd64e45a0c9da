package net.eventlet;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Green threads, no more than so many at once: the first means against a crowd.
///
/// Spawning waits while the pool is full, first come first served; a member of a full pool that
/// spawns into it runs the body in place, since to wait for itself could last for ever. A task's
/// slot is free when its green thread has ended, however that was. Tasks run on the spawner's hub,
/// on the process's default hub if it has none.
///
/// | a wrong call                            | gets                                              |
/// |-----------------------------------------|---------------------------------------------------|
/// | a negative size                         | [IllegalArgumentException]                        |
/// | `waitAll` by a member                   | [IllegalStateException], at once                  |
/// | spawning into a closed pool             | [IllegalStateException]; so do those who wait to  |
///
/// Source: `eventlet/greenpool.py`, class `GreenPool`. There `imap` does not count against the
/// pool, hangs when its source fails, and `waitall` may hang beside a waiting spawner.
public class GreenPool implements AutoCloseable {

  private static final int SIZE = 1000;

  private final Object lock = new Object();
  private final WaitLine<Spawner> spawners = new WaitLine<>();
  private final WaitLine<WaitLine.Plain> idlers = new WaitLine<>(); // in waitAll
  private int size;
  private int running;
  private boolean closed;

  /// One who waits for a slot.
  private static final class Spawner extends WaitLine.Place<Spawner> {

    private boolean admitted;
  }

  /// What a member of a pool runs.
  ///
  /// @param <T> what it returns
  static final class Member<T extends @Nullable Object> extends GreenThread.Run<T> {

    private final GreenPool pool;
    private final boolean slot; // whether it holds one, rather than acting for a member

    Member(GreenThread<T> handle, Object body, boolean returns, GreenPool pool, boolean slot) {
      super(handle, body, returns);
      this.pool = pool;
      this.slot = slot;
    }

    @Override
    void settled() {
      if (slot) {
        pool.leave();
      }
    }
  }

  /// Creates a pool of a thousand.
  public GreenPool() {
    this(SIZE);
  }

  /// Creates a pool.
  ///
  /// @param size green threads at once; with 0 spawning waits until it is [resized][#resize(int)]
  /// @throws IllegalArgumentException if `size` is negative
  public GreenPool(int size) {
    this.size = checked(size);
  }

  private static int checked(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("a pool's size must be 0 or more: " + size);
    }
    return size;
  }

  /// Runs `body` in a green thread of this pool; waits while the pool is full.
  ///
  /// @param body what it does
  /// @param <T> what it returns
  /// @return its handle; of a body that ran in place, one that has ended
  /// @throws IllegalStateException if the pool is closed, before or meanwhile
  public <T extends @Nullable Object> GreenThread<T> spawn(Callable<T> body) {
    return spawn(hub(), Objects.requireNonNull(body, "body"), true);
  }

  /// Runs `body` in a green thread of this pool, as [#spawn(Callable)] does.
  ///
  /// @param body what it does
  /// @return its handle; of a body that ran in place, one that has ended
  /// @throws IllegalStateException if the pool is closed, before or meanwhile
  public GreenThread<@Nullable Void> spawn(Action body) {
    return spawn(hub(), Objects.requireNonNull(body, "body"), false);
  }

  /// Runs `body` in a green thread of this pool that nobody waits for: what it throws goes to the
  /// [uncaught handler][Hub#uncaughtHandler].
  ///
  /// @param body what it does
  /// @throws IllegalStateException if the pool is closed, before or meanwhile
  public void spawnN(Action body) {
    spawn(body).link(GreenPool::report);
  }

  /// Tells the uncaught handler what a green thread failed with, that nobody else is told.
  static void report(GreenThread<?> ended) {
    try {
      ended.await();
    } catch (GreenThreadExit exit) {
      return; // it was killed, and that is known
    } catch (Throwable failure) {
      Hub.uncaught(ended.thread(), failure);
    }
  }

  final <T extends @Nullable Object> GreenThread<T> spawn(Hub hub, Object body, boolean returns) {
    if (!enter()) {
      return GreenThread.inPlace(Objects.requireNonNull(Fiber.currentOrNull()), body, returns);
    }
    try {
      return GreenThread.<T>member(this, true, hub, body, returns).start();
    } catch (Throwable failure) { // the hub is closed, or there is no memory
      leave();
      throw failure;
    }
  }

  /// Runs an action for a member of this pool, without a slot of its own: what it spawns into a
  /// full pool runs in place, as if the member had.
  final GreenThread<@Nullable Void> actForMember(Action body) {
    return GreenThread.<@Nullable Void>member(this, false, hub(), body, false).start();
  }

  private static Hub hub() {
    var hub = Hub.currentOrNull();
    return hub == null ? Hub.shared() : hub;
  }

  /// Waits for a slot and takes it. Answers false if the caller must not wait, being a member.
  private boolean enter() {
    Spawner spawner;
    synchronized (lock) {
      requireOpen();
      if (running < size && spawners.isEmpty()) {
        running++;
        return true;
      }
      if (isMember()) {
        return false;
      }
      spawner = spawners.join(new Spawner());
    }
    var woken = false;
    try {
      woken = Waits.await(spawner, Long.MAX_VALUE);
    } finally {
      if (!woken) {
        synchronized (lock) {
          spawners.leave(spawner);
        }
      }
    }
    if (!spawner.admitted) {
      throw new IllegalStateException(this + " was closed while this waited to spawn");
    }
    return true;
  }

  private void leave() {
    synchronized (lock) {
      running--;
      admit();
      if (running == 0) {
        idlers.wakeAll();
      }
    }
  }

  /// Under the lock: lets in those who wait to spawn, while there is room.
  private void admit() {
    while (running < size) {
      var spawner = spawners.take();
      if (spawner == null) {
        return;
      }
      spawner.admitted = true;
      if (spawner.wake()) {
        running++;
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(this + " takes no more work");
    }
  }

  /// {@return whether a member of this pool calls this}
  final boolean isMember() {
    var fiber = Fiber.currentOrNull();
    return fiber != null && fiber.body() instanceof Member<?> member && member.pool == this;
  }

  /// Applies a function to each item, in green threads of this pool, and gives the results in the
  /// order of the items.
  ///
  /// Lazy: items are read as results are taken, as many ahead as the pool is large, in a green
  /// thread of its own.
  ///
  /// @param function what to do with an item; may wait
  /// @param items read one at a time; may wait, and may be endless
  /// @param <A> an item
  /// @param <R> a result
  /// @return the results, to iterate over or to close
  public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
      ThrowingFunction<? super A, ? extends R> function, Iterable<? extends A> items) {
    return new PoolResults<>(this, calls(function, items), true);
  }

  /// Applies a function to each pair of items from two sources, as [#imap] does, until one of both
  /// ends.
  ///
  /// @param function what to do with a pair; may wait
  /// @param first where the first items come from
  /// @param second where the second items come from
  /// @param <A> a first item
  /// @param <B> a second item
  /// @param <R> a result
  /// @return the results, to iterate over or to close
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Results<R> imap(
          ThrowingBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second) {
    Objects.requireNonNull(function, "function");
    var left = first.iterator();
    var right = second.iterator();
    return new PoolResults<>(
        this,
        new Iterator<Callable<R>>() {
          @Override
          public boolean hasNext() {
            return left.hasNext() && right.hasNext();
          }

          @Override
          public Callable<R> next() {
            var a = left.next();
            var b = right.next();
            return () -> function.apply(a, b);
          }
        },
        true);
  }

  /// Applies a function to each item, as [#imap] does, and gives the results as they come.
  ///
  /// @param function what to do with an item; may wait
  /// @param items read one at a time; may wait, and may be endless
  /// @param <A> an item
  /// @param <R> a result
  /// @return the results, to iterate over or to close
  public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
      ThrowingFunction<? super A, ? extends R> function, Iterable<? extends A> items) {
    return new PoolResults<>(this, calls(function, items), false);
  }

  /// Applies a function to each pair of items from one source, as [#imap] does.
  ///
  /// @param function what to do with a pair; may wait
  /// @param pairs read one at a time; may wait, and may be endless
  /// @param <A> a first item
  /// @param <B> a second item
  /// @param <R> a result
  /// @return the results, to iterate over or to close
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Results<R> starmap(
          ThrowingBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs) {
    Objects.requireNonNull(function, "function");
    return new PoolResults<>(
        this,
        calls(
            (Map.Entry<? extends A, ? extends B> pair) ->
                function.apply(pair.getKey(), pair.getValue()),
            pairs),
        true);
  }

  private static <A extends @Nullable Object, R extends @Nullable Object>
      Iterator<Callable<R>> calls(
          ThrowingFunction<? super A, ? extends R> function, Iterable<? extends A> items) {
    Objects.requireNonNull(function, "function");
    var source = items.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public Callable<R> next() {
        var item = source.next();
        return () -> function.apply(item);
      }
    };
  }

  /// Waits until nothing runs in this pool.
  ///
  /// @throws IllegalStateException if a member of this pool calls it, which would wait for itself
  public void waitAll() {
    WaitLine.Plain place;
    synchronized (lock) {
      if (isMember()) {
        throw new IllegalStateException(
            "waitAll() in a member of " + this + " would wait for itself; call it outside");
      }
      if (running == 0) {
        return;
      }
      place = idlers.join(new WaitLine.Plain());
    }
    var woken = false;
    try {
      woken = Waits.await(place, Long.MAX_VALUE);
    } finally {
      if (!woken) {
        synchronized (lock) {
          idlers.leave(place);
        }
      }
    }
  }

  /// {@return how many green threads run in this pool}
  public int running() {
    synchronized (lock) {
      return running;
    }
  }

  /// {@return how many can be spawned before spawning waits; 0 as well while more run than a
  /// smaller size allows}
  public int free() {
    synchronized (lock) {
      return Math.max(0, size - running);
    }
  }

  /// {@return how many wait to spawn}
  public int waiting() {
    synchronized (lock) {
      return spawners.length();
    }
  }

  /// {@return green threads at once}
  final int size() {
    synchronized (lock) {
      return size;
    }
  }

  /// Changes the size. What runs goes on, even above it; those who wait are let in as there is
  /// room.
  ///
  /// @param size green threads at once
  /// @throws IllegalArgumentException if `size` is negative
  public void resize(int size) {
    synchronized (lock) {
      this.size = checked(size);
      admit();
    }
  }

  /// {@return an executor each of whose tasks is a green thread of this pool, on the caller's hub;
  /// to shut it down leaves the pool as it is}
  public ExecutorService executor() {
    return new PoolExecutor(this, hub());
  }

  /// Takes no more work: whoever waits to spawn gets an exception. What runs ends by itself.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      spawners.wakeAll();
    }
  }

  @Override
  public String toString() {
    synchronized (lock) {
      return "GreenPool[%d of %d running, %d waiting%s]"
          .formatted(running, size, spawners.length(), closed ? ", closed" : "");
    }
  }
}
