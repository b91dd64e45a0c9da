package net.eventlet;

/// A semaphore that makes whoever releases wait while it is full, as acquiring waits while it is
/// empty. A limit of zero is a rendezvous.
///
/// Source: `eventlet/semaphore.py`, class `CappedSemaphore`.
public final class CappedSemaphore extends Semaphore {

  private final WaitLine<WaitLine.Plain> releasers = new WaitLine<>(); // under the same lock
  private final int limit;

  /// Creates a semaphore.
  ///
  /// @param count permits at first
  /// @param limit permits at most
  /// @throws IllegalArgumentException if `count` is negative or more than `limit`
  public CappedSemaphore(int count, int limit) {
    super(count);
    if (count > limit) {
      throw new IllegalArgumentException(
          "a CappedSemaphore cannot begin above its limit: count=%d limit=%d"
              .formatted(count, limit));
    }
    this.limit = limit;
  }

  /// Gives a permit back; waits while there are as many as can be.
  @Override
  public void release() {
    WaitLine.Plain place;
    synchronized (acquirers()) {
      if (permits() < limit || !acquirers().isEmpty()) {
        give();
        if (permits() <= limit) {
          return;
        }
        super.take(); // those who waited were all gone
      }
      place = releasers.join(new WaitLine.Plain());
    }
    awaitIn(releasers, place, Long.MAX_VALUE);
  }

  /// Under the lock: takes a permit, and lets who waits with another in.
  @Override
  boolean take() {
    if (permits() == 0) {
      return acquirers().isEmpty() && releasers.wakeOne() != null;
    }
    if (!super.take()) {
      return false;
    }
    if (releasers.wakeOne() != null) {
      give();
    }
    return true;
  }

  /// {@return permits that are there, and how many wait to add one; less than zero, how many wait
  /// for one}
  @Override
  public int balance() {
    synchronized (acquirers()) {
      return super.balance() + releasers.length();
    }
  }
}
