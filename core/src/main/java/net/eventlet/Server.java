package net.eventlet;

import java.io.IOException;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Waiter;
import org.jspecify.annotations.Nullable;

/// A server's loop. Belongs to the hub that runs it.
///
/// Source: `eventlet/convenience.py`, `serve`. There a handler that fails ends the server, and one
/// connection too many is accepted.
final class Server {

  private final GreenServerSocket listener;
  private final SocketHandler handler;
  private final int concurrency;

  private int serving;
  private @Nullable Waiter full; // null unless the loop waits for a connection to end
  private @Nullable Fiber loop; // null before and after it runs
  private @Nullable StopServe stop; // null unless a handler has thrown it

  Server(GreenServerSocket listener, SocketHandler handler, int concurrency) {
    this.listener = listener;
    this.handler = handler;
    this.concurrency = concurrency;
  }

  /// Serves until the listener is closed or a handler throws [StopServe].
  ///
  /// @throws IOException if accepting fails
  void serve() throws IOException {
    loop = Fiber.currentOrNull();
    try {
      while (stop == null) {
        awaitRoom();
        var connection = listener.accept();
        serving++;
        Hub.current().fiber(new Handling(connection), handler).start();
      }
    } catch (StopServe thrown) {
      if (thrown != stop) {
        throw thrown;
      }
    } catch (IOException failure) {
      if (!listener.isClosed()) {
        throw failure;
      }
    } finally {
      if (stop != null && loop != null) {
        loop.withdraw(stop); // it may not have come to a wait
      }
      loop = null;
    }
  }

  private void awaitRoom() {
    while (serving >= concurrency) {
      full = new Waiter();
      try {
        Waits.await(full, Long.MAX_VALUE);
      } finally {
        full = null;
      }
    }
  }

  /// One connection.
  private final class Handling implements Fiber.Body {

    private final GreenSocket connection;

    Handling(GreenSocket connection) {
      this.connection = connection;
    }

    @Override
    public void run() throws Exception {
      handler.handle(connection);
    }

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      connection.close(); // even if the handler had no turn
      serving--;
      if (full != null) {
        full.wake();
      }
      switch (failure) {
        case StopServe thrown -> stopWith(thrown);
        case GreenThreadExit _ -> {}
        case null -> {}
        default -> Hub.uncaught(fiber.thread(), failure);
      }
    }

    @Override
    public Throwable exit(String reason) {
      return new GreenThreadExit(reason);
    }
  }

  private void stopWith(StopServe thrown) {
    if (stop == null && loop != null) {
      stop = thrown;
      loop.unwind(thrown);
    }
  }
}
