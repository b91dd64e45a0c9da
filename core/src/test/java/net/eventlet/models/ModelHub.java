package net.eventlet.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// A hub as the design has it, with green threads that are lists of steps.
///
/// One turn runs what was runnable when it began, first in, first out; then the alarms that are
/// due, by their time and then in the order in which they were set. The driver, who asks all
/// questions, is one of those who take turns.
final class ModelHub {

  private final ArrayDeque<ModelThread> runnable = new ArrayDeque<>();
  private final ModelThread driver = new ModelThread(this, "driver", List.of(), _ -> {});
  private List<Alarm> alarms = new ArrayList<>(); // in the order in which they were set
  private long now;
  private int left; // to run in this turn

  private record Alarm(long due, Runnable action) {}

  /// Queues a thread's next turn.
  void queue(ModelThread thread) {
    runnable.add(thread);
  }

  /// Does something once a time has passed.
  void after(long millis, Runnable action) {
    alarms.add(new Alarm(now + millis, action));
  }

  /// Lets time pass; what is due happens at the end of the turn.
  void advance(long millis) {
    now += millis;
  }

  /// Lets everyone have turns, until it is the driver's.
  void pass() {
    runnable.add(driver);
    while (true) {
      if (left == 0) {
        ring();
        left = runnable.size();
      }
      left--;
      var next = runnable.remove();
      if (next == driver) {
        return;
      }
      next.turn();
    }
  }

  private void ring() {
    var all = alarms;
    alarms = new ArrayList<>(all.stream().filter(alarm -> alarm.due() > now).toList());
    all.stream()
        .filter(alarm -> alarm.due() <= now)
        .sorted((one, other) -> Long.compare(one.due(), other.due())) // which is stable
        .forEach(alarm -> alarm.action().run());
  }

  /// {@return whether nobody runs until the driver does something}
  boolean isIdle() {
    return runnable.isEmpty() && alarms.stream().noneMatch(alarm -> alarm.due() <= now);
  }
}
