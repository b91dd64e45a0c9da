package net.eventlet.bench.jmh;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Eventlet.spawnN;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import net.eventlet.GreenThread;
import net.eventlet.hubs.Hub;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to start a green thread and to be rid of it again?
///
/// Run: `make bench ARGS=SpawnBenchmark`
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
public class SpawnBenchmark {

  private int ran;
  private final Callable<Integer> body = () -> ran++;
  private final Hub elsewhere = Hub.start("elsewhere");

  /// Makes the benchmark. Called by JMH, on a hub.
  public SpawnBenchmark() {}

  /// Closes the other hub.
  @TearDown
  public void closeHub() {
    elsewhere.close();
  }

  /// Spawns one and awaits its result.
  ///
  /// @return the result
  /// @throws Exception never
  @Benchmark
  public int await() throws Exception {
    return spawn(body).await();
  }

  /// Spawns one without a handle and lets it run.
  @Benchmark
  public void forget() {
    spawnN(() -> ran++);
    sleep();
  }

  /// Spawns one and kills it before it began.
  ///
  /// @return it
  @Benchmark
  public GreenThread<Integer> killBeforeItBegan() {
    var greenThread = spawn(body);
    greenThread.kill();
    sleep(); // or what was killed would pile up
    return greenThread;
  }

  /// Spawns one, lets it fall asleep, and kills it there.
  ///
  /// @return it
  @Benchmark
  public GreenThread<?> killAsleep() {
    var greenThread = spawn(() -> sleep(Duration.ofHours(1)));
    sleep();
    greenThread.kill();
    return greenThread;
  }

  /// Spawns one on another hub and awaits its result.
  ///
  /// @return the result
  /// @throws Exception never
  @Benchmark
  public int awaitFromAnotherHub() throws Exception {
    return spawn(elsewhere, body).await();
  }
}
