package net.eventlet.hubs;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.eventlet.jdk.Jdk;
import org.jspecify.annotations.Nullable;

/// What the JDK sees of a hub: the scheduler of its virtual threads.
///
/// A [ForkJoinPool] in name only, since the JDK hands the timed waits of virtual threads (sleeping,
/// parking for a time, `SO_TIMEOUT`) to a scheduler of that class and to no other. It starts no
/// thread.
@SuppressWarnings("serial") // nobody writes a pool to a stream
final class HubScheduler extends ForkJoinPool {

  private final Hub hub;

  HubScheduler(Hub hub) {
    super(1);
    this.hub = hub;
  }

  /// {@return whose scheduler this is}
  Hub hub() {
    return hub;
  }

  @Override
  public void execute(Runnable continuation) {
    hub.resume(continuation);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
    var timer = new JdkTimer(hub, action);
    hub.add(unit.toNanos(delay), timer);
    return timer;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> action, long delay, TimeUnit unit) {
    throw refuse();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable action, long initialDelay, long period, TimeUnit unit) {
    throw refuse();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable action, long initialDelay, long delay, TimeUnit unit) {
    throw refuse();
  }

  private static UnsupportedOperationException refuse() {
    return new UnsupportedOperationException("this pool only runs the virtual threads of a hub");
  }

  /// The end of a virtual thread's timed wait. The JDK cancels it when the wait ends otherwise.
  private static final class JdkTimer extends HubTimer implements ScheduledFuture<@Nullable Void> {

    private final Runnable action;

    JdkTimer(Hub hub, Runnable action) {
      super(hub);
      this.action = action;
    }

    @Override
    void fire() {
      action.run();
    }

    @Override
    void orphan(long leftNanos) {
      var _ = Jdk.defaultTimers().schedule(action, leftNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      cancel();
      return true;
    }

    @Override
    public boolean isCancelled() {
      return isDone();
    }

    @Override
    public boolean isDone() {
      return !pending();
    }

    @Override
    public @Nullable Void get() {
      throw refuse();
    }

    @Override
    public @Nullable Void get(long timeout, TimeUnit unit) {
      throw refuse();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      throw refuse();
    }

    @Override
    public int compareTo(Delayed other) {
      throw refuse();
    }
  }
}
