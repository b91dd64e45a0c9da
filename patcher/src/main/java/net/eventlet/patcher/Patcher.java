package net.eventlet.patcher;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.eventlet.TPool;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Makes libraries cooperate that were not written for green threads.
///
/// What is patched is patched for the whole process, as in Eventlet, so the state here is static.
///
/// Source: `eventlet/patcher.py`.
public final class Patcher {

  private static final Unpatched UNPATCHED = new Unpatched();
  private static final Set<Module> PATCHED = EnumSet.noneOf(Module.class); // guarded by the class

  private static @Nullable Transformer transformer; // guarded by the class

  private Patcher() {}

  /// Patches all modules, in the classes that are loaded and in those that will be. May be called
  /// at any time, in any thread; does nothing the second time. Waits until all is patched.
  ///
  /// What cannot be patched is told to standard error, once.
  ///
  /// @throws IllegalStateException if the JVM does not let a running program be patched; the
  ///   message names the flag to start it with
  public static void monkeyPatch() {
    monkeyPatch(Module.values());
  }

  /// Patches some modules, as [#monkeyPatch()] does; those patched before stay so.
  ///
  /// @param modules to patch
  /// @throws IllegalStateException if the JVM does not let a running program be patched; the
  ///   message names the flag to start it with
  public static void monkeyPatch(Module... modules) {
    if (Hub.currentOrNull() == null) {
      patch(modules.clone());
      return;
    }
    try {
      TPool.execute(() -> {
        patch(modules.clone());
        return true;
      });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("patching throws no other exception", e);
    }
  }

  /// Loads a library once more, patched, in a class loader of its own; the rest of the program goes
  /// on with the one that it has. Needs no agent.
  ///
  /// @param names of packages, with those in them, and of classes, with those nested in them; name
  ///   whole packages, since classes that are loaded apart do not see what is private to a package
  /// @return the library, of which nothing is loaded yet
  /// @throws IllegalArgumentException if there is no name, or one is none, the JDK's, or ours
  public static Library importPatched(String... names) {
    return new Library(parent(), List.of(names), new Redirects(EnumSet.allOf(Module.class)));
  }

  /// Loads a library once more, as it was written, though the rest of the program be patched.
  ///
  /// @param names of packages, with those in them, and of classes, with those nested in them
  /// @return the library, of which nothing is loaded yet
  /// @throws IllegalArgumentException if there is no name, or one is none, the JDK's, or ours
  public static Library original(String... names) {
    return new Library(parent(), List.of(names), null);
  }

  /// {@return where the program's classes are: the thread's context class loader, if that sees us}
  private static ClassLoader parent() {
    var context = Thread.currentThread().getContextClassLoader();
    return context != null && Scope.sees(context) ? context : Patcher.class.getClassLoader();
  }

  /// {@return whether a module is patched}
  ///
  /// @param module any
  public static boolean isMonkeyPatched(Module module) {
    synchronized (Patcher.class) {
      return PATCHED.contains(module);
    }
  }

  /// {@return why the classes that could not be patched were not, by their names}
  public static Map<String, String> unpatched() {
    return UNPATCHED.reasons();
  }

  private static synchronized void patch(Module... modules) {
    var added = EnumSet.noneOf(Module.class);
    added.addAll(Arrays.asList(modules));
    added.removeAll(PATCHED);
    if (added.isEmpty()) {
      return;
    }
    var instrumentation = Attachment.instrumentation();
    var all = EnumSet.copyOf(added);
    all.addAll(PATCHED);
    var replaced = transformer;
    var replacing = new Transformer(new Redirects(all), UNPATCHED);
    instrumentation.addTransformer(replacing, true);
    if (replaced != null) {
      instrumentation.removeTransformer(replaced);
    }
    transformer = replacing;
    PATCHED.addAll(added);
    var stale = new Transformer(new Redirects(added), UNPATCHED);
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (stale.wants(loaded)) {
        loadAgain(instrumentation, loaded);
      }
    }
  }

  private static void loadAgain(Instrumentation instrumentation, Class<?> loaded) {
    try {
      instrumentation.retransformClasses(loaded);
    } catch (UnmodifiableClassException | LinkageError e) {
      UNPATCHED.report(loaded.getName(), e.toString());
    }
  }
}
