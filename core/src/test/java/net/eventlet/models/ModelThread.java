package net.eventlet.models;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import net.eventlet.models.Step.Bound;
import net.eventlet.models.Step.Bounded;
import org.jspecify.annotations.Nullable;

/// A green thread of the model: steps, one after the other, and what may unwind them.
///
/// A wait ends once: served, out of time, unwound or interrupted. What comes to unwind a thread
/// that does not wait, or whose wait is over, stays pending until it would wait the next time. A
/// timeout is pending no longer than its step.
final class ModelThread {

  /// What came of a step that goes on in a frame of its own.
  static final String ENTERED = "entered";

  /// What came of a step that fails its thread.
  static final String FAILED = "failed";

  /// What came of a step that the primitive refuses.
  static final String REFUSED = "refused";

  private final ModelHub hub;
  private final Consumer<String> log;
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final List<Object> pending = new ArrayList<>(); // what unwinds it, in order
  private Runnable atEnd = () -> {};
  private Runnable cleanUp = () -> {}; // of the step that waits
  private Function<String, @Nullable String> then = result -> result;
  private @Nullable ModelWait wait;
  private boolean pausing;
  private boolean queued;
  private boolean interrupted;
  private boolean begun;
  private boolean done; // as its handle says
  private boolean ended;

  /// The kill of a thread.
  private static final class Kill {}

  /// The timeout of a step.
  private static final class Alarm {

    private boolean closed;
  }

  /// A body that runs: the thread's own, or one that runs in place.
  private static final class Frame {

    private final String name;
    private final Iterator<Bounded> steps;
    private @Nullable Bounded step;
    private @Nullable Alarm alarm; // of the step

    Frame(String name, List<Bounded> steps) {
      this.name = name;
      this.steps = steps.iterator();
    }
  }

  /// Is thrown by a step that is unwound.
  private static final class Unwound extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Object cause;

