package net.eventlet.hubs;

import java.io.IOException;

/// Where a hub learns which descriptors are ready: the kernel's `epoll` or `poll`, or a simulated
/// network.
///
/// Belongs to one hub. Only [#wakeUp()] may be called from another thread. It reports what became
/// ready to the hub's [Report]; a report that comes late, or twice, or for a descriptor that was
/// closed meanwhile, harms nobody.
public interface Poller extends AutoCloseable {

  /// Watches a descriptor for as long as it is open, in both directions. Each change to ready is
  /// reported, the present state as the first.
  ///
  /// @param fd an open, non-blocking descriptor
  /// @return whether it does; if not, the hub calls [#watch(int, Interest)] before each wait
  /// @throws IOException if the kernel refuses
  boolean register(int fd) throws IOException;

  /// Replaces what is watched for on a descriptor that is not registered.
  ///
  /// @param fd an open descriptor
  /// @param interest what to watch for; reported once, after which it is [Interest#NONE] again
  /// @throws IOException if the kernel refuses
  void watch(int fd, Interest interest) throws IOException;

  /// Waits until a descriptor is ready, or [#wakeUp()] is called, or the time is up.
  ///
  /// @param timeoutNanos longest wait; 0 returns at once, a negative one waits for ever
  /// @param report told what became ready
  /// @return how many reports there were
  /// @throws IOException if the poller itself fails, after which it is of no more use
  int poll(long timeoutNanos, Report report) throws IOException;

  /// Makes the current or the next [#poll(long, Report)] return at once.
  void wakeUp();

  /// Gives up what the poller holds. The descriptors stay open.
  @Override
  void close();

  /// Makes a hub's poller.
  @FunctionalInterface
  interface Factory {

    /// {@return a poller that watches nothing yet}
    ///
    /// @throws IOException if the kernel refuses
    Poller open() throws IOException;
  }

  /// Who is told what became ready.
  @FunctionalInterface
  interface Report {

    /// A descriptor became ready.
    ///
    /// @param fd which one
    /// @param ready for what; an error makes it ready for both
    /// @param hungUp whether the other side writes no more, sent something urgent, or there was an
    ///   error: then a read that took less than it could has not taken all
    void ready(int fd, Interest ready, boolean hungUp);
  }
}
