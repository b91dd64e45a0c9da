package net.eventlet.bench;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// What do the JDK's own virtual threads cost on one carrier?
///
/// - `switch`: from one thread to the other, each calling `Thread.yield`
/// - `switch-1000`: the same among a thousand
/// - `handoff`: of a value through a `CompletableFuture`
/// - `handoff-park`: with parking and waking
/// - `spawn`: start a thread with a task, let it run, get its result
/// - `memory`: a million parked threads
/// - `timers`: schedule and cancel, with none and with a million pending, on the JDK's executor
///
/// Run: `make bench ARGS="switch handoff spawn memory timers"`, or by itself with
/// `-Djdk.virtualThreadScheduler.parallelism=1 -Djdk.virtualThreadScheduler.maxPoolSize=1` and the
/// rows as arguments.
final class StockThreadsMicro {

  private StockThreadsMicro() {}

  /// Measures the rows that are named, or all of them.
  ///
  /// @param arguments rows
  /// @throws Exception if a row cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(() -> measure(arguments)).get();
    }
  }

  private static Void measure(String[] arguments) throws Exception {
    var rows = Arrays.asList(arguments);
    if (rows.isEmpty() || rows.contains("switch")) {
      Measure.report("switch", 1_000_000, n -> yieldAmong(2, n));
    }
    if (rows.isEmpty() || rows.contains("switch-1000")) {
      Measure.report("switch-1000", 1_000_000, n -> yieldAmong(1000, n));
    }
    if (rows.isEmpty() || rows.contains("handoff")) {
      Measure.report("handoff", 1_000_000, StockThreadsMicro::handOff);
      Measure.report("handoff-park", 1_000_000, StockThreadsMicro::handOffByParking);
    }
    if (rows.isEmpty() || rows.contains("spawn")) {
      Measure.report("spawn", 500_000, StockThreadsMicro::spawn);
    }
    if (rows.isEmpty() || rows.contains("memory")) {
      memory();
    }
    if (rows.isEmpty() || rows.contains("timers")) {
      timers();
    }
    return null;
  }

  @SuppressWarnings("ThreadPriorityCheck") // what is measured
  private static void yieldAmong(int count, int switches) throws InterruptedException {
    var threads = new Thread[count];
    for (var i = 0; i < count; i++) {
      threads[i] =
          Thread.startVirtualThread(() -> {
            for (var j = 0; j < switches / count; j++) {
              Thread.yield();
            }
          });
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  /// A question, and where its answer and the next question go.
  private record Question(CompletableFuture<Integer> answer, CompletableFuture<Question> next) {
    Question() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  private static void handOff(int handOffs) throws Exception {
    var rounds = handOffs / 2;
    var first = new CompletableFuture<Question>();
    var other =
        Thread.startVirtualThread(() -> {
          var there = first;
          for (var i = 0; i < rounds; i++) {
            var question = there.join();
            there = question.next();
            question.answer().complete(i);
          }
        });
    var there = first;
    for (var i = 0; i < rounds; i++) {
      var question = new Question();
      there.complete(question);
      there = question.next();
      question.answer().get();
    }
    other.join();
  }

  private static void handOffByParking(int handOffs) throws InterruptedException {
    var turns = new Turns();
    var other = Thread.ofVirtual().unstarted(() -> turns.follow(handOffs / 2));
    turns.follower(other);
    other.start();
    turns.lead(handOffs / 2);
    other.join();
  }

  private static void spawn(int threads) throws Exception {
    var sum = 0;
    for (var i = 0; i < threads; i++) {
      var result = new FutureTask<>(() -> 1);
      Thread.startVirtualThread(result);
      sum += result.get();
    }
    if (sum != threads) {
      throw new AssertionError("only " + sum + " of " + threads + " results came");
    }
  }

  private static void memory() throws InterruptedException {
    unpark(park(100_000));
    var before = Measure.Memory.now();
    var parked = park(1_000_000);
    Measure.reportMemory("memory", parked.length, before);
    unpark(parked);
  }

  @SuppressWarnings("ThreadPriorityCheck") // the others are on the same carrier
  private static Thread[] park(int count) {
    var parked = new Thread[count];
    for (var i = 0; i < count; i++) {
      parked[i] = Thread.startVirtualThread(LockSupport::park);
    }
    for (var i = 0; i < 1000 && parked[count - 1].getState() != Thread.State.WAITING; i++) {
      Thread.yield();
    }
    return parked;
  }

  private static void unpark(Thread[] parked) throws InterruptedException {
    for (var thread : parked) {
      LockSupport.unpark(thread);
    }
    for (var thread : parked) {
      thread.join();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing comes of them
  private static void timers() throws Exception {
    try (var timers = new ScheduledThreadPoolExecutor(1)) {
      timers.setRemoveOnCancelPolicy(true);
      Measure.report("timers-0", 200_000, n -> scheduleAndCancel(timers, n));
      var random = RandomGenerator.of("L64X128MixRandom");
      for (var i = 0; i < 1_000_000; i++) {
        timers.schedule(() -> {}, 3600 + random.nextInt(3600), TimeUnit.SECONDS);
      }
      Measure.report("timers", 200_000, n -> scheduleAndCancel(timers, n));
      timers.shutdownNow();
    }
  }

  private static void scheduleAndCancel(ScheduledThreadPoolExecutor timers, int count) {
    for (var i = 0; i < count; i++) {
      timers.schedule(() -> {}, 30, TimeUnit.SECONDS).cancel(false);
    }
  }
}
