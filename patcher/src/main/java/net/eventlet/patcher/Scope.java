package net.eventlet.patcher;

import org.jspecify.annotations.Nullable;

/// Which classes may be rewritten: neither the JDK's nor ours.
final class Scope {

  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  private Scope() {}

  /// {@return whether a class is somebody else's, and not one that was imported as it is}
  ///
  /// @param module of the class; null if not known
  /// @param loader of the class
  /// @param name such as `com/example/Feed`
  static boolean includes(java.lang.@Nullable Module module, ClassLoader loader, String name) {
    return loader != PLATFORM
        && !(loader instanceof Library.Loader)
        && !isJdk(name)
        && !isOurs(name)
        && (module == null || !module.isNamed() || !isJdkModule(module.getName()));
  }

  /// {@return whether a class loader finds the methods that calls are redirected to}
  ///
  /// @param loader any
  static boolean sees(ClassLoader loader) {
    for (var ancestor = loader; ancestor != null; ancestor = ancestor.getParent()) {
      if (ancestor == Scope.class.getClassLoader()) {
        return true;
      }
    }
    return false;
  }

  /// {@return whether a class is the JDK's, going by its package}
  ///
  /// @param name such as `java/lang/Thread`
  static boolean isJdk(String name) {
    return name.startsWith("java/") || name.startsWith("jdk/") || name.startsWith("sun/");
  }

  private static boolean isOurs(String name) {
    return name.startsWith("net/eventlet/") && !name.startsWith("net/eventlet/examples/");
  }

  private static boolean isJdkModule(String name) {
    return name.startsWith("java.") || name.startsWith("jdk.");
  }
}
