package net.eventlet.green;

import java.util.Objects;
import java.util.Timer;
import java.util.concurrent.ThreadFactory;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Threads that are green: what [Thread]'s and [Timer]'s constructors are for code on a hub.
///
/// Each `newThread` takes what a constructor of [Thread] takes. Called on a hub it makes a green
/// thread of that hub; called anywhere else, the platform thread that the constructor would have
/// made. A green thread has no thread group and no stack size of its own, and always inherits
/// inheritable thread-locals; it is a daemon, which [#setDaemon] knows.
///
/// What comes out of such a thread goes to its own [handler][Thread#setUncaughtExceptionHandler],
/// else to the default one, else to the hub's.
///
/// Source: `eventlet/green/thread.py`, `eventlet/green/threading.py`.
public final class Threads {

  private Threads() {}

  /// {@return a factory of green threads of the caller's hub, or of the process's default hub if it
  /// has none}
  public static ThreadFactory factory() {
    return factory(hub());
  }

  /// {@return a factory of green threads of a hub}
  ///
  /// @param hub that runs them
  public static ThreadFactory factory(Hub hub) {
    Objects.requireNonNull(hub, "hub");
    return task -> green(hub, task, task, null);
  }

  /// {@return a factory of green threads of a hub that are what another factory's threads would
  /// have been: of the same names, and running what those would have run}
  ///
  /// The other factory's threads are made, and never started. Code that looks for a thread of a
  /// certain class in `Thread.currentThread()` does not find it.
  ///
  /// @param hub that runs them
  /// @param like the other factory; virtual threads that it makes are left as they are
  public static ThreadFactory factory(Hub hub, ThreadFactory like) {
    Objects.requireNonNull(hub, "hub");
    Objects.requireNonNull(like, "like");
    return task -> {
      var made = like.newThread(task);
      if (made == null || made.isVirtual()) {
        return made;
      }
      var thread = green(hub, made, task, made.getName());
      if (made.getUncaughtExceptionHandler() != made.getThreadGroup()) {
        thread.setUncaughtExceptionHandler(made.getUncaughtExceptionHandler());
      }
      return thread;
    };
  }

  /// {@return a thread that does nothing, as [Thread#Thread()]}
  public static Thread newThread() {
    return newThread(null, null, null, 0, true);
  }

  /// {@return a thread, as [Thread#Thread(Runnable)]}
  ///
  /// @param task what it does; null for nothing
  public static Thread newThread(@Nullable Runnable task) {
    return newThread(null, task, null, 0, true);
  }

  /// {@return a thread, as [Thread#Thread(ThreadGroup, Runnable)]}
  ///
  /// @param group of a platform thread; null for the caller's
  /// @param task what it does; null for nothing
  public static Thread newThread(@Nullable ThreadGroup group, @Nullable Runnable task) {
    return newThread(group, task, null, 0, true);
  }

  /// {@return a thread that does nothing, as [Thread#Thread(String)]}
  ///
  /// @param name of the thread
  public static Thread newThread(String name) {
    return newThread(null, null, Objects.requireNonNull(name, "name"), 0, true);
  }

  /// {@return a thread that does nothing, as [Thread#Thread(ThreadGroup, String)]}
  ///
  /// @param group of a platform thread; null for the caller's
  /// @param name of the thread
  public static Thread newThread(@Nullable ThreadGroup group, String name) {
    return newThread(group, null, Objects.requireNonNull(name, "name"), 0, true);
  }

  /// {@return a thread, as [Thread#Thread(Runnable, String)]}
  ///
  /// @param task what it does; null for nothing
  /// @param name of the thread
  public static Thread newThread(@Nullable Runnable task, String name) {
    return newThread(null, task, Objects.requireNonNull(name, "name"), 0, true);
  }

  /// {@return a thread, as [Thread#Thread(ThreadGroup, Runnable, String)]}
  ///
  /// @param group of a platform thread; null for the caller's
  /// @param task what it does; null for nothing
  /// @param name of the thread
  public static Thread newThread(
      @Nullable ThreadGroup group, @Nullable Runnable task, String name) {
    return newThread(group, task, Objects.requireNonNull(name, "name"), 0, true);
  }

  /// {@return a thread, as [Thread#Thread(ThreadGroup, Runnable, String, long)]}
  ///
  /// @param group of a platform thread; null for the caller's
  /// @param task what it does; null for nothing
  /// @param name of the thread
  /// @param stackBytes size of a platform thread's stack; 0 for the usual one
  public static Thread newThread(
      @Nullable ThreadGroup group, @Nullable Runnable task, String name, long stackBytes) {
    return newThread(group, task, Objects.requireNonNull(name, "name"), stackBytes, true);
  }

  /// {@return a thread, as [Thread#Thread(ThreadGroup, Runnable, String, long, boolean)]}
  ///
  /// @param group of a platform thread; null for the caller's
  /// @param task what it does; null for nothing
  /// @param name of the thread; null for none
  /// @param stackBytes size of a platform thread's stack; 0 for the usual one
  /// @param inherit whether a platform thread inherits inheritable thread-locals
  public static Thread newThread(
      @Nullable ThreadGroup group,
      @Nullable Runnable task,
      @Nullable String name,
      long stackBytes,
      boolean inherit) {
    var hub = Hub.currentOrNull();
    if (hub != null) {
      return green(hub, task, task == null ? Threads.class : task, name);
    }
    var builder = Thread.ofPlatform().stackSize(stackBytes).inheritInheritableThreadLocals(inherit);
    if (group != null) {
      builder.group(group);
    }
    if (name != null) {
      builder.name(name);
    }
    return builder.unstarted(task == null ? () -> {} : task);
  }

  /// Says whether a thread is a daemon, as [Thread#setDaemon(boolean)]. A green thread always is
  /// one, whatever is said, while the JDK refuses to be told otherwise.
  ///
  /// @param thread not started yet
  /// @param daemon whether the process may end before it
  public static void setDaemon(Thread thread, boolean daemon) {
    if (!thread.isVirtual()) {
      thread.setDaemon(daemon);
    }
  }

  /// {@return a timer, as [Timer#Timer()]; green on a hub}
  public static Timer newTimer() {
    return Hub.currentOrNull() == null ? new Timer() : new GreenTimer();
  }

  /// {@return a timer, as [Timer#Timer(boolean)]; green on a hub}
  ///
  /// @param daemon whether the process may end before a timer off a hub
  public static Timer newTimer(boolean daemon) {
    return Hub.currentOrNull() == null ? new Timer(daemon) : new GreenTimer();
  }

  /// {@return a timer, as [Timer#Timer(String)]; green on a hub}
  ///
  /// @param name of its thread
  public static Timer newTimer(String name) {
    return Hub.currentOrNull() == null ? new Timer(name) : new GreenTimer(name);
  }

  /// {@return a timer, as [Timer#Timer(String, boolean)]; green on a hub}
  ///
  /// @param name of its thread
  /// @param daemon whether the process may end before a timer off a hub
  public static Timer newTimer(String name, boolean daemon) {
    return Hub.currentOrNull() == null ? new Timer(name, daemon) : new GreenTimer(name);
  }

  static Hub hub() {
    var hub = Hub.currentOrNull();
    return hub == null ? Hub.shared() : hub;
  }

  private static Thread green(
      Hub hub, @Nullable Runnable task, Object given, @Nullable String name) {
    var thread = hub.fiber(new ThreadBody(task), given).thread();
    if (name != null) {
      thread.setName(name);
    }
    return thread;
  }
}
