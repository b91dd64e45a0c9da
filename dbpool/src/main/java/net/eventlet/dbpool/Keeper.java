package net.eventlet.dbpool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.Timeout;
import net.eventlet.hubs.Clock;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Timer;
import org.jspecify.annotations.Nullable;

/// Knows all sessions of a pool, from the moment they are connected until they are closed: counts
/// them, closes those that are too old, and closes the rest at the end.
///
/// Nothing here waits, but [#lend(Session)] and [#awaitEnd(Duration)]. Timers hand over to another
/// thread: one that waited for the lock on a hub's carrier would wait for ever if a green thread of
/// that hub were next to have it.
final class Keeper {

  private static final int CLOSERS = 2;
  private static final int VALIDATION_SECONDS = 5;

  private final PoolOptions options;
  private final Clock clock;
  private final long maxIdleNanos;
  private final long maxAgeNanos;
  private final long validateNanos;
  private final Event<@Nullable Void> ended = new Event<>();
  private final ThreadPoolExecutor closers; // a driver's close, or a lock, may block them

  // guarded by `sessions`
  private final LinkedHashSet<Session> sessions = new LinkedHashSet<>();
  private int connecting;
  private long connected;
  private long expired;
  private long broken;
  private long timedOut;
  private boolean closed;

  private @Nullable Timer timer; // looks for what has expired

  private volatile long lookNanos; // when the timer does
  private volatile boolean armed; // whether there is one

  /// Why a session is closed.
  enum Reason {
    /// It was idle, or in use, for too long, or the pool was cleared or closed.
    EXPIRED,
    /// It failed, or may be in the middle of an exchange with the server.
    BROKEN
  }

  Keeper(PoolOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
    maxIdleNanos = Durations.limitNanos(options.maxIdle());
    maxAgeNanos = Durations.limitNanos(options.maxAge());
    validateNanos = Durations.limitNanos(options.validateAfter());
    closers =
        new ThreadPoolExecutor(
            CLOSERS,
            CLOSERS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("dbpool-close-", 0).factory());
    closers.allowCoreThreadTimeOut(true);
  }

  /// Connects, and counts that.
  ///
  /// @throws IllegalStateException if the pool is closed
  Session connect(Callable<Session> connect) throws Exception {
    synchronized (sessions) {
      if (closed) {
        throw new IllegalStateException("the pool is closed, and connects no more");
      }
      connecting++;
    }
    Session session = null;
    try {
      session = connect.call();
      return session;
    } finally {
      synchronized (sessions) {
        connecting--;
        if (session != null) {
          connected++;
          sessions.add(session);
        }
      }
      perhapsEnded();
    }
  }

  void timedOut() {
    synchronized (sessions) {
      timedOut++;
    }
  }

  /// Takes a session out of its rest; may ask the server whether it still answers.
  ///
  /// @return whether it can be lent; if not, it is closed
  boolean lend(Session session) {
    if (!session.lend()) {
      return false;
    }
    var now = clock.nanoTime();
    if (now - session.madeNanos() >= maxAgeNanos) {
      close(session, Reason.EXPIRED);
      return false;
    }
    if (now - session.returnedNanos() >= validateNanos && !isValid(session)) {
      close(session, Reason.BROKEN);
      var fiber = Fiber.currentOrNull();
      if (fiber != null && fiber.unwinding()) {
        Eventlet.sleep(); // throws what the driver took for an answer, rather than try the next
      }
      return false;
    }
    return true;
  }

  private boolean isValid(Session session) {
    var valid = false;
    try {
      valid =
          Fiber.currentOrNull() == null
              ? session.connection().isValid(VALIDATION_SECONDS)
              : Timeout.call(
                  options.connectTimeout(),
                  () -> session.connection().isValid(VALIDATION_SECONDS),
                  false);
      return valid;
    } catch (Exception failure) {
      return false; // which is an answer
    } finally {
      if (!valid) {
        session.breakOff();
      }
    }
  }

  /// Puts a session to rest after a loan, or closes it.
  void takeBack(Session session, boolean clean) {
    if (!clean || session.isBroken()) {
      close(session, Reason.BROKEN);
      return;
    }
    var now = clock.nanoTime();
    if (maxIdleNanos <= 0 || maxAgeNanos <= 0 || now - session.madeNanos() >= maxAgeNanos) {
      close(session, Reason.EXPIRED);
      return;
    }
    session.rest(now);
    var left = Math.min(maxIdleNanos, left(maxAgeNanos, now - session.madeNanos()));
    if (left != Long.MAX_VALUE && (!armed || lookNanos - now > left)) {
      arm(left, Hub.currentOrNull());
    }
  }

  /// Closes a session, in the background; does nothing if that was done before.
  void close(Session session, Reason reason) {
    if (session.shut()) {
      closeSoon(session, reason);
    }
  }

  private void closeSoon(Session session, Reason reason) {
    count(session, reason);
    closers.execute(() -> forgetAfter(session, session::close));
  }

  private void count(Session session, Reason reason) {
    if (reason == Reason.BROKEN) {
      session.breakOff();
    }
    synchronized (sessions) {
      if (session.isBroken()) {
        broken++;
      } else {
        expired++;
      }
    }
  }

  private void forgetAfter(Session session, Runnable closing) {
    try {
      closing.run();
    } finally {
      synchronized (sessions) {
        sessions.remove(session);
      }
      perhapsEnded();
    }
  }

