package net.eventlet.green;

import java.lang.ref.WeakReference;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// [java.util.concurrent.Executors] for code on a hub: the JDK's own thread pools, of green
/// threads.
///
/// Each method takes what that of the same name takes, and each `newThreadPoolExecutor` what a
/// constructor takes. Called on a hub it makes a pool whose threads are green threads of that hub,
/// and which is shut down, its tasks interrupted, when the hub closes. Called anywhere else, it
/// makes the pool that the JDK's would be. Pools have the bounds and queues that they have in the
/// JDK.
///
/// A given factory is asked for its threads' names, their handlers and what they run, as in
/// [Threads#factory(Hub, ThreadFactory)].
///
/// Source: `eventlet/green/thread.py`; [java.util.concurrent.Executors].
public final class Executors {

  private Executors() {}

  /// {@return a pool of so many threads}
  ///
  /// @param threads from 1
  public static ExecutorService newFixedThreadPool(int threads) {
    return newFixedThreadPool(threads, defaultThreadFactory());
  }

  /// {@return a pool of so many threads}
  ///
  /// @param threads from 1
  /// @param factory of their names
  public static ExecutorService newFixedThreadPool(int threads, ThreadFactory factory) {
    return ending(java.util.concurrent.Executors.newFixedThreadPool(threads, green(factory)));
  }

  /// {@return a pool of one thread}
  public static ExecutorService newSingleThreadExecutor() {
    return newSingleThreadExecutor(defaultThreadFactory());
  }

  /// {@return a pool of one thread}
  ///
  /// @param factory of its name
  public static ExecutorService newSingleThreadExecutor(ThreadFactory factory) {
    return ending(java.util.concurrent.Executors.newSingleThreadExecutor(green(factory)));
  }

  /// {@return a pool that has a thread for each task, and reuses those that are idle}
  public static ExecutorService newCachedThreadPool() {
    return newCachedThreadPool(defaultThreadFactory());
  }

  /// {@return a pool that has a thread for each task, and reuses those that are idle}
  ///
  /// @param factory of their names
  public static ExecutorService newCachedThreadPool(ThreadFactory factory) {
    return ending(java.util.concurrent.Executors.newCachedThreadPool(green(factory)));
  }

  /// {@return a pool as wide as the machine; on a hub the order of its tasks is that of a queue,
  /// and nothing is stolen}
  public static ExecutorService newWorkStealingPool() {
    return newWorkStealingPool(Runtime.getRuntime().availableProcessors());
  }

  /// {@return a pool of so many threads; on a hub the order of its tasks is that of a queue, and
  /// nothing is stolen}
  ///
  /// @param parallelism from 1
  public static ExecutorService newWorkStealingPool(int parallelism) {
    return Hub.currentOrNull() == null
        ? java.util.concurrent.Executors.newWorkStealingPool(parallelism)
        : newFixedThreadPool(parallelism);
  }

  /// {@return an executor that starts a thread for each task}
  ///
  /// @param factory of their names
  public static ExecutorService newThreadPerTaskExecutor(ThreadFactory factory) {
    return ending(java.util.concurrent.Executors.newThreadPerTaskExecutor(green(factory)));
  }

  /// {@return an executor that starts a virtual thread for each task: on a hub, a green one}
  public static ExecutorService newVirtualThreadPerTaskExecutor() {
    var hub = Hub.currentOrNull();
    return hub == null
        ? java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()
        : newThreadPerTaskExecutor(Threads.factory(hub));
  }

  /// {@return a pool that runs tasks later, or again and again}
  ///
  /// @param threads from 0
  public static ScheduledExecutorService newScheduledThreadPool(int threads) {
    return newScheduledThreadPool(threads, defaultThreadFactory());
  }

  /// {@return a pool that runs tasks later, or again and again}
  ///
  /// @param threads from 0
  /// @param factory of their names
  public static ScheduledExecutorService newScheduledThreadPool(
      int threads, ThreadFactory factory) {
    return ending(java.util.concurrent.Executors.newScheduledThreadPool(threads, green(factory)));
  }

