package net.eventlet.spawning;

import static net.eventlet.Eventlet.spawnN;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.eventlet.Queue;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Keeps as many children as wanted, and replaces them without a lost request: a child goes when
/// another one serves in its place.
///
/// Whatever happens (a signal, a child that serves or ends, a changed file) is put into one queue,
/// and one green thread acts on it; so nothing here needs a lock. What a child has to do is derived
/// from what there is, each time anew: see [#keep()].
///
/// Source: `spawning/spawning_controller.py`, class `Controller`. There a crashing application is
/// started ten times a second for ever, all children of an age end together, and replaced children
/// end whether or not the new ones can serve.
final class Controller {

  /// What starts a child.
  @FunctionalInterface
  interface Starter {
    /// {@return a new child process}
    ///
    /// @throws IOException if the system has no room for it
    Child start() throws IOException;
  }

  private static final Duration LOOK = Duration.ofSeconds(1); // at ages and at memory, this often
  private static final Duration AT_ONCE = Duration.ofSeconds(1); // a child that serves no longer
  private static final Duration FIRST_PAUSE = Duration.ofMillis(125);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int FAILURES_TO_REPORT = 5;
  private static final double SPREAD = 0.2; // of the ages at which children go

  private final Options options;
  private final Starter starter;
  private final Runnable served; // told when a child serves
  private final PrintStream log;
  private final Queue<Runnable> happenings = new Queue<>();
  private final List<Child> children = new ArrayList<>();
  private final Instant started = Instant.now();
  private final Hub hub = Hub.current();
  private int processes;
  private long startedInAll;
  private long diedInAll;
  private int failures; // in a row
  private Instant notBefore = Instant.EPOCH; // no child is started earlier
  private boolean again; // replace all, once those that start now serve
  private boolean everServed;
  private boolean ending;
  private int status;
  private String lastError = "";

  /// Creates a controller that has no children yet.
  ///
  /// @param options that say how many there are to be, and when one is replaced
  /// @param starter of a child
  /// @param served told each time that a child serves
  /// @param log takes a line for whatever happens
  Controller(Options options, Starter starter, Runnable served, PrintStream log) {
    this.options = options;
    this.starter = starter;
    this.served = served;
    this.log = log;
    processes = options.processes;
  }

  // ------------------------------------------------------------------------ what others may ask of
  // it

  /// Replaces all children.
  ///
  /// @param why for the log
  void replaceAll(String why) {
    happenings.put(() -> {
      say("replacing all children: " + why);
      again = true;
      failures = 0; // what was mended is tried now, not when the pause is over
      notBefore = Instant.EPOCH;
    });
  }

  /// Wants one child more from now on.
  void oneMore() {
    happenings.put(() -> {
      processes++;
      say("%d children from now on".formatted(processes));
    });
  }

  /// Lets all children finish what they have in hand, and ends; when asked again, at once.
  ///
  /// @param why for the log
  void end(String why) {
    happenings.put(() -> {
      if (ending) {
        say("ending at once: " + why);
        children.forEach(Child::kill);
      } else {
        say("ending, within %s: %s".formatted(Times.show(options.deadman), why));
        ending = true;
        List.copyOf(children).forEach(child -> child.drain(options.deadman));
      }
    });
  }

  /// Notes that something went wrong that stopped nothing, for the log and the status page.
  void report(String error) {
    happenings.put(() -> {
      lastError = error;
      say(error);
    });
  }

  /// Takes over a child of an earlier controller, to be replaced.
  ///
  /// @param child as that controller left it
  /// @param state that it was in
  void takeOver(Child child, Child.State state) {
    switch (state) {
      case STARTING -> child.goOut();
      case READY -> {
        child.heard("ready");
        child.goOut();
        everServed = true;
      }
      case DRAINING -> child.drain(options.deadman);
    }
    watch(child);
  }

  /// {@return where all of this happens}
  Hub hub() {
    return hub;
  }

  List<Child> children() {
    return List.copyOf(children);
  }

  int processes() {
    return processes;
  }

  Duration uptime() {
    return Duration.between(started, Instant.now());
  }

  long startedInAll() {
    return startedInAll;
  }

  long diedInAll() {
    return diedInAll;
  }

  String lastError() {
    return lastError;
  }

  /// {@return whether requests are answered, and will go on to be}
  boolean ready() {
    return !ending && children.stream().anyMatch(Child::serves);
  }

  /// Has something done between two other happenings, such as a handing over.
  void act(Runnable action) {
    happenings.put(action);
  }

  // ------------------------------------------------------------------------------------------- its
  // life

  /// Starts children and keeps them until it is told to end.
  ///
  /// @return the exit status: 0, or 1 if no child could ever serve
  int run() throws Exception {
    var looked = Instant.now();
    while (!ending || !children.isEmpty()) {
      keep();
      var next = happenings.poll(pauseMillis(), TimeUnit.MILLISECONDS);
      if (next != null) {
        next.run();
      }
      if (Duration.between(looked, Instant.now()).compareTo(LOOK) >= 0) {
        looked = Instant.now();
        wearOut();
      }
    }
    return status;
  }

  /// How long nothing needs to be done unless something happens.
  private long pauseMillis() {
    var untilStart = Duration.between(Instant.now(), notBefore).toMillis() + 1;
    return untilStart <= 0 ? LOOK.toMillis() : Math.min(untilStart, LOOK.toMillis());
  }

