package net.eventlet;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import net.eventlet.hubs.Hub;

/// Failures that nobody has received yet: told to the uncaught handler when the handle is gone
/// without anybody having asked, or the process ends.
final class Dropped extends PhantomReference<Object> {

  private static final ReferenceQueue<Object> GONE = new ReferenceQueue<>();
  private static final Set<Dropped> WATCHED = ConcurrentHashMap.newKeySet();

  static {
    Thread.ofPlatform().daemon().name("eventlet-dropped").start(Dropped::tellOfGone);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(Dropped::tellOfAll, "eventlet-dropped-at-exit"));
  }

  private final Thread thread;
  private final Throwable failure;
  private final BooleanSupplier received;

  private Dropped(Object handle, Thread thread, Throwable failure, BooleanSupplier received) {
    super(handle, GONE);
    this.thread = thread;
    this.failure = failure;
    this.received = received;
  }

  /// Watches a handle; what follows must not lead to it.
  ///
  /// @param handle through which the failure can be received
  /// @param thread that failed
  /// @param failure what came out of it
  /// @param received whether somebody has it
  static void watch(Object handle, Thread thread, Throwable failure, BooleanSupplier received) {
    WATCHED.add(new Dropped(handle, thread, failure, received));
  }

  private void tell() {
    if (WATCHED.remove(this) && !received.getAsBoolean()) {
      Hub.uncaught(thread, failure);
    }
  }

  private static void tellOfAll() {
    WATCHED.forEach(Dropped::tell);
  }

  private static void tellOfGone() {
    while (true) {
      try {
        ((Dropped) GONE.remove()).tell();
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
