package net.eventlet.jdk;

import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// A stack of its own, which a thread can leave and come back to.
///
/// ```
///   new ───run──► running ──body ends──► done
///                 │     ▲
///              suspend  run
///                 ▼     │
///                suspended
/// ```
///
/// It belongs to the thread that makes it. What it waits for, the thread waits for: a virtual
/// thread is unmounted by a park, a contended monitor and an `Object.wait` inside a coroutine as by
/// those in its own body. All that belongs to a thread, it shares: locks, thread-locals, the
/// interrupt. Scoped values are its own, at first those of whoever runs it.
///
/// It is a continuation nested in the virtual thread's, and *of the same scope*. The JVM takes it
/// for the virtual thread's, and can freeze it wherever it could freeze that. Control then comes
/// back to [#run()], as if it were suspended; `run` freezes the virtual thread's own continuation
/// too, and when the thread goes on, so does the nested one. Continuations were meant to be nested
/// with a scope of their own, but then a contended monitor inside the inner one blocks the carrier,
/// and all of a hub with it. On a plain thread, where nothing is under it, it has a scope of its
/// own.
///
/// Source: `jdk.internal.vm.Continuation` and `java.lang.VirtualThread` of JDK 25.
public final class Coroutine {

  private static final int ALWAYS_FITS = 3 * 1024; // bytes: the JVM itself looks at a page and more

  private final Runnable body;
  private final Object continuation;
  private final Object scope;
  private boolean returning; // to who runs it, rather than waiting

  /// Creates a coroutine.
  ///
  /// @param body what it does; catches what it throws, else that comes out of [#run()]
  public Coroutine(Runnable body) {
    this.body = body;
    scope = Thread.currentThread().isVirtual() ? Inner.OF_VIRTUAL : Inner.OF_PLAIN;
    continuation = Inner.create(scope, this::begin);
  }

