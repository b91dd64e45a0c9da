package net.eventlet.green;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.TPool;
import org.jspecify.annotations.Nullable;

/// Something that a thread of the pool opens, and closes again if nobody is there to take it.
///
/// @param <T> what it is
final class Opening<T extends AutoCloseable> {

  private final Callable<T> open;
  private final AtomicReference<@Nullable T> opened = new AtomicReference<>();
  private volatile boolean gone;

  Opening(Callable<T> open) {
    this.open = open;
  }

  /// {@return what was opened}
  T await() throws IOException {
    try {
      TPool.execute(() -> {
        opened.set(open.call());
        if (gone) {
          closeOnce();
        }
        return true;
      });
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw Waiting.interrupted();
    } catch (Exception e) {
      throw new AssertionError("files throw nothing else; please report this", e);
    }
    var taken = opened.getAndSet(null);
    if (taken == null) {
      throw new AssertionError("something was opened and is gone; please report this");
    }
    return taken;
  }

  /// Sees to it that nothing is left open that was not taken.
  void abandon() throws IOException {
    gone = true;
    try {
      closeOnce();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("files throw nothing else; please report this", e);
    }
  }

  private void closeOnce() throws Exception {
    var left = opened.getAndSet(null);
    if (left != null) {
      left.close();
    }
  }
}
