package net.eventlet;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// What reaches the hubs' uncaught handler while this is open, of the thread that opened it and of
/// those that began meanwhile. The rest is printed: a handle that was dropped long ago is told of
/// at any time.
final class Uncaught implements AutoCloseable {

  private static volatile @Nullable Uncaught open; // null between two

  private final LinkedBlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
  private final Thread opener = Thread.currentThread();
  private final long earlier = Thread.ofVirtual().unstarted(() -> {}).threadId();

  /// One failure.
  ///
  /// @param thread that failed
  /// @param cause what came out of it
  record Failure(Thread thread, Throwable cause) {}

  private Uncaught() {}

  /// Puts this in the handler's place again, after a test of another.
  static void install() {
    Hub.uncaughtHandler(Uncaught::tell);
  }

  /// {@return one that is open}
  static Uncaught watch() {
    var watch = new Uncaught();
    open = watch;
    install(); // other tests have handlers of their own
    return watch;
  }

  /// {@return the next failure, waited for if need be}
  Failure next() throws InterruptedException {
    var failure = failures.poll(10, SECONDS);
    assertNotNull(failure, "nothing reached the uncaught handler");
    return failure;
  }

  /// {@return what came and was not asked for by [#next()]}
  List<Throwable> causes() {
    return failures.stream().map(Failure::cause).toList();
  }

  @Override
  public void close() {
    open = null;
  }

  @SuppressWarnings("SystemOut")
  private static void tell(Thread thread, Throwable cause) {
    var watch = open;
    if (watch != null && (thread == watch.opener || thread.threadId() > watch.earlier)) {
      watch.failures.add(new Failure(thread, cause));
    } else {
      System.err.println("uncaught in " + thread + ": " + cause);
    }
  }
}
