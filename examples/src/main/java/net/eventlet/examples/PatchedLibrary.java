package net.eventlet.examples;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import net.eventlet.patcher.Patcher;

/// Loads a library that has threads of its own so that they are green; nothing else is patched.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/PatchedLibrary.java`
public final class PatchedLibrary {

  public static void main() throws Exception {
    var name = "net.eventlet.examples.PatchedLibrary$Reports";
    var library = Patcher.importPatched(name);
    Callable<?> patched = library.create(Callable.class, name);

    IO.println("as it is, reports are made in a " + new Reports().call());
    IO.println("patched, they are made in a " + patched.call());
  }

  /// Stands for a library that knows nothing of Eventlet.
  public static final class Reports implements Callable<String> {

    /// Has nothing to be told.
    public Reports() {}

    @Override
    public String call() throws Exception {
      try (var pool = Executors.newFixedThreadPool(4)) {
        return pool.submit(Reports::kind).get();
      }
    }

    private static String kind() {
      return Thread.currentThread().isVirtual() ? "green thread" : "platform thread";
    }
  }
}
