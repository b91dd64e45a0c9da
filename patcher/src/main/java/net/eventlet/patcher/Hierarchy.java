package net.eventlet.patcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// Superclasses, as the classes' bytes tell them. Nothing is loaded: a class that is being loaded
/// must not need others to be.
final class Hierarchy {

  /// The only subclass of a JDK's class whose calls are redirected that others may extend.
  private static final String THREAD_OF_FORK_JOIN = "java/util/concurrent/ForkJoinWorkerThread";

  private final WeakReference<ClassLoader> loader; // which may be unloaded with its classes
  private final ConcurrentHashMap<String, Optional<String>> superclasses =
      new ConcurrentHashMap<>();

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

  /// {@return whether a class, or a superclass of it below another, has a method of its own}
  ///
  /// @param name such as `com/example/Worker`
  /// @param superclass the other, which is a superclass of it
  /// @param method name of the method
  /// @param descriptor of it
  boolean overrides(String name, String superclass, String method, String descriptor) {
    var from = loader.get();
    for (var type = name; type != null && !type.equals(superclass); type = superclass(type)) {
      var bytes = from == null ? null : bytes(type, from);
      if (bytes == null || new ClassBytes(bytes).declares(method, descriptor)) {
        return true;
      }
    }
    return false;
  }

  /// Tells what a class looks like that is being loaded, and is perhaps not to be found elsewhere.
  ///
  /// @param name such as `java/lang/Thread`
  /// @param found its bytes
  void learn(String name, ClassBytes found) {
    superclasses.put(name, Optional.ofNullable(found.superclass()));
  }

  private @Nullable String superclass(String name) {
    if (Scope.isJdk(name)) {
      return name.equals(THREAD_OF_FORK_JOIN) ? "java/lang/Thread" : null;
    }
    var known = superclasses.get(name);
    if (known == null) {
      known = read(name);
      superclasses.put(name, known);
    }
    return known.orElse(null);
  }

  private Optional<String> read(String name) {
    var from = loader.get();
    var bytes = from == null ? null : bytes(name, from);
    return bytes == null
        ? Optional.empty()
        : Optional.ofNullable(new ClassBytes(bytes).superclass());
  }

  /// {@return the bytes of a class as its loader finds them; null if it does not}
  ///
  /// @param name such as `com/example/Feed`
  /// @param loader whose resource they are
  static byte @Nullable [] bytes(String name, ClassLoader loader) {
    var found = loader.getResource(name + ".class");
    return found == null ? null : bytes(found);
  }

  /// {@return the bytes of a class}
  ///
  /// An entry of a jar is read without looking at the jar's signatures, which may take longer than
  /// all else that the patcher does.
  ///
  /// @param file where they are
  static byte[] bytes(URL file) {
    try {
      if (file.getProtocol().equals("jar") && file.getFile().startsWith("file:")) {
        var path = file.getFile();
        var end = path.indexOf("!/");
        try (var jar = new ZipFile(Path.of(URI.create(path.substring(0, end))).toFile())) {
          var entry = jar.getEntry(URI.create(path.substring(end + 1)).getPath().substring(1));
          if (entry != null) {
            return jar.getInputStream(entry).readAllBytes();
          }
        }
      }
      try (var in = file.openStream()) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
