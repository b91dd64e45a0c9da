package net.eventlet.patcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.constant.ClassDesc;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Superclasses, as the classes' bytes tell them. Nothing is loaded: a class that is being loaded
/// must not need others to be.
final class Hierarchy implements ClassHierarchyResolver {

  private final WeakReference<ClassLoader> loader; // which may be unloaded with its classes
  private final ConcurrentHashMap<String, Optional<ClassHierarchyInfo>> infos =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, String> superclasses = new ConcurrentHashMap<>();

  /// A hierarchy without classes that were asked for.
  ///
  /// @param loader whose resources the classes are
  Hierarchy(ClassLoader loader) {
    this.loader = new WeakReference<>(loader);
  }

  /// {@return whether a class is another, or a subclass of it; false if its bytes are not found}
  ///
  /// @param name such as `java/lang/Thread`
  /// @param superclass the other
  boolean isSubclass(String name, String superclass) {
    var type = name;
    while (type != null && !type.equals(superclass)) {
      type = superclass(type);
    }
    return type != null;
  }

  /// Tells what a class looks like that is being loaded, and is perhaps not to be found elsewhere.
  ///
  /// @param name such as `java/lang/Thread`
  /// @param bytes a class file
  void learn(String name, byte[] bytes) {
    infos.put(name, Optional.of(info(name, bytes)));
  }

  private @Nullable String superclass(String name) {
    info(name);
    return superclasses.get(name);
  }

  @Override
  public @Nullable ClassHierarchyInfo getClassInfo(ClassDesc type) {
    if (!type.isClassOrInterface()) {
      return null;
    }
    var descriptor = type.descriptorString();
    return info(descriptor.substring(1, descriptor.length() - 1)).orElse(null);
  }

  private Optional<ClassHierarchyInfo> info(String name) {
    var known = infos.get(name);
    if (known == null) {
      known = read(name);
      infos.put(name, known);
    }
    return known;
  }

  private Optional<ClassHierarchyInfo> read(String name) {
    var from = loader.get();
    var bytes = from == null ? null : bytes(name, from);
    return bytes == null ? Optional.empty() : Optional.of(info(name, bytes));
  }

  /// {@return the bytes of a class as its loader finds them; null if it does not}
  ///
  /// @param name such as `java/lang/Thread`
  /// @param loader whose resource they are
  static byte @Nullable [] bytes(String name, ClassLoader loader) {
    try (var in = loader.getResourceAsStream(name + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the bytes of " + name + " cannot be read", e);
    }
  }

  private ClassHierarchyInfo info(String name, byte[] bytes) {
    var found = new ClassBytes(bytes);
    if (found.isInterface()) {
      return ClassHierarchyInfo.ofInterface();
    }
    var superclass = found.superclass();
    if (superclass == null) {
      return ClassHierarchyInfo.ofClass(null);
    }
    superclasses.put(name, superclass);
    return ClassHierarchyInfo.ofClass(ClassDesc.ofInternalName(superclass));
  }
}
