package net.eventlet.models;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.eventlet.GreenThread;
import net.eventlet.Timeout;
import net.eventlet.Unwind;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import net.eventlet.models.Step.Bound;
import net.eventlet.models.Step.Bounded;
import org.jspecify.annotations.Nullable;

/// A random program of green threads on one hub, which runs twice at once: in earnest, and in a
/// model. What they did, in which order, and how the primitive is, must be the same at each step.
abstract class Program {

  private static final int ROUNDS = 25;

  private static volatile Duration patience = Duration.ofSeconds(10); // less once one hangs

  /// What a body fails with on purpose.
  static final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    Failure() {
      super("on purpose", null, false, false);
    }
  }

  /// A green thread, and what it is in the model.
  private record Twin(String name, GreenThread<?> real, ModelThread model) {}

  final Random random;
  final ModelHub hub = new ModelHub();

  private final AtomicLong now = new AtomicLong();
  private final List<String> trace = new ArrayList<>(); // what the driver did
  private final List<String> expected = new ArrayList<>();
  private final List<String> observed = new ArrayList<>();
  private final List<Twin> twins = new ArrayList<>();
  private final boolean interrupts; // rather than timeouts: a flag cannot tell the two apart
  private int compared;
  private int named;

  Program(int seed) {
    random = new Random(seed);
    interrupts = random.nextInt(4) == 0;
  }

  // -------------------------------------------------------------------------- what a primitive is

  /// {@return one of the things that green threads do}
  abstract Step step();

  /// Does something to the primitive itself, without waiting, in earnest and in the model, and
  /// compares.
  abstract void act();

  /// {@return how the primitive is}
  abstract String real();

  /// {@return how the model is}
  abstract String model();

  /// Kills what else runs.
  void killTheRest() {}

  /// Checks that nothing is left, all green threads having ended.
  void assertNothingLeft() {}

  // ------------------------------------------------------------------------------------ the driver

  /// Runs the program.
  final void run() throws Exception {
    var options = HubOptions.DEFAULT.withClock(now::get).withCloseLimit(Duration.ofSeconds(1));
    try (var carrier = Hub.start("program", options)) {
      var driver = spawn(carrier, this::drive);
      try {
        driver.await(patience);
      } catch (TimeoutException hangs) {
        patience = Duration.ofSeconds(1);
        fail("the program hangs\n" + history() + "\n" + stacks(driver));
      }
    }
  }

  private void drive() {
    for (var round = 0; round < ROUNDS; round++) {
      for (var left = random.nextInt(4); left >= 0; left--) {
        disturb();
      }
      if (random.nextBoolean()) {
        pass();
      } else {
        settle();
      }
    }
    settle();
    for (var twin : List.copyOf(twins)) {
      kill(twin);
    }
    killTheRest();
    settle();
    for (var twin : twins) {
      assertTrue(twin.real().isDone(), () -> twin.name() + " was killed, and lives\n" + history());
    }
    assertNothingLeft();
    assertEquals(1, Hub.current().statistics().alive(), this::history);
    assertEquals(0, Hub.current().statistics().timers(), this::history);
  }

  private void disturb() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> spawnTwin();
      case 4, 5, 6, 7 -> act();
      case 8 -> {
        var millis = random.nextInt(3);
        did("advance " + millis);
        now.addAndGet(MILLISECONDS.toNanos(millis));
        hub.advance(millis);
      }
      default -> harm();
    }
  }

  private void spawnTwin() {
    var name = nextName();
    var steps = steps(1 + random.nextInt(4));
    did("spawn " + name + " " + steps);
    var real = spawn(() -> perform(name, steps));
    var model = modelThread(name, steps);
    twins.add(new Twin(name, real, model.start(() -> modelLeave(model))));
  }

  private void harm() {
    if (twins.isEmpty()) {
      return;
    }
    var twin = twins.get(random.nextInt(twins.size()));
    switch (random.nextInt(interrupts ? 6 : 4)) {
      case 0, 1 -> kill(twin);
      case 2 -> {
        did("cancel and unwind " + twin.name());
        assertEquals(!twin.model().isDone(), twin.real().cancel(true), this::history);
        twin.model().cancel(true);
      }
      case 3 -> {
        did("cancel " + twin.name());
        twin.real().cancel();
        twin.model().cancel(false);
      }
      default -> {
        did("interrupt " + twin.name());
        twin.model().interrupt();
        twin.real().thread().interrupt();
      }
    }
  }

  private void kill(Twin twin) {
    did("kill " + twin.name());
    twin.real().kill();
    twin.model().kill();
    assertAlike();
  }

  private void pass() {
    did("pass");
    sleep();
    hub.pass();
    assertAlike();
  }

  private void settle() {
    do {
      pass();
    } while (!hub.isIdle());
    assertEquals(model(), real(), this::history);
  }

  final void assertAlike() {
    var seen = Math.min(expected.size(), observed.size());
    if (expected.size() != observed.size()
        || !expected.subList(compared, seen).equals(observed.subList(compared, seen))) {
      assertEquals(
          String.join("\n", expected.subList(compared, expected.size())),
          String.join("\n", observed.subList(compared, observed.size())),
          this::history);
    }
    trace.addAll(observed.subList(compared, seen).stream().map(line -> "    " + line).toList());
    compared = seen;
    compareAlways();
  }

  /// Compares what must be right at every moment.
  void compareAlways() {}

  // --------------------------------------------------------------------------------- green threads

  final String nextName() {
    return "t" + named++;
  }

  final List<Bounded> steps(int count) {
    return Stream.generate(this::boundedStep).limit(count).toList();
  }

  private Bounded boundedStep() {
    var step = random.nextInt(8) == 0 ? new Pause() : step();
    var bound =
        switch (random.nextInt(4)) {
          case 0 -> step.isLimited() ? Bound.LIMIT : Bound.NONE;
          case 1 -> interrupts ? Bound.NONE : Bound.TIMEOUT;
          default -> Bound.NONE;
        };
    return new Bounded(step, bound, random.nextInt(4));
  }

  final ModelThread modelThread(String name, List<Bounded> steps) {
    return new ModelThread(hub, name, steps, expected::add);
  }

  /// Takes the steps, in earnest.
  final void perform(String name, List<Bounded> steps) throws Exception {
    try {
      for (var step : steps) {
        var outcome = outcome(step);
        observed.add(name + " " + step + ": " + outcome);
      }
    } catch (Failure failure) {
      observed.add(name + " failed");
      throw failure;
    } catch (Unwind unwind) {
      observed.add(name + " unwound");
      throw unwind;
    } finally {
      leave(name);
    }
  }

  /// Does what a green thread does at its end, in earnest.
  void leave(String name) {}

  /// Does what a green thread does at its end, in the model.
  void modelLeave(ModelThread thread) {}

  private static String outcome(Bounded step) throws Exception {
    var time = Duration.ofMillis(step.millis());
    try {
      return switch (step.bound()) {
        case NONE -> step.step().act(null);
        case LIMIT -> step.step().act(time);
        case TIMEOUT -> {
          var outcome = new String[1];
          yield Timeout.run(time, () -> outcome[0] = step.step().act(null))
              ? outcome[0]
              : "ran out";
        }
      };
    } catch (TimeoutException e) {
      return "out of time";
    } catch (InterruptedException e) {
      return "interrupted";
    } catch (Failure e) {
      throw e;
    } catch (IllegalStateException e) {
      return "refused";
    }
  }

  /// Gives the others a turn.
  record Pause() implements Step {

    @Override
    public String act(@Nullable Duration limit) {
      sleep();
      return "paused";
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return thread.pause(_ -> "paused");
    }

    @Override
    public String toString() {
      return "pause";
    }
  }

  // -------------------------------------------------------------------------------------- history

  /// Remembers what the driver does, for the failure's message.
  final void did(String what) {
    trace.add(what);
  }

  /// Does something in earnest and in the model, and compares what came of it.
  final void both(String what, @Nullable Object real, @Nullable Object model) {
    did(what + ": " + real);
    assertEquals(String.valueOf(model), String.valueOf(real), this::history);
  }

  final String history() {
    var from = Math.max(0, trace.size() - 200);
    return "after\n" + String.join("\n", trace.subList(from, trace.size())) + "\n";
  }

  private String stacks(GreenThread<?> driver) {
    return Stream.concat(Stream.of(driver), twins.stream().map(Twin::real))
        .filter(thread -> !thread.isDone())
        .map(Program::stack)
        .collect(Collectors.joining("\n"));
  }

  private static String stack(GreenThread<?> thread) {
    return Stream.of(thread.thread().getStackTrace())
        .map(frame -> "\n    at " + frame)
        .collect(Collectors.joining("", thread.toString(), ""));
  }
}
