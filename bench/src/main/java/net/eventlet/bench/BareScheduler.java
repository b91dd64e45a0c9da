package net.eventlet.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/// How little can a green thread cost that is a virtual thread on a scheduler of ours?
///
/// The limit for [EventletMicro]: virtual threads on a queue that one thread empties, and nothing
/// else. No handle, no kill, no timer, no socket.
///
/// - `switch`: from one thread to the other, each calling `Thread.yield`
/// - `switch-1000`: the same among a thousand
/// - `handoff`: with parking and waking
/// - `spawn`: start a thread, let it run, be woken by it with its result
/// - `memory`: a million parked threads
///
/// Run: `make bench ARGS="switch handoff spawn memory"`, or by itself with the flags of
/// `eventlet.flags` and the rows as arguments.
final class BareScheduler {

  private static final MethodHandle NEW_VIRTUAL_THREAD;
  private static final MethodHandle CURRENT_CARRIER;

  static {
    try {
      var lookup = MethodHandles.lookup();
      var create =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      create.setAccessible(true);
      NEW_VIRTUAL_THREAD = lookup.unreflect(create);
      var carrier = Thread.class.getDeclaredMethod("currentCarrierThread");
      carrier.setAccessible(true);
      CURRENT_CARRIER = lookup.unreflect(carrier);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread carrier = Thread.currentThread();
  private final ArrayDeque<Runnable> runnable = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<Runnable> submitted = new ConcurrentLinkedQueue<>();
  private final Executor scheduler = this::execute;

  private BareScheduler() {}

  /// Measures the rows that are named, or all of them.
  ///
  /// @param arguments rows
  /// @throws Exception if a row cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var scheduler = new BareScheduler();
    var rows = Arrays.asList(arguments);
    if (rows.isEmpty() || rows.contains("switch")) {
      Measure.report("switch", 1_000_000, n -> scheduler.yieldAmong(2, n));
    }
    if (rows.isEmpty() || rows.contains("switch-1000")) {
      Measure.report("switch-1000", 1_000_000, n -> scheduler.yieldAmong(1000, n));
    }
    if (rows.isEmpty() || rows.contains("handoff")) {
      Measure.report("handoff", 1_000_000, scheduler::handOff);
    }
    if (rows.isEmpty() || rows.contains("spawn")) {
      Measure.report("spawn", 500_000, scheduler::spawn);
    }
    if (rows.isEmpty() || rows.contains("memory")) {
      scheduler.memory(100_000);
      var before = Measure.Memory.now();
      scheduler.memory(1_000_000, before);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // what is measured
  private void yieldAmong(int threads, int switches) {
    for (var i = 0; i < threads; i++) {
      start(() -> {
        for (var j = 0; j < switches / threads; j++) {
          Thread.yield();
        }
      });
    }
    runAll();
  }

  private void handOff(int handOffs) {
    var turns = new Turns();
    turns.follower(start(() -> turns.follow(handOffs / 2)));
    start(() -> turns.lead(handOffs / 2));
    runAll();
  }

  private void spawn(int threads) {
    start(() -> {
      var parent = Thread.currentThread();
      var sum = 0;
      for (var i = 0; i < threads; i++) {
        var result = new Result();
        start(() -> {
          result.value = 1;
          LockSupport.unpark(parent);
        });
        while (result.value == 0) {
          LockSupport.park();
        }
        sum += result.value;
      }
      if (sum != threads) {
        throw new AssertionError("only " + sum + " of " + threads + " results came");
      }
    });
    runAll();
  }

  private void memory(int count) {
    unpark(park(count));
  }

  private void memory(int count, Measure.Memory before) {
    var parked = park(count);
    Measure.reportMemory("memory", count, before);
    unpark(parked);
  }

  private Thread[] park(int count) {
    var parked = new Thread[count];
    for (var i = 0; i < count; i++) {
      parked[i] = start(LockSupport::park);
    }
    runAll();
    return parked;
  }

  private void unpark(Thread[] parked) {
    for (var thread : parked) {
      LockSupport.unpark(thread);
    }
    runAll();
  }

  private void execute(Runnable task) {
    if (currentCarrier() == carrier) {
      runnable.addLast(task);
    } else {
      submitted.add(task);
      LockSupport.unpark(carrier);
    }
  }

  private void runAll() {
    for (var task = next(); task != null; task = next()) {
      task.run();
    }
  }

  private Runnable next() {
    var task = runnable.pollFirst();
    return task != null ? task : submitted.poll();
  }

  private Thread start(Runnable body) {
    return start(scheduler, body);
  }

  /// {@return a new virtual thread that a scheduler runs}
  static Thread start(Executor scheduler, Runnable body) {
    try {
      var thread = (Thread) NEW_VIRTUAL_THREAD.invokeExact(scheduler, (String) null, 0, body);
      thread.start();
      return thread;
    } catch (Throwable e) {
      throw new AssertionError("a virtual thread on a scheduler of ours cannot be made", e);
    }
  }

  private static Thread currentCarrier() {
    try {
      return (Thread) CURRENT_CARRIER.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError("the carrier cannot be told", e);
    }
  }

  private static final class Result {
    int value;
  }
}
