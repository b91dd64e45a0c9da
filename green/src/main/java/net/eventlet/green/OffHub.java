package net.eventlet.green;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.eventlet.Event;
import net.eventlet.hubs.Hub;

/// A resolver that blocks, asked in threads of its own while the green thread that asks parks.
/// Outside a hub it is asked in place.
final class OffHub implements InetAddressResolver {

  private final InetAddressResolver blocking;
  private final ThreadPoolExecutor threads;

  /// Creates one.
  ///
  /// @param blocking what is asked
  /// @param atOnce threads, which begin when they are needed and end after ten idle seconds; who
  ///   finds none free waits, and no longer than for the answer
  OffHub(InetAddressResolver blocking, int atOnce) {
    this.blocking = blocking;
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("eventlet-names-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
      throws UnknownHostException {
    return call(() -> blocking.lookupByName(host, policy));
  }

  @Override
  public String lookupByAddress(byte[] address) throws UnknownHostException {
    return call(() -> blocking.lookupByAddress(address));
  }

  /// {@return whether the calling thread is in a static initialiser}
  ///
  /// There it cannot be unmounted, so that its hub runs nobody else: to wait for another green
  /// thread of that hub would be to wait for ever.
  static boolean isInitialising() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("<clinit>")));
  }

  private <T> T call(Callable<T> question) throws UnknownHostException {
    try {
      return Hub.currentOrNull() == null || isInitialising()
          ? question.call()
          : elsewhere(question);
    } catch (UnknownHostException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a resolver declares no such exception", e);
    }
  }

  private <T> T elsewhere(Callable<T> question) throws Exception {
    var answer = new Event<T>();
    Runnable task =
        () -> {
          try {
            answer.send(question.call());
          } catch (Throwable failure) {
            answer.sendException(failure);
          }
        };
    threads.execute(task);
    try {
      return answer.await();
    } finally {
      if (!answer.ready()) {
        threads.remove(task); // nobody waits for it any more
      }
    }
  }
}
