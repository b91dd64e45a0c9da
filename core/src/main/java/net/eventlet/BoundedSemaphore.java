package net.eventlet;

/// A semaphore that refuses more permits than it began with.
///
/// Source: `eventlet/semaphore.py`, class `BoundedSemaphore`.
public final class BoundedSemaphore extends Semaphore {

  private final int bound;

  /// Creates a semaphore.
  ///
  /// @param count permits at first, and at most
  /// @throws IllegalArgumentException if `count` is negative
  public BoundedSemaphore(int count) {
    super(count);
    bound = count;
  }

  /// Gives a permit back.
  ///
  /// @throws IllegalStateException if none is out; it then stays as it was
  @Override
  public void release() {
    synchronized (acquirers()) {
      if (permits() == bound) {
        throw new IllegalStateException(
            "a BoundedSemaphore of %d was released more often than acquired".formatted(bound));
      }
      give();
    }
  }
}
