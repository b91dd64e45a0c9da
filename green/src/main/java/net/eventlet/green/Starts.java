package net.eventlet.green;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.hubs.Waiter;
import net.eventlet.hubs.Wakeup;
import org.jspecify.annotations.Nullable;

/// Starts children on threads of its own: the kernel suspends whoever starts one until the child is
/// another program, a third of a millisecond later, or much later if that lies on a slow file
/// system.
///
/// They are daemons, and end after ten idle seconds.
final class Starts {

  private static final int THREADS = 20;

  private static final ThreadPoolExecutor EXECUTOR = executor();

  private Starts() {}

  private static ThreadPoolExecutor executor() {
    var executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // bounded by those who wait
            Thread.ofPlatform().daemon().name("starts-", 0).factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /// {@return a child that runs; null if the time ran out first, when it is ended again}
  ///
  /// @param command with what
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @throws IOException if it cannot be started
  static @Nullable Child start(Command command, long limitNanos) throws IOException {
    var order = new Order(new Starter(command), new Waiter());
    try {
      EXECUTOR.execute(order);
      return order.await(limitNanos);
    } finally {
      order.abandon();
    }
  }

  /// A start under way. Its outcome is a child or a failure, unless the one who waits is gone.
  private record Order(Starter starter, Waiter waiter, AtomicReference<@Nullable Object> outcome)
      implements Runnable {

    private static final Object GONE = new Object();

    Order(Starter starter, Waiter waiter) {
      this(starter, waiter, new AtomicReference<>());
    }

    @Override
    public void run() {
      Object result;
      try (starter) {
        if (outcome.get() == GONE) {
          return;
        }
        result = starter.start();
      } catch (Throwable failure) {
        result = failure;
      }
      if (outcome.compareAndSet(null, result)) {
        waiter.wake();
      } else if (result instanceof Child child) {
        child.discard();
      }
    }

    @Nullable Child await(long limitNanos) throws IOException {
      if (waiter.await(limitNanos) == Wakeup.INTERRUPTED) {
        throw Waiting.interrupted();
      }
      return switch (outcome.getAndSet(GONE)) {
        case null -> null;
        case Child child -> child;
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new AssertionError("a start ended in no way; please report this");
      };
    }

    void abandon() {
      if (outcome.getAndSet(GONE) instanceof Child child) {
        child.discard();
      }
    }
  }
}
