package net.eventlet.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// How little can a switch between greenlets cost that are the JDK's continuations?
///
/// The limit for the row `greenlet`: into a continuation and out of it, by its own two methods, in
/// one thread. Each way counts as a switch.
///
/// Run: `make bench ARGS=greenlet`, or by itself with the flags of `eventlet.flags`.
final class BareContinuation {

  private static final MethodHandle RUN;
  private static final MethodHandle YIELD;
  private static final MethodHandle NEW;

  static {
    try {
      var type = Class.forName("jdk.internal.vm.Continuation");
      var scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
      var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      var constructor = scopeType.getDeclaredConstructor(String.class);
      constructor.setAccessible(true);
      var scope = constructor.newInstance("bench");
      var make = type.getDeclaredConstructor(scopeType, Runnable.class);
      NEW = lookup.unreflectConstructor(make).bindTo(scope);
      RUN = lookup.unreflect(type.getDeclaredMethod("run"));
      YIELD = lookup.unreflect(type.getDeclaredMethod("yield", scopeType)).bindTo(scope);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final MethodHandle STEP =
      RUN.asType(RUN.type().changeParameterType(0, Object.class));
  private static final MethodHandle BACK = YIELD.asType(YIELD.type().changeReturnType(void.class));

  private BareContinuation() {}

  /// Measures it.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    Measure.report("greenlet", 2_000_000, BareContinuation::steps);
  }

  private static void steps(int switches) {
    try {
      var continuation = (Object) NEW.invoke((Runnable) BareContinuation::turn);
      for (var i = 0; i < switches / 2; i++) {
        STEP.invokeExact(continuation);
      }
    } catch (Throwable e) {
      throw new AssertionError("a continuation cannot be run", e);
    }
  }

  private static void turn() {
    try {
      while (true) {
        BACK.invokeExact();
      }
    } catch (Throwable e) {
      throw new AssertionError("a continuation cannot yield", e);
    }
  }
}
