package net.eventlet.spawning;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.eventlet.wsgi.Application;

/// Finds applications by their names: `com.example.App`, a class that is an [Application] or has a
/// method `handle` for one; or `com.example.App::member`, a static field or method that holds one,
/// makes one or is one. Middleware is named in the same way, and is a function from an application
/// to another.
///
/// Source: `spawning/util/__init__.py`, `named`.
final class NamedFactory implements Factory {

  private final ClassLoader loader;

  NamedFactory(ClassLoader loader) {
    this.loader = loader;
  }

  @Override
  public Application create(List<String> names) throws Exception {
    var application = find(names.getFirst(), Application.class);
    for (var name : names.subList(1, names.size())) {
      application = wrap(name, application);
    }
    return application;
  }

  @SuppressWarnings(
      "unchecked") // an operator on anything else fails when it is called, and says so
  private Application wrap(String name, Application inner) throws Exception {
    if (name.contains("::")) {
      var type = load(name.substring(0, name.indexOf("::")));
      for (var method : type.getMethods()) {
        if (method.getName().equals(memberOf(name))
            && Modifier.isStatic(method.getModifiers())
            && Arrays.equals(method.getParameterTypes(), new Class<?>[] {Application.class})) {
          return (Application) call(method, inner);
        }
      }
      return (Application) find(name, UnaryOperator.class).apply(inner);
    }
    var type = load(name);
    try {
      return (Application) type.getConstructor(Application.class).newInstance(inner);
    } catch (NoSuchMethodException e) {
      return (Application) find(name, UnaryOperator.class).apply(inner);
    } catch (InvocationTargetException e) {
      throw causeOf(e);
    }
  }

  /// {@return what a name stands for}
  ///
  /// @throws IllegalArgumentException if it stands for nothing, with what is there instead
  <T> T find(String name, Class<T> wanted) throws Exception {
    if (!name.contains("::")) {
      return instance(load(name), wanted);
    }
    var type = load(name.substring(0, name.indexOf("::")));
    var member = memberOf(name);
    for (var field : type.getFields()) {
      if (field.getName().equals(member) && isStatic(field)) {
        return cast(name, field.get(null), wanted);
      }
    }
    for (var method : type.getMethods()) {
      if (method.getName().equals(member) && isStatic(method) && method.getParameterCount() == 0) {
        return cast(name, call(method), wanted);
      }
    }
    for (var method : type.getMethods()) {
      if (method.getName().equals(member)
          && isStatic(method)
          && isHandler(method)
          && wanted == Application.class) {
        return wanted.cast(
            (Application) request -> (net.eventlet.wsgi.Response) call(method, request));
      }
    }
    throw new IllegalArgumentException(
        "%s has no public static field or method '%s' that is %s; it has: %s"
            .formatted(type.getName(), member, article(wanted), membersOf(type)));
  }

  private static boolean isHandler(Method method) {
    return method.getParameterCount() == 1
        && method.getParameterTypes()[0] == net.eventlet.wsgi.Request.class
        && method.getReturnType() == net.eventlet.wsgi.Response.class;
  }

  private static <T> T cast(String name, Object value, Class<T> wanted) {
    if (!wanted.isInstance(value)) {
      throw new IllegalArgumentException(
          "%s is not %s but %s"
              .formatted(
                  name, article(wanted), value == null ? "null" : value.getClass().getName()));
    }
    return wanted.cast(value);
  }

  private static <T> T instance(Class<?> type, Class<T> wanted) throws Exception {
    if (!wanted.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "%s is not %s: implement it, or name a member with ::, one of: %s"
              .formatted(type.getName(), article(wanted), membersOf(type)));
    }
    try {
      return wanted.cast(type.getConstructor().newInstance());
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new IllegalArgumentException(
          type.getName() + " needs to be public, with a public constructor without parameters", e);
    } catch (InvocationTargetException e) {
      throw causeOf(e);
    }
  }

  private Class<?> load(String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "there is no class %s on the class path %s"
              .formatted(name, System.getProperty("java.class.path")),
          e);
    }
  }

  private static Object call(Method method, Object... arguments) throws Exception {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw causeOf(e);
    }
  }

  private static Exception causeOf(InvocationTargetException e) {
    return switch (e.getCause()) {
      case Exception cause -> cause;
      case Error cause -> throw cause;
      case null, default -> e;
    };
  }

  private static boolean isStatic(Member member) {
    return Modifier.isStatic(member.getModifiers());
  }

  private static String memberOf(String name) {
    return name.substring(name.indexOf("::") + 2);
  }

  private static String article(Class<?> wanted) {
    return (wanted == Application.class ? "an " : "a ") + wanted.getSimpleName();
  }

  private static String membersOf(Class<?> type) {
    var names =
        Stream.<Member>concat(Arrays.stream(type.getFields()), Arrays.stream(type.getMethods()))
            .filter(NamedFactory::isStatic)
            .map(Member::getName)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }
}