  /// Checks that this JDK can be looked into.
  ///
  /// @throws IllegalStateException if not; the message names the flags, or the JDK to use
  public static void require() {
    try {
      Inner.link();
      JvmThread.listed();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "greenlets need to see the JDK's continuations: use a JDK 25 (this is "
              + Runtime.version()
              + ") and start java with "
              + Jdk.FLAGS
              + ", or the program with bin/eventlet run",
          e);
    }
  }

  private void begin() {
    try {
      body.run();
    } finally {
      returning = true;
    }
  }

  /// Begins, or goes on from where it suspended itself; returns when it suspends itself again, or
  /// has ended. Must be called by the thread that made it, outside any other coroutine.
  ///
  /// @throws IllegalStateException if it is done
  /// @throws StackOverflowError if there is no room for it on the thread's stack; it stays as it is
  public void run() {
    requireRoom();
    JvmThread.keepMonitors();
    var bindings = Inner.bindings();
    returning = false;
    try {
      Inner.run(continuation);
      while (!returning) {
        // The thread is about to wait: nothing that itself waits may be called here.
        if (!unmount()) {
          Inner.stay(continuation);
        }
        Inner.run(continuation);
      }
    } finally {
      Inner.bind(bindings);
    }
  }

  /// Throws the error that the JVM cannot throw here without a crash. There is little room for that
  /// either, so nothing is called for the first time.
  private void requireRoom() {
    var bytes = Inner.frozenBytes(continuation);
    if (bytes > ALWAYS_FITS && bytes > Room.here()) {
      throw new StackOverflowError("no room for a coroutine that was suspended further up");
    }
  }

  private static boolean unmount() {
    try {
      return Inner.leave(Inner.OF_VIRTUAL);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return false; // no room for its frames: the same as pinned
    }
  }

  /// Goes back to whoever runs it, until it is run again. Must be called by itself.
  ///
  /// @return whether it could; false if its stack cannot be left, since there is a native frame on
  ///   it, such as that of a class initialiser
  public boolean suspend() {
    JvmThread.keepMonitors();
    var bindings = Inner.bindings();
    returning = true;
    try {
      return Inner.leave(scope);
    } finally {
      returning = false;
      Inner.bind(bindings);
    }
  }

  /// Throws anything that a handle may throw.
  static RuntimeException rethrow(Throwable cause) {
    return Inner.sneak(cause);
  }

  /// Finds out how much room there is.
  private static final class Room implements Runnable {

    private long bytes;

    /// {@return bytes for coroutines on top of the caller}
    static long here() {
      var room = new Room();
      Inner.run(Inner.create(Inner.OF_PLAIN, room));
      return room.bytes;
    }

    @Override
    public void run() {
      bytes = JvmThread.room();
    }
  }

  /// What the JDK keeps to itself.
  private static final class Inner {

    private static final Class<?> CONTINUATION = Inside.type("jdk.internal.vm.Continuation");
    private static final Class<?> SCOPE = Inside.type("jdk.internal.vm.ContinuationScope");
    private static final Class<?> CHUNK = Inside.type("jdk.internal.vm.StackChunk");
    private static final Class<?> THREAD = Inside.type("java.lang.VirtualThread");
    private static final Integer NATIVE_FRAME = 3; // of `Continuation.pinnedReason`

    private static final MethodHandle CREATE;
    private static final MethodHandle REFUSE;
    private static final MethodHandle RUN =
        Inside.method(CONTINUATION.getName(), "run")
            .asType(MethodType.methodType(void.class, Object.class));
    private static final MethodHandle YIELD =
        Inside.method(CONTINUATION.getName(), "yield", SCOPE)
            .asType(MethodType.methodType(boolean.class, Object.class));
    private static final MethodHandle TAIL =
        Inside.field(CONTINUATION, "tail", Object.class, Object.class);
    private static final MethodHandle PARENT =
        Inside.field(CHUNK, "parent", Object.class, Object.class);
    private static final MethodHandle SIZE = Inside.field(CHUNK, "size", Object.class, int.class);
    private static final MethodHandle SP = Inside.field(CHUNK, "sp", Object.class, int.class);
    private static final MethodHandle STATE =
        Inside.method(THREAD.getName(), "state")
            .asType(MethodType.methodType(int.class, Thread.class));
    private static final MethodHandle SET_STATE =
        Inside.method(THREAD.getName(), "setState", int.class)
            .asType(MethodType.methodType(void.class, Thread.class, int.class));
    private static final MethodHandle BINDINGS =
        Inside.method("java.lang.Thread", "scopedValueBindings");
    private static final MethodHandle BIND =
        Inside.method("java.lang.Thread", "setScopedValueBindings", Object.class);

    private static final int RUNNING; // states of a virtual thread
    private static final int BLOCKING; // from here on, the JVM itself has frozen it

    static final Object OF_VIRTUAL; // scopes
    static final Object OF_PLAIN;

    static {
      try {
        var continuations = MethodHandles.privateLookupIn(CONTINUATION, MethodHandles.lookup());
        var threads = MethodHandles.privateLookupIn(THREAD, MethodHandles.lookup());
        CREATE =
            continuations
                .findConstructor(
                    continuations.defineClass(continuationClass()),
                    MethodType.methodType(void.class, SCOPE, Runnable.class))
                .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
        REFUSE =
            continuations
                .findSetter(CONTINUATION, "yieldInfo", Object.class)
                .asType(MethodType.methodType(void.class, Object.class, Object.class));
        RUNNING = (int) threads.findStaticGetter(THREAD, "RUNNING", int.class).invokeExact();
        BLOCKING = (int) threads.findStaticGetter(THREAD, "BLOCKING", int.class).invokeExact();
        OF_VIRTUAL = threads.findStaticGetter(THREAD, "VTHREAD_SCOPE", SCOPE).invoke();
        OF_PLAIN =
            continuations
                .findConstructor(SCOPE, MethodType.methodType(void.class, String.class))
                .invoke("greenlets");
      } catch (Throwable e) {
        throw sneak(e);
      }
      callAll();
    }

    private Inner() {}

    /// Initialises this class.
    static void link() {}

    /// Calls what [#run()] calls when the thread is about to wait: the first call of a handle runs
    /// code of the JDK's that may wait itself.
    private static void callAll() {
      Room.here();
      refuse(create(OF_PLAIN, new Room()));
      var thread = Thread.ofVirtual().unstarted(() -> {});
      setState(thread, state(thread));
      try {
        leave(OF_PLAIN);
      } catch (IllegalStateException e) {
        return; // there is nothing to leave
      }
      throw new AssertionError("a continuation was left that nobody had entered");
    }

    /// {@return a subclass that minds no pinning}
    private static byte[] continuationClass() {
      var continuation = CONTINUATION.describeConstable().orElseThrow();
      var created = MethodTypeDesc.of(CD_void, scopeName(), ClassDesc.of("java.lang.Runnable"));
      return ClassFile.of()
          .build(
              ClassDesc.of(CONTINUATION.getPackageName(), "EventletContinuation"),
              type ->
                  type.withFlags(ClassFile.ACC_FINAL)
                      .withSuperclass(continuation)
                      .withMethodBody(
                          INIT_NAME,
                          created,
                          0,
                          code ->
                              code.aload(0)
                                  .aload(1)
                                  .aload(2)
                                  .invokespecial(continuation, INIT_NAME, created)
                                  .return_())
                      .withMethodBody(
                          "onPinned",
                          MethodTypeDesc.of(CD_void, continuation.nested("Pinned")),
                          ClassFile.ACC_PROTECTED,
                          code -> code.return_()));
    }

    private static ClassDesc scopeName() {
      return SCOPE.describeConstable().orElseThrow();
    }

    static Object create(Object scope, Runnable body) {
      try {
        return (Object) CREATE.invokeExact(scope, body);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    static void run(Object continuation) {
      try {
        RUN.invokeExact(continuation);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    /// {@return how many bytes the frames of a continuation are that is not running}
    static long frozenBytes(Object continuation) {
      try {
        var words = 0L;
        for (var chunk = (Object) TAIL.invokeExact(continuation);
            chunk != null;
            chunk = (Object) PARENT.invokeExact(chunk)) {
          words += (int) SIZE.invokeExact(chunk) - (int) SP.invokeExact(chunk);
        }
        return words * Long.BYTES;
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    /// Leaves the innermost continuation of a scope.
    ///
    /// @return whether it was left; false if it is pinned
    static boolean leave(Object scope) {
      try {
        return (boolean) YIELD.invokeExact(scope);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    /// Lets the calling thread wait on its carrier, since what is under the coroutine is pinned. If
    /// it froze itself, as it does to park, it is told that it could not, and blocks the carrier as
    /// it goes on. If the JVM froze it for a monitor, it cannot be told, but tries again as it goes
    /// on.
    static void stay(Object continuation) {
      var thread = Thread.currentThread();
      if (state(thread) < BLOCKING) {
        refuse(continuation);
      } else {
        setState(thread, RUNNING);
        Thread.onSpinWait();
      }
    }

    private static void refuse(Object continuation) {
      try {
        REFUSE.invokeExact(continuation, (Object) NATIVE_FRAME);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    private static int state(Thread thread) {
      try {
        return (int) STATE.invokeExact(thread);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    private static void setState(Thread thread, int state) {
      try {
        SET_STATE.invokeExact(thread, state);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    static Object bindings() {
      try {
        return (Object) BINDINGS.invokeExact();
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    static void bind(Object bindings) {
      try {
        BIND.invokeExact(bindings);
      } catch (Throwable e) {
        throw sneak(e);
      }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> RuntimeException sneak(Throwable cause) throws E {
      throw (E) cause;
    }
  }
}
