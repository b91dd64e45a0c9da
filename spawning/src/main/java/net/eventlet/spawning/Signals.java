package net.eventlet.spawning;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// What happens at a signal, by its name without `SIG`.
///
/// The JDK has nothing but `sun.misc.Signal` for it, of which javac warns in a way that cannot be
/// switched off; hence the reflection. The JVM keeps `USR2` for itself unless `_JAVA_SR_SIGNUM`
/// names another signal, which `bin/spawn` does.
final class Signals {

  private static final String HANDLER = "sun.misc.SignalHandler";

  private Signals() {}

  /// Runs something at a signal, on a thread of the JVM's.
  ///
  /// @throws IllegalArgumentException if the JVM or the system keeps the signal for itself
  static void handle(String name, Runnable action) {
    try {
      var type = Class.forName(HANDLER);
      handle(
          name,
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (_, method, arguments) -> {
                if (method.getDeclaringClass() == type) {
                  action.run();
                  return null;
                }
                return method.invoke(action, arguments);
              }));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the module jdk.unsupported is missing", e);
    }
  }

  static void ignore(String... names) {
    try {
      var ignoring = Class.forName(HANDLER).getField("SIG_IGN").get(null);
      for (var name : names) {
        handle(name, ignoring);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the module jdk.unsupported is missing", e);
    }
  }

  private static void handle(String name, Object handler) {
    try {
      var type = Class.forName("sun.misc.Signal");
      var signal = type.getConstructor(String.class).newInstance(name);
      type.getMethod("handle", type, Class.forName(HANDLER)).invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          "SIG" + name + " cannot be handled: " + e.getTargetException().getMessage(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the module jdk.unsupported is missing", e);
    }
  }
}
