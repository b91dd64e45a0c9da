package net.eventlet.patcher;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// What patched code calls in place of [Thread]'s methods of the same names.
///
/// A platform thread that is started by a green thread is not started at all: a green thread of the
/// same hub runs its `run`, and stands in for it. The methods here ask the one that stands in, so
/// that joining and interrupting the one that was made work as if it ran. `Thread.currentThread()`
/// is the one that stands in.
///
/// A daemon, which may outlive the hub that it is started on, is one of the process's default hub.
///
/// Started by any other thread it is what it was.
public final class StartedThreads {

  private static final Map<Thread, StandIn> STAND_INS = // by the thread that was made
      Collections.synchronizedMap(new WeakHashMap<>());

  private static final Set<Thread> DAEMONS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private static final ClassValue<Boolean> OVERRIDES_START =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          try {
            return type.getMethod("start").getDeclaringClass() != Thread.class;
          } catch (NoSuchMethodException e) {
            throw new AssertionError("every thread has it", e);
          }
        }
      };

  private StartedThreads() {}

  /// Starts a thread, as [Thread#start()].
  ///
  /// @param thread that was made
  public static void start(Thread thread) {
    if (OVERRIDES_START.get(thread.getClass()) || !standIn(thread)) {
      thread.start();
    }
  }

  /// Starts a thread, as [Thread#start()] does, also that of a class which has another `start`.
  ///
  /// @param thread that was made
  /// @throws IllegalThreadStateException if it was started already
  public static void startAsThreadDoes(Thread thread) {
    if (!standIn(thread)) {
      ThreadStart.of(thread);
    }
  }

  /// {@return a builder, as [Thread#ofPlatform()]}
  public static Thread.Builder.OfPlatform ofPlatform() {
    var builder = Thread.ofPlatform();
    return Caller.hub() == null
        ? builder
        : builder.daemon(false); // or it would be as the caller is
  }

  /// {@return a thread that was started, as [Thread.Builder#start(Runnable)]}
  ///
  /// @param builder says what it is
  /// @param task of it
  public static Thread start(Thread.Builder builder, Runnable task) {
    var thread = unstarted(builder, task);
    start(thread);
    return thread;
  }

  /// {@return a thread, as [Thread.Builder#unstarted(Runnable)]}
  ///
  /// @param builder says what it is
  /// @param task of it
  public static Thread unstarted(Thread.Builder builder, Runnable task) {
    return noted(builder.unstarted(task));
  }

  /// {@return what makes threads, as [Thread.Builder#factory()]}
  ///
  /// @param builder says what they are
  public static ThreadFactory factory(Thread.Builder builder) {
    var factory = builder.factory();
    return task -> noted(factory.newThread(task));
  }

  private static Thread noted(Thread thread) {
    if (!thread.isVirtual() && thread.isDaemon()) {
      DAEMONS.add(thread);
    }
    return thread;
  }

  private static boolean standIn(Thread thread) {
    var hub = Caller.hub();
    if (hub == null || thread.isVirtual() || thread.getState() != Thread.State.NEW) {
      return false;
    }
    var standIn = new StandIn(isDaemon(thread) ? Hub.shared() : hub, thread);
    if (STAND_INS.putIfAbsent(thread, standIn) != null) {
      throw new IllegalThreadStateException(thread + " was started already");
    }
    standIn.start();
    return true;
  }

  /// Says whether a thread is a daemon, as [Thread#setDaemon(boolean)].
  ///
  /// @param thread that was made
  /// @param daemon whether it may outlive the hub that it is started on
  public static void setDaemon(Thread thread, boolean daemon) {
    if (thread.isVirtual()) {
      return; // which is always one, and refuses to be told otherwise
    }
    thread.setDaemon(daemon);
    if (daemon) {
      DAEMONS.add(thread);
    } else {
      DAEMONS.remove(thread);
    }
  }

  /// {@return whether somebody said that it is a daemon: those made by green threads are ones as
  /// they are made}
  static boolean isDaemon(Thread thread) {
    return DAEMONS.contains(thread);
  }

  /// Lets a parked thread go on, as [LockSupport#unpark(Thread)].
  ///
  /// @param thread that was made; null for none
  public static void unpark(@Nullable Thread thread) {
    LockSupport.unpark(thread == null ? null : actual(thread));
  }

  /// Waits for a thread to end, as [Thread#join()].
  ///
  /// @param thread that was made
  /// @throws InterruptedException if the caller is interrupted
  public static void join(Thread thread) throws InterruptedException {
    actual(thread).join();
  }

  /// Waits for a thread to end, as [Thread#join(long)].
  ///
  /// @param thread that was made
  /// @param millis longest wait; 0 for ever
  /// @throws InterruptedException if the caller is interrupted
  public static void join(Thread thread, long millis) throws InterruptedException {
    actual(thread).join(millis);
  }

  /// Waits for a thread to end, as [Thread#join(long, int)].
  ///
  /// @param thread that was made
  /// @param millis longest wait, with `nanos`; both 0 for ever
  /// @param nanos added to it
  /// @throws InterruptedException if the caller is interrupted
  public static void join(Thread thread, long millis, int nanos) throws InterruptedException {
    actual(thread).join(millis, nanos);
  }

  /// Waits for a thread to end, as [Thread#join(Duration)].
  ///
  /// @param thread that was made
  /// @param limit longest wait
  /// @return whether it has ended
  /// @throws InterruptedException if the caller is interrupted
  public static boolean join(Thread thread, Duration limit) throws InterruptedException {
    return ended(thread) || actual(thread).join(limit);
  }

  /// {@return whether a thread runs, as [Thread#isAlive()]}
  ///
  /// @param thread that was made
  public static boolean isAlive(Thread thread) {
    return actual(thread).isAlive();
  }

  /// Interrupts a thread, as [Thread#interrupt()].
  ///
  /// @param thread that was made
  public static void interrupt(Thread thread) {
    thread.interrupt(); // which may be overridden
    var actual = actual(thread);
    if (actual != thread) {
      actual.interrupt();
    }
  }

  /// {@return whether a thread is interrupted, as [Thread#isInterrupted()]}
  ///
  /// @param thread that was made
  public static boolean isInterrupted(Thread thread) {
    return actual(thread).isInterrupted();
  }

  /// {@return what a thread does, as [Thread#getState()]}
  ///
  /// @param thread that was made
  public static Thread.State getState(Thread thread) {
    return ended(thread) ? Thread.State.TERMINATED : actual(thread).getState();
  }

  private static boolean ended(Thread thread) {
    var standIn = standInOf(thread);
    return standIn != null && standIn.green == null;
  }

  private static Thread actual(Thread thread) {
    var standIn = standInOf(thread);
    return standIn == null ? thread : Objects.requireNonNullElse(standIn.green, thread);
  }

  private static @Nullable StandIn standInOf(Thread thread) {
    return thread.isVirtual() ? null : STAND_INS.get(thread);
  }

  /// What a green thread does that stands in for another.
  private static final class StandIn implements Fiber.Body {

    private volatile @Nullable Thread made; // null once it has ended, so that both can be collected
    private volatile @Nullable Thread green; // the same

    StandIn(Hub hub, Thread made) {
      var thread = hub.fiber(this, made).thread();
      thread.setName(made.getName());
      thread.setContextClassLoader(made.getContextClassLoader());
      this.made = made;
      green = thread;
    }

    void start() {
      Objects.requireNonNull(green, "green").start();
    }

    @Override
    @SuppressWarnings("DoNotCall") // this is the thread that it runs in
    public void run() {
      Objects.requireNonNull(made, "made").run();
    }

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      var thread = Objects.requireNonNull(made, "made");
      made = null;
      green = null;
      var handler = thread.getUncaughtExceptionHandler();
      if (failure == null
          || (handler == thread.getThreadGroup()
              && Thread.getDefaultUncaughtExceptionHandler() == null)) {
        Fiber.Body.super.ended(fiber, failure);
      } else if (!fiber.unwoundBy(failure)) {
        handler.uncaughtException(thread, failure);
      }
    }
  }
}
