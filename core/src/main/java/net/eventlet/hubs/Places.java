package net.eventlet.hubs;

import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Places in the user's source, for reports.
public final class Places {

  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private static final ProtectionDomain OURS = Places.class.getProtectionDomain();

  /// The place of the expression that made an object, for classes that have one such expression.
  private static final ClassValue<@Nullable StackTraceElement> LAMBDAS =
      new ClassValue<>() {
        @Override
        protected @Nullable StackTraceElement computeValue(Class<?> type) {
          return here();
        }
      };

  private Places() {}

  /// {@return where the user's code called ours; null if there is none of it on the stack}
  public static @Nullable StackTraceElement here() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> isUsers(frame.getDeclaringClass()))
            .findFirst()
            .map(StackWalker.StackFrame::toStackTraceElement)
            .orElse(null));
  }

  /// {@return where the user's code called ours, to give it `body`}
  ///
  /// Walking the stack costs more than all the rest of a spawn, so that it is done once for each
  /// lambda expression: its class is its own.
  ///
  /// @param body what was given
  public static @Nullable StackTraceElement ofSpawn(Object body) {
    var type = body.getClass();
    return type.isHidden() ? LAMBDAS.get(type) : here();
  }

  /// {@return where a thread is, outside of us and the JDK}
  ///
  /// @param thread any
  public static String of(Thread thread) {
    Predicate<StackTraceElement> users =
        frame -> !frame.getClassName().startsWith("java.") && !isOurs(frame);
    var stack = thread.getStackTrace();
    return Arrays.stream(stack)
        .filter(users)
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse(stack.length == 0 ? "an unknown place" : stack[stack.length - 1].toString());
  }

  private static boolean isUsers(Class<?> type) {
    return type.getProtectionDomain() != OURS && type.getModule() != Object.class.getModule();
  }

  private static boolean isOurs(StackTraceElement frame) {
    var name = frame.getClassName();
    try {
      return Class.forName(name, false, Places.class.getClassLoader()).getProtectionDomain()
          == OURS;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
