package net.eventlet.patcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A library that was loaded once more, in a class loader of its own, beside the one that the rest
/// of the program uses: patched by [Patcher#importPatched], or not by [Patcher#original].
///
/// Its classes are others than those of the same names elsewhere, and so are its static fields.
/// What goes in and out are types that are not its own: the JDK's, and the program's interfaces.
///
/// ```java
/// var feeds = Patcher.importPatched("com.rometools", "app.FeedTitles");
/// Callable<List<String>> titles = feeds.create(Callable.class, "app.FeedTitles");
/// ```
///
/// Its classes are in the loader's unnamed module, also where the original's are in a named one;
/// packages are not sealed, and signatures of jars not checked. Resources are the original's. A
/// library that asks the thread's context class loader, as [java.util.ServiceLoader] does, finds
/// itself inside [#call(Callable)].
public final class Library {

  private static final Pattern NAME =
      Pattern.compile(
          "(\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)"
              + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

  private final Loader loader;

  /// Loads nothing yet.
  ///
  /// @param parent has the original, and all else
  /// @param names of packages, with those in them, and of classes, with those nested in them
  /// @param redirects what is rewritten; null for nothing
  /// @throws IllegalArgumentException if there is no name, or one is none, the JDK's, or ours
  Library(ClassLoader parent, List<String> names, @Nullable Redirects redirects) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("name the packages or classes to import");
    }
    for (var name : names) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "this names no package or class, as com.example.lib does: \"" + name + '"');
      }
      if (!Scope.includes(null, parent, name.replace('.', '/') + '/')) {
        throw new IllegalArgumentException(
            name + " is not imported: it is the JDK's or Eventlet's");
      }
    }
    loader = new Loader(parent, names, redirects);
  }

  @Override
  public String toString() {
    return "Library" + loader.names;
  }

  /// {@return what loads it}
  public ClassLoader loader() {
    return loader;
  }

  /// {@return one of its classes}
  ///
  /// @param name such as `com.example.Feed`
  /// @throws ClassNotFoundException if there is none
  public Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }

  /// Makes an object of one of its classes.
  ///
  /// @param type what the program knows it by: a class or interface that is not the library's
  /// @param name of a public class with a public constructor without parameters
  /// @param <T> that type
  /// @return the object
  /// @throws ReflectiveOperationException if there is no such class or constructor, or it fails
  /// @throws ClassCastException if the object is not of that type
  public <T> T create(Class<T> type, String name) throws ReflectiveOperationException {
    var constructor = load(name).getConstructor();
    try {
      return type.cast(call(constructor::newInstance));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a constructor's own exceptions are wrapped", e);
    }
  }

  /// Calls something with this library's loader as the thread's context class loader.
  ///
  /// @param body what
  /// @param <T> what it returns
  /// @return that
  /// @throws Exception what it throws
  public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return body.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /// Loads the library's classes itself, from the bytes that its parent finds, and leaves all
  /// others to its parent.
  static final class Loader extends ClassLoader {

    static {
      registerAsParallelCapable();
    }

    private final List<String> names;
    private final @Nullable Rewriter rewriter;

    Loader(ClassLoader parent, List<String> names, @Nullable Redirects redirects) {
      super(parent);
      this.names = List.copyOf(names);
      rewriter = redirects == null ? null : new Rewriter(redirects, new Hierarchy(parent));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (names.stream().noneMatch(prefix -> isIn(prefix, name))) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    private static boolean isIn(String prefix, String name) {
      return name.startsWith(prefix)
          && (name.length() == prefix.length()
              || name.charAt(prefix.length()) == '.'
              || name.charAt(prefix.length()) == '$');
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      var internalName = name.replace('.', '/');
      var file = internalName + ".class";
      var found = getParent().getResource(file);
      if (found == null) {
        throw new ClassNotFoundException(name);
      }
      var bytes = Hierarchy.bytes(found);
      var changed = rewriter == null ? null : rewriter.rewrite(internalName, bytes);
      var code = changed == null ? bytes : changed;
      return defineClass(name, code, 0, code.length, domain(found, file));
    }

    /// {@return where a class is from, without the signers: it is not what they signed}
    private ProtectionDomain domain(URL resource, String file) {
      return new ProtectionDomain(
          new CodeSource(root(resource, file), (Certificate @Nullable []) null), null, this, null);
    }

    private static URL root(URL resource, String file) {
      try {
        if (resource.openConnection() instanceof JarURLConnection jar) {
          return jar.getJarFileURL();
        }
        var text = resource.toString();
        return URI.create(text.substring(0, text.length() - file.length())).toURL();
      } catch (MalformedURLException e) {
        return resource;
      } catch (IOException e) {
        throw new UncheckedIOException(resource + " cannot be opened", e);
      }
    }
  }
}
