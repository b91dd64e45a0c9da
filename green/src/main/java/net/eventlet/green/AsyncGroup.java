package net.eventlet.green;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Channels of one hub that end together.
final class AsyncGroup extends AsynchronousChannelGroup {

  private final Hub hub;
  private final @Nullable ExecutorService executor; // null: handlers run where the operation did
  private final Set<AsynchronousChannel> channels = ConcurrentHashMap.newKeySet();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile boolean shutdown;

  AsyncGroup(AsynchronousChannelProvider provider, Hub hub, @Nullable ExecutorService executor) {
    super(provider);
    this.hub = hub;
    this.executor = executor;
  }

  Hub hub() {
    return hub;
  }

  /// Runs a handler, in the calling green thread if the group has no threads of its own, or none
  /// any more.
  void dispatch(Runnable handler) {
    if (executor != null) {
      try {
        executor.execute(handler);
        return;
      } catch (RejectedExecutionException e) {
        // the group has terminated, or its executor's owner has shut that down
      }
    }
    handler.run();
  }

  /// Takes a channel in.
  ///
  /// @throws ShutdownChannelGroupException if it comes too late
  void add(AsynchronousChannel channel) {
    channels.add(channel);
    if (shutdown) {
      remove(channel);
      throw new ShutdownChannelGroupException();
    }
  }

  /// Lets go of a channel that was closed.
  void remove(AsynchronousChannel channel) {
    channels.remove(channel);
    terminateIfEmpty();
  }

  private void terminateIfEmpty() {
    if (shutdown && channels.isEmpty()) {
      terminated.countDown();
      if (executor != null) {
        executor.shutdown();
      }
    }
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public void shutdown() {
    shutdown = true;
    terminateIfEmpty();
  }

  @Override
  public void shutdownNow() throws IOException {
    shutdown = true;
    try {
      channels.forEach(AsyncGroup::close);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    terminateIfEmpty();
  }

  private static void close(AsynchronousChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }
}
