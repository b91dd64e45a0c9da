package net.eventlet.hubs;

import java.util.concurrent.atomic.AtomicReference;

/// One place, which one thread fills and another empties, turn by turn. It stands on [Waiter]
/// alone.
final class Mailbox {

  private final AtomicReference<Object> place = new AtomicReference<>(); // or who waits for it

  void put(int value) {
    if (place.getAndSet(value) instanceof Waiter taker) {
      taker.wake();
    }
  }

  int take() {
    var waiter = new Waiter();
    if (place.compareAndSet(null, waiter)) {
      waiter.await(Long.MAX_VALUE);
    }
    return (int) place.getAndSet(null);
  }

  /// Sends the numbers up to `rounds` to and fro.
  static void serve(Mailbox to, Mailbox from, int rounds) {
    for (var i = 0; i < rounds; i++) {
      to.put(i);
      if (from.take() != i) {
        throw new AssertionError("lost in round " + i);
      }
    }
  }

  /// Answers what [#serve(Mailbox, Mailbox, int)] sends.
  static void answer(Mailbox from, Mailbox to, int rounds) {
    for (var i = 0; i < rounds; i++) {
      to.put(from.take());
    }
  }
}