  /// Brings what there is nearer to what is wanted.
  private void keep() {
    var now = Instant.now();
    for (var child : children()) {
      var why = child.overdue(options.startTimeout);
      if (why.isPresent()) {
        say(child, why.get() + ", and is killed");
        child.kill();
      }
    }
    if (ending) {
      return;
    }
    if (again && count(child -> child.state() == Child.State.STARTING) == 0) {
      again = false;
      children.forEach(Child::goOut);
    }
    while (count(child -> !child.outgoing()) < processes && mayStart(now)) {
      start();
    }
    drainReplaced();
  }

  /// Children start one after the other, so as to take little from those that serve; all at once if
  /// none does.
  private boolean mayStart(Instant now) {
    return !now.isBefore(notBefore)
        && (count(Child::serves) == 0
            || count(child -> child.state() == Child.State.STARTING) == 0);
  }

  private void drainReplaced() {
    for (var child : children()) {
      if (child.outgoing()
          && (child.state() == Child.State.STARTING
              || (child.serves() && count(Child::serves) > processes))) {
        child.drain(options.deadman);
      }
    }
  }

  private long count(Predicate<Child> which) {
    return children.stream().filter(which).count();
  }

  private void start() {
    try {
      var child = starter.start();
      startedInAll++;
      watch(child);
    } catch (IOException e) {
      failed("cannot start a child: " + e.getMessage());
    }
  }

  private void watch(Child child) {
    children.add(child);
    spawnN(() -> listenTo(child));
  }

  /// Hears what a child says until it ends.
  private void listenTo(Child child) throws Exception {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(child.control().getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        heard(child, line);
      }
    } catch (IOException gone) {
      // it says no more, and how it ended is known in a moment
    }
    var result = child.waitFor();
    happenings.put(() -> ended(child, result));
  }

  private void heard(Child child, String line) {
    if (line.startsWith("status ")) {
      child.heard(line); // who asked waits for it
      return;
    }
    happenings.put(() -> {
      if (child.heard(line)) {
        everServed = true;
        say(
            child,
            "serves, %d ms after its start; %d of %d do"
                .formatted(child.uptime().toMillis(), count(Child::serves), processes));
        served.run();
      } else if (!child.lastError().isEmpty()) {
        lastError = child.lastError();
        say(child, child.lastError());
      }
    });
  }

  private void ended(Child child, int result) {
    children.remove(child);
    if (child.state() == Child.State.DRAINING) {
      say(child, result == 0 ? "has ended" : "has ended with status " + result);
      return;
    }
    diedInAll++;
    var how = result > 128 ? "by signal " + (result - 128) : "with status " + result;
    if (child.served().compareTo(AT_ONCE) >= 0) {
      failures = 0;
      say(child, "died " + how);
    } else if (!everServed && result == Worker.CANNOT_SERVE) {
      cannotStart();
    } else {
      failed("child %d died at once, %s".formatted(child.pid(), how));
    }
  }

  private void cannotStart() {
    if (!ending) {
      status = 1;
      end("no child can serve");
    }
  }

  private void failed(String what) {
    failures++;
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 12));
    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    notBefore = Instant.now().plus(pause);
    say("%s; the next one starts in %d ms".formatted(what, pause.toMillis()));
    if (failures == FAILURES_TO_REPORT) {
      report(
          "%d children in a row could not serve; the last one: %s. Those that serve go on; mend the"
                  .formatted(failures, lastError.isEmpty() ? what : lastError)
              + " cause, and send SIGHUP or wait");
    }
  }

  // ------------------------------------------------------------------------------- age and memory

  private void wearOut() {
    for (var i = 0; i < children.size(); i++) {
      var child = children.get(i);
      var why = whyWorn(child);
      if (child.serves() && !child.outgoing() && why != null) {
        say(child, "is replaced: " + why);
        child.goOut();
      }
    }
    var limit = options.maxMemory;
    if (limit != null && count(child -> child.serves() && child.outgoing()) == 0) {
      var held = children.stream().mapToLong(Child::memory).sum();
      if (held > limit.bytes()) {
        children.stream()
            .filter(Child::serves)
            .max(Comparator.comparingLong(Child::memory))
            .ifPresent(largest -> {
              say(
                  largest,
                  "is replaced: all hold %d MB, more than %s".formatted(held >> 20, limit));
              largest.goOut();
            });
      }
    }
  }

  private @Nullable String whyWorn(Child child) {
    var age = options.maxAge;
    if (age != null && child.uptime().compareTo(ageOf(child, age)) > 0) {
      return "it is " + Times.show(child.uptime()) + " old";
    }
    var limit = options.maxChildMemory;
    if (limit != null && child.memory() > limit.bytes()) {
      return "it holds %d MB, more than %s".formatted(child.memory() >> 20, limit);
    }
    return null;
  }

  /// Children of one start go one after the other: each at an age of its own, a little below the
  /// limit.
  private static Duration ageOf(Child child, Duration limit) {
    var share = Math.floorMod(child.pid() * 0x9E3779B97F4A7C15L, 1000) / 1000.0;
    return Duration.ofNanos((long) (limit.toNanos() * (1 - SPREAD * share)));
  }

  // --------------------------------------------------------------------------------------------
  // the log

  private void say(Child child, String what) {
    say("child %d %s".formatted(child.pid(), what));
  }

  private void say(String what) {
    log.printf("(%d) %s%n", ProcessHandle.current().pid(), what);
  }
}
