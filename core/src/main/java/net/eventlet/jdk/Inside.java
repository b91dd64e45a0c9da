package net.eventlet.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Handles on private members of the JDK.
///
/// All throw [java.lang.reflect.InaccessibleObjectException] where a package is not open to us, and
/// [NoClassDefFoundError] where a member is not there.
final class Inside {

  private Inside() {}

  /// {@return a handle that reads a field}
  ///
  /// @param owner declares it
  /// @param name of the field
  /// @param from the type by which its object is known to us
  /// @param to the type by which its value is
  static MethodHandle field(String owner, String name, Class<?> from, Class<?> to) {
    return field(type(owner), name, from, to);
  }

  /// {@return a handle that reads a field}
  ///
  /// @param owner declares it
  /// @param name of the field
  /// @param from the type by which its object is known to us
  /// @param to the type by which its value is
  static MethodHandle field(Class<?> owner, String name, Class<?> from, Class<?> to) {
    try {
      var field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return MethodHandles.lookup().unreflectGetter(field).asType(MethodType.methodType(to, from));
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }

  /// {@return a handle that calls a static method whose types are all public}
  ///
  /// @param owner declares it
  /// @param name of the method
  /// @param parameters its parameters' types
  static MethodHandle method(String owner, String name, Class<?>... parameters) {
    try {
      var method = type(owner).getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return MethodHandles.lookup().unreflect(method);
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }

  /// {@return a class by its name}
  ///
  /// @param name such as `java.lang.VirtualThread`
  static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw missing(e);
    }
  }

  private static NoClassDefFoundError missing(ReflectiveOperationException cause) {
    var error = new NoClassDefFoundError("not in this JDK: " + cause.getMessage());
    error.initCause(cause);
    return error;
  }
}
