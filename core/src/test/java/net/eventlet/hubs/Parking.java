package net.eventlet.hubs;

import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/// Calls that wait, and a ticker beside them: the green thread that calls these methods, whose
/// progress shows that a call parks and does not hold the hub up.
final class Parking {

  private static final int TURNS = 100;

  private Parking() {}

  /// Starts a call on the caller's hub, and sees that it waits while the caller goes on.
  static <T> Future<T> waiting(Callable<T> call) throws Exception {
    var future = Hub.current().spawn(call);
    ticks(future);
    return future;
  }

  /// Sees that somebody waits while the caller goes on.
  static void ticks(Future<?> waiting) throws Exception {
    for (var i = 0; i < TURNS; i++) {
      pass();
    }
    if (waiting.isDone()) {
      fail("did not wait: " + get(waiting));
    }
  }

  /// Runs a call that waits for a short time, while the caller goes on. Runs it twice, since the
  /// first time may take as long to load its classes.
  static <T> T waitingInVain(Callable<T> call) throws Exception {
    get(Hub.current().spawn(call));
    var future = Hub.current().spawn(call);
    var turns = 0;
    while (!future.isDone()) {
      pass();
      turns++;
    }
    assertTrue(turns > 1, "it held the hub up"); // one turn was for the call to begin
    return get(future);
  }
}
