package net.eventlet.hubs;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Runs the body of a test in a green thread.
public final class OnHub {

  private static final Queue<Throwable> FAILURES = new ConcurrentLinkedQueue<>();

  private OnHub() {}

  /// A body without a result.
  @FunctionalInterface
  public interface Body {

    /// Runs it.
    ///
    /// @throws Exception to fail the test
    void run() throws Exception;
  }

  /// Runs a hub on the calling thread, and `body` as its first green thread. Fails if another fails
  /// that was [started][#start(Body)] here.
  static <T> T call(HubOptions options, Callable<T> body) throws Exception {
    FAILURES.clear();
    var task = new FutureTask<>(body);
    Hub.run(options, hub -> hub.fiber(new Unwindable(task::run), body));
    var result = get(task);
    if (!FAILURES.isEmpty()) {
      throw new AssertionError("another green thread failed", FAILURES.peek());
    }
    return result;
  }

  /// Runs a hub on the calling thread, and `body` as its first green thread.
  static void run(HubOptions options, Body body) throws Exception {
    call(
        options,
        () -> {
          body.run();
          return true;
        });
  }

  /// {@return what a task returns, or what it throws as it is}
  public static <T> T get(Future<T> task) throws Exception {
    try {
      return task.get(10, SECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
  }

  /// Starts a green thread on the hub of the caller.
  static Fiber start(Body body) {
    return start(Hub.current(), body);
  }

  /// Starts a green thread on a hub, whose end unwinds it with a [CancellationException].
  static Fiber start(Hub hub, Body body) {
    return hub.fiber(new Unwindable(body), body).start();
  }

  /// Gives the others a turn.
  static void pass() {
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      throw new AssertionError("not in a green thread");
    }
    fiber.pass();
  }

  private record Unwindable(Body body) implements Fiber.Body {

    @Override
    public void run() throws Exception {
      body.run();
    }

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      if (failure != null && !(failure instanceof CancellationException)) {
        FAILURES.add(failure);
        Hub.uncaught(fiber.thread(), failure);
      }
    }
  }
}