  /// {@return a pool of one thread that runs tasks later, or again and again}
  public static ScheduledExecutorService newSingleThreadScheduledExecutor() {
    return newSingleThreadScheduledExecutor(defaultThreadFactory());
  }

  /// {@return a pool of one thread that runs tasks later, or again and again}
  ///
  /// @param factory of its name
  public static ScheduledExecutorService newSingleThreadScheduledExecutor(ThreadFactory factory) {
    return ending(java.util.concurrent.Executors.newSingleThreadScheduledExecutor(green(factory)));
  }

  /// {@return a factory of the caller's hub's green threads, or of the JDK's threads if it has
  /// none}
  public static ThreadFactory defaultThreadFactory() {
    var hub = Hub.currentOrNull();
    return hub == null
        ? java.util.concurrent.Executors.defaultThreadFactory()
        : Threads.factory(hub);
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long those that are not kept may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core, int most, long keepAlive, TimeUnit unit, BlockingQueue<Runnable> queue) {
    return newThreadPoolExecutor(core, most, keepAlive, unit, queue, defaultThreadFactory());
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long those that are not kept may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  /// @param factory of the threads' names
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core,
      int most,
      long keepAlive,
      TimeUnit unit,
      BlockingQueue<Runnable> queue,
      ThreadFactory factory) {
    return newThreadPoolExecutor(
        core, most, keepAlive, unit, queue, factory, new ThreadPoolExecutor.AbortPolicy());
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long those that are not kept may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  /// @param refused what is done with tasks for which there is no room
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core,
      int most,
      long keepAlive,
      TimeUnit unit,
      BlockingQueue<Runnable> queue,
      RejectedExecutionHandler refused) {
    return newThreadPoolExecutor(
        core, most, keepAlive, unit, queue, defaultThreadFactory(), refused);
  }

  /// {@return a pool, as [ThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads that are kept
  /// @param most threads
  /// @param keepAlive how long those that are not kept may be idle
  /// @param unit of `keepAlive`
  /// @param queue of tasks that have no thread yet
  /// @param factory of the threads' names
  /// @param refused what is done with tasks for which there is no room
  public static ThreadPoolExecutor newThreadPoolExecutor(
      int core,
      int most,
      long keepAlive,
      TimeUnit unit,
      BlockingQueue<Runnable> queue,
      ThreadFactory factory,
      RejectedExecutionHandler refused) {
    return ending(
        new ThreadPoolExecutor(core, most, keepAlive, unit, queue, green(factory), refused));
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(int core) {
    return newScheduledThreadPoolExecutor(core, defaultThreadFactory());
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads
  /// @param factory of their names
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(
      int core, ThreadFactory factory) {
    return newScheduledThreadPoolExecutor(core, factory, new ThreadPoolExecutor.AbortPolicy());
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads
  /// @param refused what is done with tasks that come too late
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(
      int core, RejectedExecutionHandler refused) {
    return newScheduledThreadPoolExecutor(core, defaultThreadFactory(), refused);
  }

  /// {@return a pool, as [ScheduledThreadPoolExecutor]'s constructor makes it}
  ///
  /// @param core threads
  /// @param factory of their names
  /// @param refused what is done with tasks that come too late
  public static ScheduledThreadPoolExecutor newScheduledThreadPoolExecutor(
      int core, ThreadFactory factory, RejectedExecutionHandler refused) {
    return ending(new ScheduledThreadPoolExecutor(core, green(factory), refused));
  }

  private static ThreadFactory green(ThreadFactory factory) {
    var hub = Hub.currentOrNull();
    return hub == null ? factory : Threads.factory(hub, factory);
  }

  /// Has a pool end with the hub. Its idle threads would outlive an unwind: they take an interrupt
  /// for a reason to look whether the pool was shut down.
  private static <T extends ExecutorService> T ending(T pool) {
    var hub = Hub.currentOrNull();
    if (hub != null) {
      var weak = new WeakReference<ExecutorService>(pool);
      hub.whenClosing(pool, () -> Thread.startVirtualThread(() -> shutDown(weak.get())));
    }
    return pool;
  }

  private static void shutDown(@Nullable ExecutorService pool) {
    if (pool != null) {
      pool.shutdownNow();
    }
  }
}
