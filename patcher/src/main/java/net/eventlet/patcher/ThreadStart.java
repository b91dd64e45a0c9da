package net.eventlet.patcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// [Thread#start()] itself, where a subclass has another: what `super.start()` in that one means.
final class ThreadStart {

  private static final MethodHandle START = find();

  private ThreadStart() {}

  /// Starts a thread.
  ///
  /// @param thread that was made
  static void of(Thread thread) {
    try {
      START.invokeExact(thread);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("Thread.start declares no exception", e);
    }
  }

  private static MethodHandle find() {
    try {
      return MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
          .findSpecial(Thread.class, "start", MethodType.methodType(void.class), Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "a patched class calls super.start(): start java with"
              + " --add-opens=java.base/java.lang=ALL-UNNAMED, or as an agent",
          e);
    }
  }
}