    Unwound(Object cause) {
      super(null, null, false, false);
      this.cause = cause;
    }
  }

  ModelThread(ModelHub hub, String name, List<Bounded> steps, Consumer<String> log) {
    this.hub = hub;
    this.log = log;
    frames.push(new Frame(name, steps));
  }

  // ------------------------------------------------------------------------- what others do to it

  /// Queues its first turn.
  ///
  /// @param atEnd what happens at its end
  ModelThread start(Runnable atEnd) {
    this.atEnd = atEnd;
    queue();
    return this;
  }

  void queue() {
    if (!queued) {
      queued = true;
      hub.queue(this);
    }
  }

  /// Kills it, and gives the victim its turn.
  void kill() {
    if (!done) {
      if (begun) {
        unwind(new Kill());
        hub.pass();
      } else {
        done = true;
      }
    }
  }

  /// Cancels it.
  ///
  /// @param running whether also if it has begun
  void cancel(boolean running) {
    if (!begun) {
      done = true;
    } else if (running && !done) {
      done = true;
      unwind(new Kill());
    }
  }

  /// Interrupts it from outside: it learns of that when it runs.
  void interrupt() {
    if (!ended) {
      interrupted = true;
      if (wait != null && !wait.isOver()) {
        queue();
      }
    }
  }

  boolean isDone() {
    return done;
  }

  private void unwind(Object cause) {
    if (ended) {
      return;
    }
    pending.add(cause);
    if (wait != null) {
      wait.end(ModelWait.End.UNWOUND);
    }
  }

  // ---------------------------------------------------------------------------- what its steps do

  /// Waits.
  ///
  /// @param then makes of what it is served with what came of the step, or waits again
  /// @param join puts the wait where others find it
  @Nullable String await(Function<String, @Nullable String> then, Consumer<ModelWait> join) {
    throwPending();
    var step = requireNonNull(frame().step);
    if (interrupted) {
      return tellInterrupt(step);
    }
    var begun = new ModelWait(this);
    wait = begun;
    this.then = then;
    join.accept(begun);
    if (step.bound() == Bound.LIMIT) {
      if (step.millis() > 0) {
        hub.after(step.millis(), () -> begun.end(ModelWait.End.TIMED_OUT));
      } else {
        queue(); // the others have a turn, and may serve it
      }
    }
    return null;
  }

  /// Gives the others a turn.
  ///
  /// @param then as in [#await]
  @Nullable String pause(Function<String, @Nullable String> then) {
    throwPending();
    pausing = true;
    this.then = then;
    queue();
    return null;
  }

  /// Says what happens if the step is unwound from now on.
  void onUnwind(Runnable cleanUp) {
    this.cleanUp = cleanUp;
  }

  /// Runs a body in place.
  String enter(String name, List<Bounded> steps) {
    frames.push(new Frame(name, steps));
    return ENTERED;
  }

  private void throwPending() {
    if (!pending.isEmpty()) {
      interrupted = false;
      throw new Unwound(pending.removeFirst());
    }
  }

  private String tellInterrupt(Bounded step) {
    interrupted = false;
    if (step.step().isInterruptible()) {
      return "interrupted";
    }
    throw new Unwound(new Kill());
  }

  // ---------------------------------------------------------------------------------- its turns

  void turn() {
    queued = false;
    if (ended) {
      return;
    }
    if (!begun) {
      begun = true;
      if (done) {
        end();
        return;
      }
    } else if (!finish(this::resume)) {
      return;
    }
    while (!ended) {
      if (frame().steps.hasNext()) {
        var step = frame().steps.next();
        begin(step);
        if (!finish(() -> step.step().model(this))) {
          return;
        }
      } else {
        leave("done");
      }
    }
  }

  private Frame frame() {
    return frames.element();
  }

  private void begin(Bounded step) {
    var frame = frame();
    frame.step = step;
    if (step.bound() == Bound.TIMEOUT) {
      var alarm = new Alarm();
      frame.alarm = alarm;
      if (step.millis() > 0) {
        hub.after(step.millis(), () -> ring(alarm));
      } else {
        pending.add(alarm);
      }
    }
  }

  private void ring(Alarm alarm) {
    if (!alarm.closed) {
      unwind(alarm);
    }
  }

  private @Nullable String resume() {
    if (pausing) {
      pausing = false;
      throwPending();
      if (interrupted) {
        interrupted = false;
        throw new Unwound(new Kill());
      }
      return then.apply("");
    }
    var over = requireNonNull(wait);
    wait = null;
    return switch (over.end()) {
      case SERVED -> then.apply(over.result());
      case TIMED_OUT -> "out of time";
      case UNWOUND -> {
        throwPending();
        throw new AssertionError("the model is unwound by nothing");
      }
      case INTERRUPTED -> throw new AssertionError("nobody else says so");
      case null -> {
        over.giveUp(interrupted ? ModelWait.End.INTERRUPTED : ModelWait.End.TIMED_OUT);
        yield interrupted ? tellInterrupt(requireNonNull(frame().step)) : "out of time";
      }
    };
  }

  /// Goes on with a step. Answers whether to go on with the next.
  private boolean finish(Supplier<@Nullable String> attempt) {
    String outcome;
    try {
      outcome = attempt.get();
    } catch (Unwound unwound) {
      cleanUp.run();
      cleanUp = () -> {};
      if (!unwindTo(unwound.cause)) {
        return false;
      }
      outcome = "ran out";
    }
    if (outcome == null) {
      return false;
    }
    cleanUp = () -> {};
    if (isFailure(outcome) && pending.contains(frame().alarm)) {
      outcome = "ran out"; // it cannot be told from what the JDK throws when it is interrupted
    }
    if (outcome.equals(FAILED)) {
      closeAlarm(frame());
      log.accept(frame().name + " failed");
      leave("failed");
    } else if (!outcome.equals(ENTERED)) {
      finish(outcome);
    }
    return !ended;
  }

  private static boolean isFailure(String outcome) {
    return outcome.equals(FAILED) || outcome.equals(REFUSED);
  }

  private void finish(String outcome) {
    var frame = frame();
    closeAlarm(frame);
    log.accept(frame.name + " " + frame.step + ": " + outcome);
  }

  private void closeAlarm(Frame frame) {
    if (frame.alarm != null) {
      frame.alarm.closed = true;
      pending.remove(frame.alarm);
      frame.alarm = null;
    }
  }

  /// Unwinds up to the step whose timeout it is. Answers whether there was one.
  private boolean unwindTo(Object cause) {
    while (!ended && (frame().alarm == null || frame().alarm != cause)) {
      closeAlarm(frame());
      log.accept(frame().name + " unwound");
      leave("");
    }
    return !ended;
  }

  /// Leaves the innermost body.
  private void leave(String how) {
    frames.remove();
    if (frames.isEmpty()) {
      end();
    } else if (!how.isEmpty()) {
      finish(how + " in place");
    }
  }

  private void end() {
    done = true;
    ended = true;
    atEnd.run();
  }
}
