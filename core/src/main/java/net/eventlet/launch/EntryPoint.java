package net.eventlet.launch;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program's `main`.
///
/// Source: JEP 512, "The launch protocol": with `String[]` before without, static or not, inherited
/// or not, anything but private.
///
/// @param type the program's class; `main` may come from a superclass
/// @param main returns nothing, and takes a `String[]` or nothing
record EntryPoint(Class<?> type, Method main) {

  /// What to add to a message that there is none.
  static final String WHAT_COUNTS =
      "one that is not private, and static or in a class with a constructor without parameters";

  private static final String NAME = EntryPoint.class.getName();

  /// {@return the `main` of a class, if it has one}
  ///
  /// @param type is not initialized by this
  static Optional<EntryPoint> of(Class<?> type) {
    return Stream.of(List.<Class<?>>of(String[].class), List.<Class<?>>of())
        .flatMap(parameters -> mains(type, parameters))
        .findFirst()
        .map(main -> new EntryPoint(type, main));
  }

  private static Stream<Method> mains(Class<?> type, List<Class<?>> parameters) {
    return Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
        .flatMap(declaring -> Arrays.stream(declaring.getDeclaredMethods()))
        .filter(method -> method.getName().equals("main"))
        .filter(method -> List.of(method.getParameterTypes()).equals(parameters))
        .filter(method -> method.getReturnType() == void.class)
        .filter(method -> !Modifier.isPrivate(method.getModifiers()))
        .filter(method -> isStatic(method) || constructor(type).isPresent());
  }

  private static boolean isStatic(Method method) {
    return Modifier.isStatic(method.getModifiers());
  }

  private static Optional<Constructor<?>> constructor(Class<?> type) {
    return Arrays.stream(type.getDeclaredConstructors())
        .filter(constructor -> constructor.getParameterCount() == 0)
        .filter(constructor -> !Modifier.isPrivate(constructor.getModifiers()))
        .findFirst();
  }

  ClassLoader loader() {
    return type.getClassLoader();
  }

  /// Calls `main`.
  ///
  /// @param args given to it if it takes any
  /// @throws Exception what `main` throws, even if it is no `Exception`; its stack trace ends at
  ///   `main`
  void call(String[] args) throws Exception {
    try {
      main.setAccessible(true);
      var program = isStatic(main) ? null : instance();
      if (main.getParameterCount() == 0) {
        main.invoke(program);
      } else {
        main.invoke(program, (Object) args);
      }
    } catch (InvocationTargetException e) {
      rethrow(Objects.requireNonNullElse(e.getCause(), e));
    } catch (ExceptionInInitializerError e) {
      rethrow(e);
    }
  }

  private Object instance() throws ReflectiveOperationException {
    var constructor = constructor(type).orElseThrow();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  @SuppressWarnings("unchecked") // the cast is none: T is whatever is thrown
  private static <T extends Throwable> void rethrow(Throwable failure) throws T {
    trim(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    throw (T) failure;
  }

  /// Takes the launcher, and what is below it, off a stack trace and off those of its causes.
  private static void trim(@Nullable Throwable failure, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return;
    }
    var frames = List.of(failure.getStackTrace());
    var end = frames.stream().map(StackTraceElement::getClassName).toList().indexOf(NAME);
    while (end > 0 && "java.base".equals(frames.get(end - 1).getModuleName())) {
      end--; // reflection
    }
    if (end >= 0) {
      failure.setStackTrace(frames.subList(0, end).toArray(StackTraceElement[]::new));
    }
    trim(failure.getCause(), seen);
    for (var suppressed : failure.getSuppressed()) {
      trim(suppressed, seen);
    }
  }
}
