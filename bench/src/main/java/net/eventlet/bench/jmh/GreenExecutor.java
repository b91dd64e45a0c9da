package net.eventlet.bench.jmh;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Hub;

/// Runs JMH's workers as green threads of one hub.
///
/// Run: through the benchmarks, which ask for it with [#CUSTOM] and [#CLASS].
public final class GreenExecutor extends ThreadPoolExecutor {

  /// Tells JMH to use an executor of one's own.
  static final String CUSTOM = "-Djmh.executor=CUSTOM";

  /// Tells JMH which.
  static final String CLASS = "-Djmh.executor.class=net.eventlet.bench.jmh.GreenExecutor";

  private final Hub hub;

  /// Starts a hub. Called by JMH.
  ///
  /// @param workers that JMH wants
  /// @param name of the hub
  public GreenExecutor(int workers, String name) {
    this(workers, Hub.start(name));
  }

  private GreenExecutor(int workers, Hub hub) {
    super(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), hub.threadFactory());
    this.hub = hub;
  }

  /// Waits for the workers, then closes the hub.
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    var terminated = super.awaitTermination(timeout, unit);
    if (terminated) {
      hub.close();
    }
    return terminated;
  }
}
