package net.eventlet.spawning;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import net.eventlet.Event;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// A child process, as its controller sees it.
///
/// The two talk in lines. The controller says `status`, `drain MILLIS` and `reopen`; the child says
/// `ready`, `status name=number ...`, `error TEXT`, `worn` when it wants to be replaced, and
/// `failed TEXT` when it cannot serve.
///
/// All of it belongs to the controller's hub.
///
/// Source: `spawning/spawning_controller.py`, class `Child`; there one byte on a pipe says it all.
final class Child {

  /// What a child is doing.
  enum State {
    /// It does not serve yet.
    STARTING,
    /// It serves.
    READY,
    /// It was told to end.
    DRAINING
  }

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Handle process;
  private final GreenSocket control;
  private final Instant started;
  private State state = State.STARTING;
  private boolean outgoing;
  private boolean killed;
  private @Nullable Instant readySince; // null until it serves
  private @Nullable Instant killAt; // null unless it drains
  private @Nullable Event<@Nullable Void> asked; // null unless an answer is under way
  private Map<String, Long> figures = Map.of();
  private boolean silent;
  private String lastError = "";

  Child(Handle process, GreenSocket control, Instant started) {
    this.process = process;
    this.control = control;
    this.started = started;
  }

  long pid() {
    return process.pid();
  }

  GreenSocket control() {
    return control;
  }

  State state() {
    return state;
  }

  /// {@return whether another child takes, or has taken, its place}
  boolean outgoing() {
    return outgoing;
  }

  void goOut() {
    outgoing = true;
  }

  boolean serves() {
    return state == State.READY;
  }

  Duration uptime() {
    return Duration.between(started, Instant.now());
  }

  /// {@return how long it has served; zero if it never did}
  Duration served() {
    return readySince == null ? Duration.ZERO : Duration.between(readySince, Instant.now());
  }

  /// {@return what it said of itself when it was last asked}
  Map<String, Long> figures() {
    return figures;
  }

  /// {@return whether it did not answer when it was last asked}
  boolean silent() {
    return silent;
  }

  String lastError() {
    return lastError;
  }

  /// {@return why it is to be killed now; empty if it is not, or if it was already}
  ///
  /// @param startLimit longest time until it serves
  Optional<String> overdue(Duration startLimit) {
    if (killed) {
      return Optional.empty();
    }
    if (killAt != null && Instant.now().isAfter(killAt)) {
      return Optional.of("has not drained");
    }
    return state == State.STARTING && uptime().compareTo(startLimit) > 0
        ? Optional.of("does not serve after " + Times.show(uptime()))
        : Optional.empty();
  }

  /// {@return the memory that it holds, in bytes; 0 if it has ended}
  long memory() {
    return process.memory();
  }

  /// Takes a line that it said.
  ///
  /// @return whether it is `ready` now
  boolean heard(String line) {
    var words = line.split(" ", 2);
    var rest = words.length == 2 ? words[1] : "";
    switch (words[0]) {
      case "ready" -> {
        if (state == State.STARTING) {
          state = State.READY;
          readySince = Instant.now();
        }
        return true;
      }
      case "status" -> {
        figures = parse(rest);
        answered();
      }
      case "worn" -> outgoing = true;
      case "error", "failed" -> lastError = rest;
      default -> lastError = "said what nobody understands: " + line;
    }
    return false;
  }

  private void answered() {
    silent = false;
    var waiting = asked;
    asked = null;
    if (waiting != null) {
      waiting.send(null);
    }
  }

  private static Map<String, Long> parse(String text) {
    var result = new LinkedHashMap<String, Long>();
    for (var pair : text.split(" ", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        result.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
      }
    }
    return result;
  }

  /// Asks it how it is, and waits a second for the answer; several who ask at once share it.
  void ask() throws Exception {
    if (!serves() && state != State.DRAINING) {
      return;
    }
    var waiting = asked;
    if (waiting == null) {
      waiting = new Event<@Nullable Void>();
      asked = waiting;
      tell("status");
    }
    try {
      waiting.await(PATIENCE);
    } catch (TimeoutException e) {
      silent = true;
      asked = null;
    }
  }

  /// Says something to it; to one that has ended, nothing.
  void tell(String line) {
    try {
      control.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      // who waits for its end learns of it
    }
  }

  /// Tells it to finish what it has in hand.
  ///
  /// @param limit after which the controller kills it
  void drain(Duration limit) {
    if (state != State.DRAINING) {
      state = State.DRAINING;
      outgoing = true;
      killAt = Instant.now().plus(limit).plus(PATIENCE);
      tell("drain " + limit.toMillis());
    }
  }

  void kill() {
    killed = true;
    process.kill();
  }

  /// Waits for its end.
  ///
  /// @return its exit status, or 128 and the signal's number
  int waitFor() throws Exception {
    return process.waitFor();
  }
}
