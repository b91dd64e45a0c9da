package stranger.libraries;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;

/// Many operations at once, on one hub.
public final class AtOnce {

  private static final int WARM_UP = 20;

  private AtOnce() {}

  /// How it went.
  ///
  /// @param millis from the first to the last
  /// @param mostAtOnce operations under way at one time
  /// @param newThreads platform threads that were not there before, at the most
  /// @param answers of the servers, in order
  public record Outcome(long millis, int mostAtOnce, int newThreads, List<String> answers) {}

  /// {@return how it went}
  ///
  /// @param operation is opened and closed
  /// @param port of its server
  /// @param count of operations
  public static Outcome run(Operation operation, int port, int count) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    var before = threads.getThreadCount();
    threads.resetPeakThreadCount();
    return Eventlet.run(() -> {
      operation.open(port, count);
      try {
        all(operation, count, WARM_UP, new AtomicInteger(), new AtomicInteger());
        var most = new AtomicInteger();
        var begun = System.nanoTime();
        var answers = all(operation, 0, count, new AtomicInteger(), most);
        var millis = (System.nanoTime() - begun) / 1_000_000;
        return new Outcome(millis, most.get(), threads.getPeakThreadCount() - before, answers);
      } finally {
        operation.close();
      }
    });
  }

  private static List<String> all(
      Operation operation, int from, int count, AtomicInteger running, AtomicInteger most)
      throws Exception {
    var spawned = new ArrayList<GreenThread<String>>();
    IntStream.range(from, from + count)
        .forEach(number ->
            spawned.add(
                Eventlet.spawn(
                    (Callable<String>)
                        () -> {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          try {
                            return operation.once(number);
                          } finally {
                            running.decrementAndGet();
                          }
                        })));
    var answers = new ArrayList<String>();
    for (var each : spawned) {
      answers.add(each.await());
    }
    return answers;
  }
}
