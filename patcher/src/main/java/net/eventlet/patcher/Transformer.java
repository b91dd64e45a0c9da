package net.eventlet.patcher;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Rewrites classes as the JVM loads them, or loads them again.
///
/// Runs wherever a class is loaded, in the middle of anything: it loads no class, waits for nothing
/// but the class path, and throws nothing.
final class Transformer implements ClassFileTransformer {

  private final Redirects redirects;
  private final Unpatched unpatched;
  private final Map<ClassLoader, Rewriter> rewriters = new WeakHashMap<>(); // guarded by itself

  /// A transformer.
  ///
  /// @param redirects what it rewrites
  /// @param unpatched told what cannot be rewritten
  Transformer(Redirects redirects, Unpatched unpatched) {
    this.redirects = redirects;
    this.unpatched = unpatched;
  }

  @Override
  public byte @Nullable [] transform(
      java.lang.@Nullable Module module,
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> loaded,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (loader == null || name == null || !Scope.includes(module, loader, name)) {
      return null;
    }
    try {
      var changed = rewriter(loader).rewrite(name, bytes);
      if (changed != null && !Scope.sees(loader)) {
        unpatched.report(name, "its class loader " + loader + " does not see Eventlet");
        return null;
      }
      return changed;
    } catch (RuntimeException | LinkageError e) {
      unpatched.report(name, e.toString());
      return null;
    }
  }

  /// {@return whether a class that is loaded has to be loaded again}
  ///
  /// @param loaded any
  boolean wants(Class<?> loaded) {
    var loader = loaded.getClassLoader();
    var name = loaded.getName().replace('.', '/');
    return loader != null
        && !loaded.isArray()
        && !loaded.isHidden()
        && Scope.includes(loaded.getModule(), loader, name)
        && rewriter(loader).wants(name, loader);
  }

  private Rewriter rewriter(ClassLoader loader) {
    synchronized (rewriters) {
      return rewriters.computeIfAbsent(loader, _ -> new Rewriter(redirects, new Hierarchy(loader)));
    }
  }
}
