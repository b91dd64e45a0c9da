package net.eventlet.launch;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// Loads the classes of a program that was compiled in memory, before any of the same name on the
/// class path; its resources are the files beside its sources.
final class MemoryClassLoader extends URLClassLoader {

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

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    throw new ClassNotFoundException(name); // a class file beside the sources may be stale
  }
}
