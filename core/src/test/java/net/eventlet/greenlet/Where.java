package net.eventlet.greenlet;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.eventlet.Eventlet;

/// Where greenlets have to work. Each test there has a thread of its own.
enum Where {
  PLAIN_THREAD {
    @Override
    void start(Runnable body) throws Exception {
      Thread.ofPlatform().start(body).join();
    }
  },
  GREEN_THREAD {
    @Override
    void start(Runnable body) throws Exception {
      Eventlet.run(body::run);
    }
  },
  STOCK_VIRTUAL_THREAD {
    @Override
    void start(Runnable body) throws Exception {
      Thread.ofVirtual().start(body).join();
    }
  };

  /// The body of a test.
  @FunctionalInterface
  interface Body {

    /// Runs it.
    void run() throws Exception;
  }

  abstract void start(Runnable body) throws Exception;

  /// Runs a body there, and throws what it throws.
  void run(Body body) throws Exception {
    var task =
        new FutureTask<>(() -> {
          body.run();
          return true;
        });
    start(task);
    try {
      task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
  }
}
