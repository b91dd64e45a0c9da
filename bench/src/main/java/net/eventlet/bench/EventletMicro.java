package net.eventlet.bench;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Eventlet.spawnN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import net.eventlet.Timeout;
import net.eventlet.hubs.Hub;

/// What do green threads cost inside one process?
///
/// - `switch`: from one green thread to the other, each calling `sleep()`
/// - `switch-1000`: the same among a thousand
/// - `handoff-park`: with parking and waking ([EventletHandOff] does it with an event)
/// - `spawn`: spawn, let it run, await its result; `spawn-n`: spawn without a handle, let it run
/// - `memory`: a million parked green threads, each with its handle; `memory-asleep`: a million in
///   `sleep`, each with its timer
/// - `timers`: arm a `Timeout` and close it, with none and with a million pending, which a thousand
///   other green threads armed
///
/// Run: `make bench ARGS="switch spawn memory timers"`, or by itself with the flags of
/// `eventlet.flags` and the rows as arguments.
final class EventletMicro {

  private EventletMicro() {}

  /// Measures the rows that are named, or all of them.
  ///
  /// @param arguments rows
  /// @throws Exception if a row cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    Eventlet.run(() -> measure(arguments));
  }

  private static void measure(String[] arguments) throws Exception {
    var rows = Arrays.asList(arguments);
    if (rows.isEmpty() || rows.contains("switch")) {
      Measure.report("switch", 1_000_000, n -> sleepAmong(2, n));
    }
    if (rows.isEmpty() || rows.contains("switch-1000")) {
      Measure.report("switch-1000", 1_000_000, n -> sleepAmong(1000, n));
    }
    if (rows.isEmpty() || rows.contains("handoff")) {
      Measure.report("handoff-park", 1_000_000, EventletMicro::handOffByParking);
    }
    if (rows.isEmpty() || rows.contains("spawn")) {
      Measure.report("spawn", 500_000, EventletMicro::spawnAndAwait);
      Measure.report("spawn-n", 500_000, EventletMicro::spawnAndForget);
    }
    if (rows.isEmpty() || rows.contains("memory")) {
      memory();
    }
    if (rows.isEmpty() || rows.contains("timers")) {
      timers();
    }
  }

  private static void sleepAmong(int count, int switches) throws Exception {
    var greenThreads = new ArrayList<GreenThread<Void>>();
    for (var i = 0; i < count; i++) {
      greenThreads.add(
          spawn(() -> {
            for (var j = 0; j < switches / count; j++) {
              sleep();
            }
          }));
    }
    for (var greenThread : greenThreads) {
      greenThread.await();
    }
  }

  private static void handOffByParking(int handOffs) throws Exception {
    var turns = new Turns();
    var other = spawn(() -> turns.follow(handOffs / 2));
    turns.follower(other.thread());
    turns.lead(handOffs / 2);
    other.await();
  }

  private static void spawnAndAwait(int count) throws Exception {
    var sum = 0;
    for (var i = 0; i < count; i++) {
      sum += spawn(() -> 1).await();
    }
    if (sum != count) {
      throw new AssertionError("only " + sum + " of " + count + " results came");
    }
  }

  private static void spawnAndForget(int count) {
    var ran = new int[1];
    for (var i = 0; i < count; i++) {
      spawnN(() -> ran[0]++);
      if (i % 1000 == 999) {
        sleep();
      }
    }
    sleep();
    if (ran[0] != count) {
      throw new AssertionError("only " + ran[0] + " of " + count + " ran");
    }
  }

  private static void memory() throws Exception {
    unpark(park(100_000));
    var before = Measure.Memory.now();
    var parked = park(1_000_000);
    Measure.reportMemory("memory", parked.size(), before);
    unpark(parked);

    before = Measure.Memory.now();
    var asleep = fallAsleep(1_000_000);
    Measure.reportMemory("memory-asleep", asleep.size(), before);
    for (var greenThread : asleep) {
      greenThread.kill();
    }
  }

  private static List<GreenThread<Void>> park(int count) {
    var parked = new ArrayList<GreenThread<Void>>(count);
    for (var i = 0; i < count; i++) {
      parked.add(spawn(() -> LockSupport.park()));
    }
    sleep();
    return parked;
  }

  private static void unpark(List<GreenThread<Void>> parked) throws Exception {
    for (var greenThread : parked) {
      LockSupport.unpark(greenThread.thread());
    }
    for (var greenThread : parked) {
      greenThread.await();
    }
  }

  private static List<GreenThread<Void>> fallAsleep(int count) {
    var asleep = new ArrayList<GreenThread<Void>>(count);
    for (var i = 0; i < count; i++) {
      asleep.add(spawn(() -> sleep(Duration.ofHours(1))));
    }
    sleep();
    return asleep;
  }

  private static void timers() throws Exception {
    Measure.report("timers-0", 500_000, EventletMicro::armAndClose);
    var random = RandomGenerator.of("L64X128MixRandom");
    var holders = new ArrayList<GreenThread<Void>>();
    for (var i = 0; i < 1000; i++) {
      holders.add(spawn(() -> holdTimeouts(1000, random)));
    }
    sleep();
    var pending = Hub.current().statistics().timers();
    if (pending < 1_000_000) {
      throw new AssertionError("only " + pending + " timers are pending");
    }
    Measure.report("timers", 500_000, EventletMicro::armAndClose);
    for (var holder : holders) {
      LockSupport.unpark(holder.thread());
      holder.await();
    }
  }

  private static void holdTimeouts(int count, RandomGenerator random) {
    var timeouts = new ArrayList<Timeout>(count);
    for (var i = 0; i < count; i++) {
      timeouts.add(Timeout.after(Duration.ofMinutes(60).plusNanos(random.nextLong(1L << 41))));
    }
    LockSupport.park();
    timeouts.forEach(Timeout::close);
  }

  private static void armAndClose(int count) {
    var limit = Duration.ofSeconds(30);
    for (var i = 0; i < count; i++) {
      try (var _ = Timeout.after(limit)) {
        // nothing takes that long
      }
    }
  }
}
