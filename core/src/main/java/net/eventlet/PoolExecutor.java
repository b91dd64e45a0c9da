package net.eventlet;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A pool as an executor service: what is given to it runs in the pool's green threads.
///
/// Executing waits while the pool is full; a member of the pool runs the task in place then.
final class PoolExecutor extends AbstractExecutorService {

  private final GreenPool pool;
  private final Hub hub;
  private final Set<GreenThread<?>> underWay = ConcurrentHashMap.newKeySet();
  private final Event<Boolean> terminated = new Event<>();
  private volatile boolean shutdown;

  PoolExecutor(GreenPool pool, Hub hub) {
    this.pool = pool;
    this.hub = hub;
  }

  @Override
  public void execute(Runnable task) {
    Objects.requireNonNull(task, "task");
    if (shutdown) {
      throw new RejectedExecutionException("the executor of " + pool + " was shut down");
    }
    GreenThread<?> thread = pool.<@Nullable Void>spawn(hub, (Action) task::run, false);
    underWay.add(thread);
    thread.link(this::ended);
  }

  private void ended(GreenThread<?> thread) {
    underWay.remove(thread);
    tellIfTerminated();
    try {
      thread.await();
    } catch (GreenThreadExit exit) {
      return; // shutdownNow
    } catch (Throwable failure) {
      Hub.uncaught(thread.thread(), failure);
    }
  }

  private void tellIfTerminated() {
    synchronized (terminated) {
      if (shutdown && underWay.isEmpty() && !terminated.ready()) {
        terminated.send(true);
      }
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
    tellIfTerminated();
  }

  /// Shuts down and kills what runs.
  ///
  /// @return nothing: what was accepted has begun, or is killed before it does
  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    for (var thread : List.copyOf(underWay)) {
      thread.kill();
    }
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return terminated.ready();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.awaitInterruptibly(Math.max(0, unit.toNanos(timeout)));
  }
}
