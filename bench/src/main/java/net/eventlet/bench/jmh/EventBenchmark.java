package net.eventlet.bench.jmh;

import static net.eventlet.Eventlet.spawn;

import java.util.concurrent.TimeUnit;
import net.eventlet.Event;
import net.eventlet.GreenThread;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to hand a value to another green thread through an event, and wait?
///
/// Run: `make bench ARGS=EventBenchmark`
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
public class EventBenchmark {

  private record Question(Event<Integer> answer, Event<Question> next) {}

  private final Event<Question> first = new Event<>();
  private final GreenThread<?> answering = spawn(() -> answer(first));
  private final Event<Integer> sent = new Event<>();
  private Event<Question> there = first;

  /// Makes the benchmark. Called by JMH, on a hub.
  public EventBenchmark() {
    sent.send(1);
  }

  /// Ends the green thread that answers.
  @TearDown
  public void end() {
    answering.kill();
  }

  /// Asks, and waits for the answer: two hand-offs.
  ///
  /// @return the answer
  /// @throws Exception never
  @Benchmark
  @OperationsPerInvocation(2)
  public int askAndAwait() throws Exception {
    var question = new Question(new Event<>(), new Event<>());
    there.send(question);
    there = question.next();
    return question.answer().await();
  }

  /// Awaits an event that was sent already, so that nothing waits.
  ///
  /// @return what was sent
  /// @throws Exception never
  @Benchmark
  public int awaitSent() throws Exception {
    return sent.await();
  }

  private static void answer(Event<Question> first) throws Exception {
    var there = first;
    for (var answers = 0; ; answers++) {
      var question = there.await();
      there = question.next();
      question.answer().send(answers);
    }
  }
}
