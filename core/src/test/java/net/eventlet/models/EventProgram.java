package net.eventlet.models;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.eventlet.Event;
import org.jspecify.annotations.Nullable;

/// Events that are awaited and sent.
final class EventProgram extends Program {

  private static final int EVENTS = 3;

  private final List<Pair> pairs = new ArrayList<>();
  private int sent;

  EventProgram(int seed) {
    super(seed);
    for (var i = 0; i < EVENTS; i++) {
      pairs.add(new Pair(i));
    }
  }

  /// An event, and the model of one: what it was sent, and who waits, in order.
  private static final class Pair {

    private final int number;
    private final Event<String> real = new Event<>();
    private final ModelLine<String> waiting = new ModelLine<>();
    private @Nullable String outcome; // null until it is sent

    Pair(int number) {
      this.number = number;
    }

    void settle(String outcome) {
      this.outcome = outcome;
      waiting.serveAll(outcome);
    }
  }

  private record Await(Pair pair) implements Step {

    @Override
    public String act(@Nullable Duration limit) throws Exception {
      try {
        return limit == null ? pair.real.await() : pair.real.await(limit);
      } catch (Mine mine) {
        return String.valueOf(mine.getMessage());
      }
    }

    @Override
    public @Nullable String model(ModelThread thread) {
      return pair.outcome != null
          ? pair.outcome
          : thread.await(outcome -> outcome, turn -> pair.waiting.join(turn, ""));
    }

    @Override
    public boolean isLimited() {
      return true;
    }

    @Override
    public String toString() {
      return "await " + pair.number;
    }
  }

  /// What an event fails with.
  private static final class Mine extends Exception {

    private static final long serialVersionUID = 1;

    Mine(String message) {
      super(message);
    }
  }

  @Override
  Step step() {
    return new Await(pairs.get(random.nextInt(EVENTS)));
  }

  @Override
  void act() {
    var place = random.nextInt(EVENTS);
    var pair = pairs.get(place);
    switch (random.nextInt(4)) {
      case 0 -> {
        var value = "value " + sent++;
        both("send " + pair.number, tried(() -> pair.real.send(value)), settled(pair, value));
      }
      case 1 -> {
        var value = "failure " + sent++;
        both(
            "fail " + pair.number,
            tried(() -> pair.real.sendException(new Mine(value))),
            settled(pair, value));
      }
      case 2 -> {
        if (pair.outcome != null) {
          did("another for " + pair.number);
          pairs.set(place, new Pair(pair.number + EVENTS));
        }
      }
      default -> both("poll " + pair.number, polled(pair), String.valueOf(pair.outcome));
    }
  }

  private static String tried(Runnable send) {
    try {
      send.run();
      return "sent";
    } catch (IllegalStateException again) {
      return "refused";
    }
  }

  private static String settled(Pair pair, String outcome) {
    if (pair.outcome != null) {
      return "refused";
    }
    pair.settle(outcome);
    return "sent";
  }

  private static String polled(Pair pair) {
    Optional<String> polled;
    try {
      polled = pair.real.poll();
    } catch (Exception failure) {
      polled = Optional.ofNullable(failure.getMessage());
    }
    return pair.real.ready() ? polled.orElse("nothing, and is ready") : "null";
  }

  @Override
  String real() {
    return pairs.stream().map(pair -> pair.real.ready()).toList().toString();
  }

  @Override
  String model() {
    return pairs.stream().map(pair -> pair.outcome != null).toList().toString();
  }
}
