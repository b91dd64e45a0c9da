package net.eventlet.green.coverage;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import net.eventlet.Action;
import net.eventlet.Eventlet;
import org.jspecify.annotations.Nullable;

/// Makes one call wait for a while in a green thread, and counts how often another one of the same
/// hub runs meanwhile.
///
/// @param group of `calls.txt` or `barriers.txt` that the call is in
/// @param call as the test's name shows it
/// @param behaviour what is expected
/// @param body makes the call
record Probe(String group, String call, Behaviour behaviour, Body body) {

  /// How long a call is made to wait.
  static final Duration TIME = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_TICKS = Duration.ofMillis(5);

  /// Makes a call.
  @FunctionalInterface
  interface Body {

    /// Sets up what is needed, begins the wait, makes the call, and returns when it did.
    ///
    /// @param wait to begin
    /// @throws Exception to fail the test
    void run(Wait wait) throws Exception;
  }

  /// What happened during a call.
  ///
  /// @param waited from the beginning of the wait to the end of the call
  /// @param ticks of the other green thread
  record Seen(Duration waited, int ticks) {}

  /// The wait of one call.
  static final class Wait {

    private static final int ENOUGH_TICKS = 10; // of 40

    private volatile int ticks;
    private int ticksBefore;
    private long began;
    private FutureTask<?> release = new FutureTask<>(() -> null);

    private final Duration longest;

    private @Nullable Seen seen; // null before the end

    private Wait(Duration longest) {
      this.longest = longest;
      release.run();
    }

    /// Says that the call is next, and ends by itself after [Probe#TIME].
    void begin() {
      ticksBefore = ticks;
      began = System.nanoTime();
    }

    /// Says that the call is next.
    ///
    /// @param end what a plain thread does after [Probe#TIME], and when there were some ticks or
    ///   none for long, so that the call returns
    void begin(Action end) {
      var task =
          new FutureTask<>(() -> {
            Thread.sleep(TIME);
            while (ticks - ticksBefore < ENOUGH_TICKS && waited().compareTo(longest) < 0) {
              Thread.sleep(BETWEEN_TICKS);
            }
            end.run();
            return null;
          });
      release = task;
      begin();
      Thread.ofPlatform().daemon().name("release").start(task);
    }

    private Duration waited() {
      return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Says that the call returned, and waits until what made it return has done its part.
    ///
    /// The end of the body says so too.
    ///
    /// @throws Exception what went wrong in that
    void end() throws Exception {
      if (seen == null) {
        seen = new Seen(waited(), ticks - ticksBefore);
      }
      release.get();
    }
  }

  /// {@return what happened, on a hub of the calling thread}
  ///
  /// @throws Exception what the call throws
  Seen run() throws Exception {
    return Eventlet.run(() -> {
      var wait = new Wait(behaviour == Behaviour.BLOCKS ? TIME : PATIENCE);
      Eventlet.spawnN(() -> {
        while (true) {
          Eventlet.sleep(BETWEEN_TICKS);
          wait.ticks++;
        }
      });
      body.run(wait);
      wait.end();
      return wait.seen;
    });
  }

  /// Waits for a latch where no [InterruptedException] may be thrown.
  static void await(CountDownLatch latch) {
    uninterrupted(latch::await);
  }

  /// Does something where no checked exception may be thrown.
  static void uninterrupted(Action wait) {
    try {
      wait.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return call;
  }
}
