package net.eventlet.green;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import net.eventlet.TPool;

/// Runs what reads files in the thread pool, if the caller is on a hub.
final class InThreadPool {

  private InThreadPool() {}

  /// Calls it.
  ///
  /// @param body what reads
  /// @param <T> what it returns
  /// @return what it returned
  static <T> T call(Callable<T> body) throws IOException, GeneralSecurityException {
    try {
      return TPool.execute(body);
    } catch (IOException | GeneralSecurityException | RuntimeException expected) {
      throw expected;
    } catch (Exception other) {
      throw new IllegalStateException(other);
    }
  }
}
