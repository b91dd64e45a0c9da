package net.eventlet.patcher;

import java.lang.ref.WeakReference;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.eventlet.green.Threads;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// What patched code calls in place of the constructors of the JDK's thread pools, and of
/// [Executors]'s methods of the same names.
///
/// The pools are the JDK's own. Each thread of one is green if the thread that makes the pool need
/// it is: with [ThreadPoolExecutor], whoever hands it a task. A thread that the pool's factory made
/// a daemon is one of the process's default hub, so that it outlives the hub that it was started
/// on; a pool with others is shut down when that hub closes.
public final class Pools {

  private Pools() {}

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long others may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core, int most, long keepAlive, TimeUnit unit, BlockingQueue<Runnable> queue) {
    return green(new ThreadPoolExecutor(core, most, keepAlive, unit, queue));
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long others may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  /// @param factory of threads
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core,
      int most,
      long keepAlive,
      TimeUnit unit,
      BlockingQueue<Runnable> queue,
      ThreadFactory factory) {
    return green(new ThreadPoolExecutor(core, most, keepAlive, unit, queue, factory));
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long others may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  /// @param rejected given what the pool refuses
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core,
      int most,
      long keepAlive,
      TimeUnit unit,
      BlockingQueue<Runnable> queue,
      RejectedExecutionHandler rejected) {
    return green(new ThreadPoolExecutor(core, most, keepAlive, unit, queue, rejected));
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long others may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  /// @param factory of threads
  /// @param rejected given what the pool refuses
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core,
      int most,
      long keepAlive,
      TimeUnit unit,
      BlockingQueue<Runnable> queue,
      ThreadFactory factory,
      RejectedExecutionHandler rejected) {
    return green(new ThreadPoolExecutor(core, most, keepAlive, unit, queue, factory, rejected));
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(int core) {
    return green(new ScheduledThreadPoolExecutor(core));
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param factory of threads
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(
      int core, ThreadFactory factory) {
    return green(new ScheduledThreadPoolExecutor(core, factory));
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param rejected given what the pool refuses
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(
      int core, RejectedExecutionHandler rejected) {
    return green(new ScheduledThreadPoolExecutor(core, rejected));
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param factory of threads
  /// @param rejected given what the pool refuses
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(
      int core, ThreadFactory factory, RejectedExecutionHandler rejected) {
    return green(new ScheduledThreadPoolExecutor(core, factory, rejected));
  }

  /// {@return a pool, as [Executors#newFixedThreadPool(int)]}
  ///
  /// @param threads from 1
  public static ExecutorService newFixedThreadPool(int threads) {
    return newFixedThreadPool(threads, Executors.defaultThreadFactory());
  }

  /// {@return a pool, as [Executors#newFixedThreadPool(int, ThreadFactory)]}
  ///
  /// @param threads from 1
  /// @param factory of threads
  public static ExecutorService newFixedThreadPool(int threads, ThreadFactory factory) {
    return green(factory, threaded -> Executors.newFixedThreadPool(threads, threaded));
  }

  /// {@return a pool, as [Executors#newSingleThreadExecutor()]}
  public static ExecutorService newSingleThreadExecutor() {
    return newSingleThreadExecutor(Executors.defaultThreadFactory());
  }

  /// {@return a pool, as [Executors#newSingleThreadExecutor(ThreadFactory)]}
  ///
  /// @param factory of threads
  public static ExecutorService newSingleThreadExecutor(ThreadFactory factory) {
    return green(factory, Executors::newSingleThreadExecutor);
  }

  /// {@return a pool, as [Executors#newCachedThreadPool()]}
  public static ExecutorService newCachedThreadPool() {
    return newCachedThreadPool(Executors.defaultThreadFactory());
  }

  /// {@return a pool, as [Executors#newCachedThreadPool(ThreadFactory)]}
  ///
  /// @param factory of threads
  public static ExecutorService newCachedThreadPool(ThreadFactory factory) {
    return green(factory, Executors::newCachedThreadPool);
  }

  /// {@return an executor, as [Executors#newThreadPerTaskExecutor(ThreadFactory)]}
  ///
  /// @param factory of threads
  public static ExecutorService newThreadPerTaskExecutor(ThreadFactory factory) {
    return green(factory, Executors::newThreadPerTaskExecutor);
  }

  /// {@return a pool, as [Executors#newScheduledThreadPool(int)]}
  ///
  /// @param threads that are kept
  public static ScheduledExecutorService newScheduledThreadPool(int threads) {
    return newScheduledThreadPool(threads, Executors.defaultThreadFactory());
  }

  /// {@return a pool, as [Executors#newScheduledThreadPool(int, ThreadFactory)]}
  ///
  /// @param threads that are kept
  /// @param factory of threads
  public static ScheduledExecutorService newScheduledThreadPool(
      int threads, ThreadFactory factory) {
    return green(factory, threaded -> Executors.newScheduledThreadPool(threads, threaded));
  }

  /// {@return a pool, as [Executors#newSingleThreadScheduledExecutor()]}
  public static ScheduledExecutorService newSingleThreadScheduledExecutor() {
    return newSingleThreadScheduledExecutor(Executors.defaultThreadFactory());
  }

  /// {@return a pool, as [Executors#newSingleThreadScheduledExecutor(ThreadFactory)]}
  ///
  /// @param factory of threads
  public static ScheduledExecutorService newSingleThreadScheduledExecutor(ThreadFactory factory) {
    return green(factory, Executors::newSingleThreadScheduledExecutor);
  }

  private static <P extends ThreadPoolExecutor> P green(P pool) {
    var factory = new GreenFactory(pool.getThreadFactory());
    factory.pool = new WeakReference<>(pool);
    pool.setThreadFactory(factory);
    return pool;
  }

  private static <P extends ExecutorService> P green(
      ThreadFactory factory, Function<ThreadFactory, P> pools) {
    var green = new GreenFactory(factory);
    var pool = pools.apply(green);
    green.pool = new WeakReference<>(pool);
    return pool;
  }

  /// Makes a pool's threads.
  private static final class GreenFactory implements ThreadFactory {

    private final ThreadFactory original;
    private WeakReference<ExecutorService> pool = new WeakReference<>(null);
    private volatile WeakReference<Hub> tied = new WeakReference<>(null); // shuts the pool down

    GreenFactory(ThreadFactory original) {
      this.original = original;
    }

    @Override
    public @Nullable Thread newThread(Runnable task) {
      var made = original.newThread(task);
      var hub = Caller.hub();
      if (hub == null || made == null || made.isVirtual()) {
        return made;
      }
      if (StartedThreads.isDaemon(made)) {
        return Threads.factory(Hub.shared(), _ -> made).newThread(task);
      }
      tie(hub);
      return Threads.factory(hub, _ -> made).newThread(task);
    }

    private void tie(Hub hub) {
      var owner = pool.get();
      if (owner == null || tied.get() == hub) {
        return;
      }
      tied = new WeakReference<>(hub);
      var weakly = new WeakReference<>(owner);
      hub.whenClosing(
          owner,
          () -> {
            var open = weakly.get();
            if (open != null) {
              Thread.startVirtualThread(open::shutdownNow);
            }
          });
    }
  }
}
