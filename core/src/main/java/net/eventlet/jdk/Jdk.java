package net.eventlet.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.channels.Channel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;

/// Virtual threads with a scheduler of our own, on a JDK that offers no public way to have them.
///
/// Source: `java.lang.VirtualThread` and `java.lang.ThreadBuilders` of JDK 25.
public final class Jdk {

  /// What a user who starts `java` by hand has to add.
  public static final String FLAGS = flags();

  private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2; // as java.lang.Thread has it

  private Jdk() {}

  /// Checks that this JDK can be looked into, and is made as we know it.
  ///
  /// @throws IllegalStateException if not; the message names the flags, or the JDK to use
  public static void require() {
    try {
      check();
    } catch (InaccessibleObjectException | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "Eventlet needs to see how the JDK schedules virtual threads: use a JDK 25 (this is "
              + Runtime.version()
              + ") and start java with "
              + FLAGS
              + ", or the program with bin/eventlet run",
          e);
    }
  }

  /// {@return a virtual thread that is not started yet}
  ///
  /// It inherits the inheritable thread-locals of the calling thread.
  ///
  /// @param scheduler what runs it, on a platform thread; a [java.util.concurrent.ForkJoinPool] is
  ///   also asked to [schedule][java.util.concurrent.ForkJoinPool#schedule] its timed waits
  /// @param task what it does
  public static Thread newVirtualThread(Executor scheduler, Runnable task) {
    return newVirtualThread(scheduler, task, true);
  }

  /// {@return a virtual thread that is not started yet}
  ///
  /// @param scheduler as above
  /// @param task what it does
  /// @param inherits whether it inherits the inheritable thread-locals and the context class loader
  ///   of the calling thread
  public static Thread newVirtualThread(Executor scheduler, Runnable task, boolean inherits) {
    try {
      return (Thread)
          Handles.NEW_VIRTUAL_THREAD.invokeExact(
              scheduler, (String) null, inherits ? 0 : NO_INHERIT_THREAD_LOCALS, task);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return what runs a virtual thread}
  ///
  /// @param thread a virtual thread
  public static Executor schedulerOf(Thread thread) {
    try {
      return (Executor) Handles.SCHEDULER.invokeExact(thread);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return what runs virtual threads that say nothing else}
  public static Executor defaultScheduler() {
    try {
      return (Executor) Handles.DEFAULT_SCHEDULER.invokeExact();
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return what times the waits of virtual threads that say nothing else}
  public static ScheduledExecutorService defaultTimers() {
    return (ForkJoinPool) defaultScheduler();
  }

  /// {@return the platform thread that the caller runs on; itself, unless it is virtual}
  public static Thread currentCarrier() {
    try {
      return (Thread) Handles.CARRIER.invokeExact();
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return what a scheduler is given to run a virtual thread}
  ///
  /// @param thread a virtual thread
  public static Runnable continuationOf(Thread thread) {
    try {
      return (Runnable) Handles.CONTINUATION.invokeExact(thread);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return the virtual thread that a scheduler was given to run}
  ///
  /// @param continuation as it was given
  public static Thread threadOf(Runnable continuation) {
    try {
      return (Thread) Handles.THREAD.invokeExact(continuation);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return the task that a virtual thread was made with}
  ///
  /// @param thread a virtual thread
  public static Runnable taskOf(Thread thread) {
    try {
      return (Runnable) Handles.TASK.invokeExact(thread);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// {@return whether a virtual thread has values of thread-locals, inheritable ones included}
  ///
  /// @param thread the calling one
  public static boolean hasThreadLocals(Thread thread) {
    try {
      return (Object) Handles.LOCALS.invokeExact(thread) != null
          || (Object) Handles.INHERITABLE_LOCALS.invokeExact(thread) != null;
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /// Asks `waits` first, from now on, whenever one of the JDK's sockets has to wait.
  ///
  /// @param waits for the whole process
  /// @return why that could not be done, after which the JDK does what it always did
  public static Optional<String> redirectSockets(SocketWaits waits) {
    return JdkSockets.redirect(waits);
  }

  /// {@return whether a thread is one of the JDK's, which unpark those whose sockets are ready}
  ///
  /// @param thread any
  public static boolean isPoller(Thread thread) {
    return JdkSockets.isPoller(thread);
  }

  /// {@return the descriptor's number of one of the JDK's channels; empty if it cannot be known}
  ///
  /// @param channel for sockets
  public static OptionalInt descriptorOf(Channel channel) {
    return JdkSockets.descriptorOf(channel);
  }

  private static void check() {
    Runnable task = () -> {};
    Executor scheduler = Jdk::ignore;
    var sample = newVirtualThread(scheduler, task);
    if (threadOf(continuationOf(sample)) != sample
        || taskOf(sample) != task
        || schedulerOf(sample) != scheduler
        || !(defaultScheduler() instanceof ForkJoinPool)
        || currentCarrier().isVirtual()) {
      throw new NoClassDefFoundError("a virtual thread is not made of what it was made from");
    }
  }

  /// The handles, apart from the rest so that it can be said what is wrong if they cannot be had.
  private static final class Handles {

    static final MethodHandle NEW_VIRTUAL_THREAD =
        Inside.method(
            "java.lang.ThreadBuilders",
            "newVirtualThread",
            Executor.class,
            String.class,
            int.class,
            Runnable.class);
    static final MethodHandle SCHEDULER =
        Inside.field("java.lang.VirtualThread", "scheduler", Thread.class, Executor.class);
    static final MethodHandle DEFAULT_SCHEDULER =
        Inside.method("java.lang.VirtualThread", "defaultScheduler");
    static final MethodHandle CARRIER = Inside.method("java.lang.Thread", "currentCarrierThread");
    static final MethodHandle CONTINUATION =
        Inside.field("java.lang.VirtualThread", "runContinuation", Thread.class, Runnable.class);
    static final MethodHandle LOCALS =
        Inside.field("java.lang.Thread", "threadLocals", Thread.class, Object.class);
    static final MethodHandle INHERITABLE_LOCALS =
        Inside.field("java.lang.Thread", "inheritableThreadLocals", Thread.class, Object.class);
    static final MethodHandle THREAD;
    static final MethodHandle TASK;

    // What a scheduler is given to run is `thread::runContinuation`, an object whose only field is
    // the thread; and a thread's continuation runs a wrapper around the task.
    static {
      var sample = newVirtualThread(Jdk::ignore, () -> {});
      var continuation =
          Inside.field("java.lang.VirtualThread", "cont", Thread.class, Object.class);
      var target =
          Inside.field("jdk.internal.vm.Continuation", "target", Object.class, Runnable.class);
      try {
        var wrapper = (Runnable) target.invokeExact((Object) continuation.invokeExact(sample));
        THREAD =
            Inside.field(continuationOf(sample).getClass(), "arg$1", Runnable.class, Thread.class);
        var task = Inside.field(wrapper.getClass(), "val$task", Runnable.class, Runnable.class);
        TASK =
            MethodHandles.filterReturnValue(
                MethodHandles.filterReturnValue(continuation, target), task);
      } catch (Throwable e) {
        throw rethrow(e);
      }
    }

    private Handles() {}
  }

  private static void ignore(Runnable task) {}

  private static RuntimeException rethrow(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(cause);
  }

  private static String flags() {
    var name = Jdk.class.getModule().getName();
    var to = "=" + (name == null ? "ALL-UNNAMED" : name);
    return "--add-opens java.base/java.lang"
        + to
        + " --add-opens java.base/jdk.internal.vm"
        + to
        + " --add-opens java.base/sun.nio.ch"
        + to
        + " --enable-native-access"
        + to;
  }
}
