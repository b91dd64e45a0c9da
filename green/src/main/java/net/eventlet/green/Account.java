package net.eventlet.green;

import java.time.Duration;
import net.eventlet.hubs.Fiber;

/// What a [Profile] has counted of one green thread, or of all from one place. Belongs to the hub's
/// carrier; all times in nanoseconds.
final class Account {

  private final String name;
  private int threads;
  private long turns;
  private long cpu;
  private long held;
  private long waiting;
  private long longest;
  private long suspendedAt; // 0 while it runs, or before it is known

  Account(String name) {
    this.name = name;
  }

  void resumes(long now) {
    if (suspendedAt != 0) {
      waiting += now - suspendedAt;
      suspendedAt = 0;
    }
  }

  void suspends(long now) {
    suspendedAt = now;
  }

  void turn(long cpuNanos, long heldNanos, Fiber fiber) {
    turns++;
    cpu += cpuNanos;
    held += heldNanos;
    longest = Math.max(longest, heldNanos);
    TurnEvent.commit(fiber, cpuNanos, heldNanos);
  }

  void commit(String place) {
    GreenThreadEvent.commit(name, place, turns, cpu, held, waiting);
  }

  void add(Account other) {
    threads += Math.max(1, other.threads);
    turns += other.turns;
    cpu += other.cpu;
    held += other.held;
    waiting += other.waiting;
    longest = Math.max(longest, other.longest);
  }

  Account copy() {
    var copy = new Account(name);
    copy.add(this);
    copy.threads = threads;
    return copy;
  }

  Profile.Row row() {
    return new Profile.Row(
        name,
        Math.max(1, threads),
        turns,
        Duration.ofNanos(cpu),
        Duration.ofNanos(held),
        Duration.ofNanos(waiting),
        Duration.ofNanos(longest));
  }
}
