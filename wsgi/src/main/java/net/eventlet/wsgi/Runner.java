package net.eventlet.wsgi;

import net.eventlet.GreenThreadExit;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Waiter;
import net.eventlet.hubs.Wakeup;
import org.jspecify.annotations.Nullable;

/// A green thread that serves one client after the other.
///
/// It ends when a client has left a trace in it, such as a thread-local's value, a timeout that is
/// still to come, or a handle on it that somebody may hold: so that nothing gets from one client to
/// another. It ends after a number of waits as well: one that began before its code was compiled
/// keeps interpreted frames at its bottom, which make each wait slower, and cost a new stack.
final class Runner implements Fiber.Body {

  private static final int STAYS_MAX = 256;

  private final Crew crew;
  private final Fiber fiber;
  private int stays;
  private @Nullable Waiter waiter; // null unless it has nothing to do

  Runner(Crew crew, Hub hub) {
    this.crew = crew;
    Runnable passOn = crew::passOn;
    fiber = hub.disinheritedFiber(this, passOn);
    fiber.afterTurns(passOn);
  }

  void start() {
    fiber.start();
  }

  /// Ends its wait for something to do.
  void call() {
    if (waiter != null) {
      waiter.wake();
    }
  }

  @Override
  public void run() {
    do {
      crew.came(this);
      for (var client = crew.next(); client != null; client = crew.next()) {
        fiber.thread().setContextClassLoader(crew.loader());
        crew.worker().serve(client);
        if (!fiber.isPristine()) {
          return;
        }
      }
    } while (stay());
  }

  /// Waits until it is called. Answers false if it need not stay.
  private boolean stay() {
    waiter = new Waiter();
    if (++stays > STAYS_MAX || !crew.mayStay(this)) {
      return false;
    }
    return waiter.await(Long.MAX_VALUE) == Wakeup.READY; // else somebody it served interrupts it
  }

  @Override
  public void ended(Fiber fiber, @Nullable Throwable failure) {
    crew.left(this);
    if (!(failure instanceof GreenThreadExit)) {
      Fiber.Body.super.ended(fiber, failure);
    }
  }
}
