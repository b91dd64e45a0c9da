package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.Action;

/// Shows that a hub goes on while a call waits: a green thread of the same hub ticks meanwhile.
final class Ticker {

  private static final Duration TICK = Duration.ofMillis(5);
  private static final int ENOUGH = 3; // of the twenty or more that could be; a hub held up has one

  private Ticker() {}

  /// Runs `waits` on a hub, and fails if the hub did nothing else meanwhile.
  ///
  /// @param waits takes at least 100 ms, in which it waits
  /// @param <T> what it returns
  /// @return what it returned
  /// @throws Exception what it threw
  static <T> T during(Callable<T> waits) throws Exception {
    return run(() -> {
      var ticks = new AtomicInteger();
      var ticker =
          spawn(() -> {
            while (true) {
              sleep(TICK);
              ticks.incrementAndGet();
            }
          });
      sleep();
      var begun = System.nanoTime();
      try {
        return waits.call();
      } finally {
        var millis = (System.nanoTime() - begun) / 1_000_000;
        ticker.kill();
        assertTrue(millis >= 100, "it took only " + millis + " ms, so that nothing was shown");
        assertTrue(
            ticks.get() >= ENOUGH,
            "the hub ticked %d times in %d ms: it was held up".formatted(ticks.get(), millis));
      }
    });
  }

  /// As [#during(Callable)].
  static void during(Action waits) throws Exception {
    during(() -> {
      waits.run();
      return true;
    });
  }
}
