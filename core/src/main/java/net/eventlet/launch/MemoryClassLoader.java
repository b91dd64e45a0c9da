package net.eventlet.launch;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Loads the classes of a program that was compiled in memory, before any of the same name on the
/// class path; its resources are the files beside its sources.
final class MemoryClassLoader extends URLClassLoader {

  private static final String SUFFIX = ".class";

  private final MemoryClasses classes;

  MemoryClassLoader(MemoryClasses classes, Path root) throws MalformedURLException {
    super(new URL[] {root.toUri().toURL()}, ClassLoader.getSystemClassLoader());
    this.classes = classes;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      var bytes = classes.bytes(name);
      if (bytes == null) {
        return super.loadClass(name, resolve);
      }
      var loaded = findLoadedClass(name);
      return loaded == null ? defineClass(name, bytes, 0, bytes.length) : loaded;
    }
  }

  /// {@return a class file as well, for those who read what a program's classes are}
  ///
  /// @param name such as `app/Shop.class`
  @Override
  public @Nullable URL getResource(String name) {
    var bytes =
        name.endsWith(SUFFIX)
            ? classes.bytes(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'))
            : null;
    return bytes == null ? super.getResource(name) : inMemory(name, bytes);
  }

  private static URL inMemory(String name, byte[] bytes) {
    var handler =
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() {
                return new ByteArrayInputStream(bytes);
              }
            };
          }
        };
    try {
      return URL.of(new URI("memory", null, "/" + name, null), handler);
    } catch (MalformedURLException | URISyntaxException e) {
      throw new AssertionError("a class's name fits into an address", e);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    throw new ClassNotFoundException(name); // a class file beside the sources may be stale
  }
}
