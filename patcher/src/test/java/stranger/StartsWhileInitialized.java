package stranger;

import java.util.concurrent.Executors;
import net.eventlet.Eventlet;

/// A class that waits, while it is initialized, for a thread, a task and a child of its own.
///
/// None of them runs code of that class, which would wait for it in any Java.
final class StartsWhileInitialized {

  private StartsWhileInitialized() {}

  public static void main(String[] args) throws Exception {
    Eventlet.run(() -> System.out.println(Waits.ANSWER));
  }

  private static final class Waits {

    private static final String ANSWER = answer();

    private static String answer() {
      try {
        var thread = new Thread("a thread"::length);
        thread.start();
        thread.join();
        var pool = Executors.newFixedThreadPool(1);
        var task = pool.submit("a task"::toString).get();
        pool.shutdown();
        var child = new ProcessBuilder("echo", "a child").start();
        return task + " and " + new String(child.getInputStream().readAllBytes()).strip();
      } catch (Exception e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }
}
