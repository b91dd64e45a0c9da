package net.eventlet.hubs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;

/// What reaches the uncaught handler while this is open.
final class Uncaught implements AutoCloseable {

  private final LinkedBlockingQueue<Failure> failures = new LinkedBlockingQueue<>();

  /// One failure.
  ///
  /// @param thread that failed
  /// @param cause what came out of it
  record Failure(Thread thread, Throwable cause) {}

  private final BiConsumer<? super Thread, ? super Throwable> before = handler();

  private Uncaught() {
    Hub.uncaughtHandler((thread, cause) -> failures.add(new Failure(thread, cause)));
  }

  /// {@return one that is open}
  static Uncaught watch() {
    return new Uncaught();
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
    Hub.uncaughtHandler(before);
  }

  @SuppressWarnings("unchecked")
  private static BiConsumer<? super Thread, ? super Throwable> handler() {
    try {
      var field =
          Hub.class.getDeclaredField("uncaughtHandler"); // others test with one of their own
      field.setAccessible(true);
      return (BiConsumer<? super Thread, ? super Throwable>) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