  /// Closes what is idle.
  void clear() {
    synchronized (sessions) {
      for (var session : new ArrayList<>(sessions)) {
        if (session.closeIfIdle()) {
          closeSoon(session, Reason.EXPIRED);
        }
      }
    }
  }

  /// Looks for what has expired after a time, unless that is done sooner anyway.
  ///
  /// @param hub whose timer it is; null for the shared one
  private void arm(long delayNanos, @Nullable Hub hub) {
    synchronized (sessions) {
      var due = clock.nanoTime() + delayNanos;
      if (closed || (armed && lookNanos - due <= 0)) {
        return;
      }
      if (timer != null) {
        timer.cancel();
      }
      lookNanos = due;
      armed = true;
      timer =
          schedule(
              hub,
              Duration.ofNanos(delayNanos),
              () -> closers.execute(() -> reap(hub)),
              () -> closers.execute(this::lookElsewhere));
    }
  }

  /// Goes on on the shared hub, since the one that had the timer has closed.
  private void lookElsewhere() {
    synchronized (sessions) {
      if (armed && !closed) {
        var left = Duration.ofNanos(Math.max(1, lookNanos - clock.nanoTime()));
        timer = Hub.shared().schedule(left, () -> closers.execute(() -> reap(null)));
      }
    }
  }

  /// Runs an action later on a hub, or on the shared one.
  private static Timer schedule(
      @Nullable Hub hub, Duration delay, Runnable action, Runnable otherwise) {
    if (hub != null) {
      try {
        return hub.schedule(delay, action, otherwise);
      } catch (IllegalStateException closed) {
        // the shared one, then
      }
    }
    return Hub.shared().schedule(delay, action, otherwise);
  }

  /// Closes what has been idle or open for too long.
  ///
  /// @param hub that has the timer; null for the shared one
  private void reap(@Nullable Hub hub) {
    var next = Long.MAX_VALUE;
    synchronized (sessions) {
      armed = false;
      var now = clock.nanoTime();
      var open = sessions.stream().filter(session -> !session.isClosed()).count();
      for (var session : new ArrayList<>(sessions)) {
        if (!session.isIdle()) {
          continue;
        }
        var age = now - session.madeNanos();
        var idle = now - session.returnedNanos();
        if (age >= maxAgeNanos || (idle >= maxIdleNanos && open > options.minSize())) {
          if (session.closeIfIdle()) {
            open--;
            closeSoon(session, Reason.EXPIRED);
          }
        } else {
          next = Math.min(next, left(maxAgeNanos, age));
          next = open > options.minSize() ? Math.min(next, left(maxIdleNanos, idle)) : next;
        }
      }
    }
    if (next != Long.MAX_VALUE) {
      arm(next, hub);
    }
  }

  private static long left(long limitNanos, long passedNanos) {
    return limitNanos == Long.MAX_VALUE ? limitNanos : Math.max(1, limitNanos - passedNanos);
  }

  /// Has a loan reported if it lasts for too long, also beyond the end of the borrower's hub.
  void watch(Loan loan) {
    var limit = options.leakAfter();
    if (limit == null) {
      return;
    }
    var leak = new Leak(loan.pool(), loan.borrower(), limit, new Throwable("got here"));
    var end = clock.nanoTime() + Durations.limitNanos(limit);
    Runnable report =
        () ->
            closers.execute(() -> {
              if (!loan.isOver()) {
                options.leaks().accept(leak);
              }
            });
    loan.alarm(
        schedule(
            Hub.currentOrNull(),
            limit,
            report,
            () -> {
              var left = Duration.ofNanos(Math.max(1, end - clock.nanoTime()));
              loan.alarm(Hub.shared().schedule(left, report));
            }));
  }

  /// Says that no session comes any more, and closes the idle ones.
  void end() {
    synchronized (sessions) {
      closed = true;
      if (timer != null) {
        timer.cancel();
      }
    }
    clear();
    perhapsEnded();
  }

  private void perhapsEnded() {
    synchronized (sessions) {
      if (closed && connecting == 0 && sessions.isEmpty() && !ended.ready()) {
        ended.send(null);
      }
    }
  }

  /// Waits until all sessions are closed; aborts them when the time is up.
  ///
  /// @return whether they were in time
  boolean awaitEnd(@Nullable Duration limit) {
    try {
      ended.await(limit);
      return true;
    } catch (TimeoutException ranOut) {
      abortAll();
      return false;
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new AssertionError("this event has no failure; please report it", failure);
    }
  }

  /// Cuts off what is lent, and what hangs in its closing; on a thread of its own, since the
  /// closers may hang there.
  private void abortAll() {
    ArrayList<Session> all;
    synchronized (sessions) {
      all = new ArrayList<>(sessions);
    }
    for (var session : all) {
      if (session.shut()) {
        count(session, Reason.BROKEN);
      }
    }
    Thread.ofPlatform()
        .daemon()
        .name("dbpool-abort")
        .start(() -> all.forEach(session -> forgetAfter(session, session::abort)));
  }

  PoolStatistics statistics(int waiting) {
    synchronized (sessions) {
      var idle = 0;
      var lent = 0;
      for (var session : sessions) {
        idle += session.isIdle() ? 1 : 0;
        lent += session.isLent() ? 1 : 0;
      }
      return new PoolStatistics(
          idle, lent, connecting, waiting, connected, expired, broken, timedOut);
    }
  }
}
