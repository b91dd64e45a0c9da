package net.eventlet.hubs;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// A poller without a kernel: what is ready, a test says, and a wait that has an end moves a clock
/// to it.
///
/// Belongs to the hub's carrier, all but [#wakeUp()].
final class HandPoller implements Poller {

  private final HandClock clock;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Map<Integer, Interest> ready = new HashMap<>();

  final Map<Integer, Interest> watched = new HashMap<>();
  final List<Long> timeouts = new ArrayList<>(); // of each look that was willing to wait
  boolean closed;

  HandPoller(HandClock clock) {
    this.clock = clock;
  }

  /// {@return options of a hub that lives on this and its clock}
  HubOptions options() {
    return HubOptions.DEFAULT.withClock(clock).withPoller(() -> this).withSeed(1);
  }

  /// Makes a descriptor ready, whether anybody watches it or not.
  void makeReady(int fd, Interest interest) {
    ready.put(fd, interest);
  }

  @Override
  public boolean register(int fd) {
    return false;
  }

  @Override
  public void watch(int fd, Interest interest) {
    watched.put(fd, interest);
  }

  @Override
  public int poll(long timeoutNanos, Report report) throws IOException {
    if (!ready.isEmpty()) {
      var now = Map.copyOf(ready);
      ready.clear();
      now.forEach((fd, interest) -> {
        watched.remove(fd);
        report.ready(fd, interest, false);
      });
      return now.size();
    }
    if (timeoutNanos != 0) {
      timeouts.add(timeoutNanos);
    }
    if (timeoutNanos < 0) {
      awaitWakeUp();
    } else if (!wakeUps.tryAcquire()) {
      clock.advance(timeoutNanos);
    }
    return 0;
  }

  @Override
  public void wakeUp() {
    wakeUps.release();
  }

  @Override
  public void close() {
    closed = true;
  }

  private void awaitWakeUp() throws IOException {
    try {
      if (!wakeUps.tryAcquire(10, SECONDS)) {
        throw new IOException("the hub waits for ever, and nobody wakes it");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
