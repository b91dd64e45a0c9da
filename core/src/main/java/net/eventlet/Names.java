package net.eventlet;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolverProvider;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Waiter;

/// Looks names up off the hub, since the system's resolver blocks; or, where module `green` is
/// there and the JDK asks that, in a green thread of its own, which can be left behind at any
/// moment.
final class Names {

  private static final int THREADS = 20; // look-ups at once; more wait

  private static final ThreadPoolExecutor POOL =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("eventlet-names-", 0).factory());

  private static final boolean GREEN =
      ServiceLoader.load(InetAddressResolverProvider.class)
          .findFirst()
          .filter(provider -> provider.name().equals("Eventlet"))
          .isPresent();

  static {
    POOL.allowCoreThreadTimeOut(true);
  }

  private Names() {}

  /// {@return every address of a name, in the system's order}
  ///
  /// @param host a name, or an address as text
  /// @param limitNanos longest wait; [Long#MAX_VALUE] for ever
  /// @throws UnknownHostException if there is none
  /// @throws SocketTimeoutException if the time runs out; the resolver goes on for nobody
  static InetAddress[] addresses(String host, long limitNanos)
      throws UnknownHostException, SocketTimeoutException {
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      return InetAddress.getAllByName(host);
    }
    var waiter = new Waiter();
    var found = new CompletableFuture<InetAddress[]>();
    Runnable lookUp =
        () -> {
          try {
            found.complete(InetAddress.getAllByName(host));
          } catch (UnknownHostException e) {
            found.completeExceptionally(e);
          } finally {
            waiter.wake();
          }
        };
    if (GREEN) {
      fiber.hub().fiber(lookUp::run, lookUp).start();
    } else {
      POOL.execute(lookUp);
    }
    if (!Waits.await(waiter, limitNanos)) {
      throw new SocketTimeoutException("Look-up of " + host + " timed out");
    }
    if (found.isCompletedExceptionally()) {
      throw (UnknownHostException) found.exceptionNow();
    }
    return found.resultNow();
  }
}
