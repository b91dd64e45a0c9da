package net.eventlet.green;

import java.util.Objects;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A [Timer] whose tasks run in a green thread.
///
/// It is the JDK's timer in all it does: one thread runs all tasks, one after the other, and a task
/// that fails ends the timer. Closing the hub cancels it. One that is not cancelled before keeps
/// its threads until then, even if it is garbage.
///
/// The JDK starts a platform thread for each timer, and runs in it the loop that waits for tasks. A
/// first task here keeps that thread parked, while a green thread runs the loop in its stead.
///
/// Source: [Timer]; `threading.Timer` in `eventlet/green/threading.py`.
public final class GreenTimer extends Timer {

  /// Creates a timer of the caller's hub, or of the process's default hub if it has none.
  public GreenTimer() {
    this("green-timer");
  }

  /// Creates a timer of the caller's hub, or of the process's default hub if it has none.
  ///
  /// @param name of its green thread
  public GreenTimer(String name) {
    this(name, Threads.hub());
  }

  /// Creates a timer. Waits for a moment, until its loop has moved to the hub.
  ///
  /// @param name of its green thread
  /// @param hub that runs its tasks
  /// @throws IllegalStateException if the hub is closed
  public GreenTimer(String name, Hub hub) {
    super(Objects.requireNonNull(name, "name"), true);
    var loop = new Loop();
    schedule(loop.keeper(), 0);
    loop.platform.join(); // before there can be a task that is due earlier
    try {
      hub.whenClosing(loop, () -> Thread.startVirtualThread(this::cancel));
      var fiber = hub.fiber(loop, loop);
      fiber.thread().setName(name);
      fiber.start();
    } catch (IllegalStateException closed) {
      cancel();
      loop.over.complete(true);
      throw closed;
    }
  }

  /// The timer's loop, in its green thread.
  private static final class Loop implements Fiber.Body {

    private final CompletableFuture<Thread> platform = new CompletableFuture<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    /// {@return the first task, which keeps the platform thread from going on with the loop}
    TimerTask keeper() {
      return new TimerTask() {
        @Override
        public void run() {
          platform.complete(Thread.currentThread());
          over.join();
        }
      };
    }

    @Override
    public void run() {
      Runnable loop = platform.join();
      loop.run();
    }

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      over.complete(true);
      Fiber.Body.super.ended(fiber, failure);
    }
  }
}
