package net.eventlet;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A pool as an executor service: what is given to it runs in the pool's green threads.
///
/// Executing waits while the pool is full; a member of the pool runs the task in place then. A task
/// is accepted before that wait, so that shutting down waits for it as well, and [#shutdownNow()]
/// gives it back.
final class PoolExecutor extends AbstractExecutorService {

  private final GreenPool pool;
  private final Hub hub;
  private final Set<Task> accepted = new LinkedHashSet<>(); // and not over; guarded by itself
  private final Event<Boolean> terminated = new Event<>();
  private volatile boolean shutdown;

  PoolExecutor(GreenPool pool, Hub hub) {
    this.pool = pool;
    this.hub = hub;
  }

  /// A task that was accepted.
  private final class Task implements Action {

    private final Runnable body;
    private @Nullable Thread runner; // null until it begins

    Task(Runnable body) {
      this.body = body;
    }

    @Override
    public void run() {
      synchronized (accepted) {
        if (!accepted.contains(this)) {
          return; // shutdownNow gave it back
        }
        runner = Thread.currentThread();
      }
      try {
        body.run();
      } finally {
        over(this);
      }
    }
  }

  @Override
  public void execute(Runnable body) {
    var task = new Task(Objects.requireNonNull(body, "task"));
    synchronized (accepted) {
      if (shutdown) {
        throw new RejectedExecutionException("the executor of " + pool + " was shut down");
      }
      accepted.add(task);
    }
    GreenThread<?> thread;
    try {
      thread = pool.<@Nullable Void>spawn(hub, task, false);
    } catch (Throwable refusal) { // the pool is closed, or the caller was killed as it waited
      over(task);
      throw refusal;
    }
    thread.link(ended -> {
      over(task); // if it never began
      GreenPool.report(ended);
    });
  }

  private void over(Task task) {
    synchronized (accepted) {
      accepted.remove(task);
      tellIfTerminated();
    }
  }

  private void tellIfTerminated() {
    if (shutdown && accepted.isEmpty() && !terminated.ready()) {
      terminated.send(true);
    }
  }

  @Override
  public void shutdown() {
    synchronized (accepted) {
      shutdown = true;
      tellIfTerminated();
    }
  }

  /// Shuts down, and interrupts what runs, which is a kill.
  ///
  /// @return what was accepted and has not begun, and never will
  @Override
  public List<Runnable> shutdownNow() {
    var unbegun = new ArrayList<Runnable>();
    var runners = new ArrayList<Thread>();
    synchronized (accepted) {
      shutdown = true;
      for (var task : accepted) {
        if (task.runner == null) {
          unbegun.add(task.body);
        } else {
          runners.add(task.runner);
        }
      }
      accepted.removeIf(task -> task.runner == null);
      tellIfTerminated();
    }
    runners.forEach(Thread::interrupt);
    return unbegun;
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
