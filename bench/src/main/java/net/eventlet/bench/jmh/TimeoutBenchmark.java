package net.eventlet.bench.jmh;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import net.eventlet.GreenThread;
import net.eventlet.Timeout;
import net.eventlet.hubs.Hub;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a timeout cost that never fires, while others are pending?
///
/// Run: `make bench ARGS=TimeoutBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      GreenExecutor.CUSTOM,
      GreenExecutor.CLASS,
      "--sun-misc-unsafe-memory-access=allow", // JMH's own
      "-XX:+UseSerialGC",
      "-Xms2g"
    })
public class TimeoutBenchmark {

  private static final int HOLDERS = 1000;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Timeouts that other green threads have armed, an hour away and more.
  @Param({"0", "1000000"})
  public int pending;

  private final ArrayList<GreenThread<Void>> holders = new ArrayList<>();
  private final Callable<Integer> body = () -> pending;

  /// Makes the benchmark. Called by JMH.
  public TimeoutBenchmark() {}

  /// Arms what is pending.
  @Setup
  public void fill() {
    var random = RandomGenerator.of("L64X128MixRandom");
    for (var i = 0; i < HOLDERS; i++) {
      holders.add(spawn(() -> hold(pending / HOLDERS, random)));
    }
    sleep();
    var timers = Hub.current().statistics().timers();
    if (timers < pending) {
      throw new AssertionError("only " + timers + " timers are pending");
    }
  }

  /// Cancels it.
  ///
  /// @throws Exception if a holder failed
  @TearDown
  public void empty() throws Exception {
    for (var holder : holders) {
      LockSupport.unpark(holder.thread());
      holder.await();
    }
    holders.clear();
  }

  /// Arms one and closes it.
  ///
  /// @return it
  @Benchmark
  public Timeout armThenClose() {
    var timeout = Timeout.after(LIMIT);
    timeout.close();
    return timeout;
  }

  /// Calls something with a limit.
  ///
  /// @return what it returned
  /// @throws Exception never
  @Benchmark
  public int call() throws Exception {
    return Timeout.call(LIMIT, body);
  }

  private static void hold(int count, RandomGenerator random) {
    var timeouts = new ArrayList<Timeout>(count);
    for (var i = 0; i < count; i++) {
      timeouts.add(Timeout.after(Duration.ofMinutes(60).plusNanos(random.nextLong(1L << 41))));
    }
    LockSupport.park();
    timeouts.forEach(Timeout::close);
  }
}
