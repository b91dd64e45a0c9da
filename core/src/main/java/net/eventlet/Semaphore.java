package net.eventlet;

import java.time.Duration;
import net.eventlet.hubs.Durations;
import org.jspecify.annotations.Nullable;

/// Permits, handed out first come first served.
///
/// Nobody overtakes who waits, not even [#tryAcquire()]. A permit that is handed over as its
/// receiver is killed goes to the next. Releasing never parks and may exceed what there was; see
/// [BoundedSemaphore] and [CappedSemaphore].
///
/// | a wrong call                | gets                          |
/// |-----------------------------|-------------------------------|
/// | a negative count            | [IllegalArgumentException]    |
///
/// Source: `eventlet/semaphore.py`, class `Semaphore`. There a try overtakes who waits.
public class Semaphore {

  private final WaitLine<WaitLine.Plain> acquirers = new WaitLine<>(); // its own lock
  private int permits;

  /// A permit that is held.
  public interface Permit extends AutoCloseable {

    /// Gives it back; does nothing the second time.
    @Override
    void close();
  }

  /// Creates a semaphore.
  ///
  /// @param count permits at first
  /// @throws IllegalArgumentException if `count` is negative
  public Semaphore(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("a semaphore's permits must be 0 or more: " + count);
    }
    permits = count;
  }

  /// Takes a permit; waits for one if it must.
  public final void acquire() {
    acquire(Long.MAX_VALUE);
  }

  /// Takes a permit if there is one and nobody waits.
  ///
  /// @return whether it did
  public final boolean tryAcquire() {
    synchronized (acquirers) {
      return take();
    }
  }

  /// Takes a permit; waits for one, but not for ever.
  ///
  /// @param limit longest wait; zero or less gives the others one turn, null waits for ever
  /// @return whether it did
  public final boolean tryAcquire(@Nullable Duration limit) {
    return acquire(Durations.limitNanos(limit));
  }

  private boolean acquire(long limitNanos) {
    WaitLine.Plain place;
    synchronized (acquirers) {
      if (take()) {
        return true;
      }
      place = acquirers.join(new WaitLine.Plain());
    }
    return awaitIn(acquirers, place, limitNanos);
  }

  /// Waits in one of the lines, and leaves it if nobody was there.
  final boolean awaitIn(WaitLine<WaitLine.Plain> line, WaitLine.Plain place, long limitNanos) {
    var woken = false;
    try {
      woken = Waits.await(place, limitNanos);
      return woken;
    } finally {
      if (!woken) {
        synchronized (acquirers) {
          line.leave(place);
        }
      }
    }
  }

  /// Under the lock: takes a permit if there is one and nobody waits.
  boolean take() {
    if (permits == 0 || !acquirers.isEmpty()) {
      return false;
    }
    permits--;
    return true;
  }

  /// Gives a permit back: to the first who waits, if anybody does.
  public void release() {
    synchronized (acquirers) {
      give();
    }
  }

  /// Under the lock: hands a permit over, or keeps it.
  final void give() {
    if (acquirers.wakeOne() == null) {
      permits++;
    }
  }

  /// Takes a permit for a block: `try (var _ = semaphore.hold()) { … }`.
  ///
  /// @return the permit, to close it
  public final Permit hold() {
    acquire();
    return new Permit() {
      private boolean held = true;

      @Override
      public void close() {
        if (held) {
          held = false;
          release();
        }
      }
    };
  }

  /// {@return permits that are there; less than zero, how many wait for one}
  public int balance() {
    synchronized (acquirers) {
      return permits - acquirers.length();
    }
  }

  /// The lock, and the line of those who wait to acquire.
  final WaitLine<WaitLine.Plain> acquirers() {
    return acquirers;
  }

  /// Under the lock: permits that are there.
  final int permits() {
    return permits;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[balance " + balance() + "]";
  }
}
