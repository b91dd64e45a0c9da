package net.eventlet.green;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// Asynchronous channels on a hub: each operation is a green thread, which then runs the handler.
///
/// The JDK asks this one if `-Djava.nio.channels.spi.AsynchronousChannelProvider` names this class;
/// a program may ask it by itself. A channel that is opened without a group belongs to the caller's
/// hub, or to the process's default hub if the caller has none, and its handlers may wait for
/// whatever they like. A group with threads or an executor of its own runs its handlers on those:
/// threads from a factory are green ones of the hub where the group was made.
///
/// A read that times out or is cancelled has taken no bytes, so that one may read on, which the
/// JDK's own channels refuse. A write that does may have sent some, and refuses the next.
///
/// Source: `eventlet/green/asyncore.py`, `eventlet/green/asynchat.py`; [AsynchronousSocketChannel].
public final class AsyncProvider extends AsynchronousChannelProvider {

  /// Creates it, as the JDK does too.
  public AsyncProvider() {}

  @Override
  public AsynchronousChannelGroup openAsynchronousChannelGroup(int threads, ThreadFactory factory) {
    var hub = Threads.hub();
    return new AsyncGroup(
        this,
        hub,
        java.util.concurrent.Executors.newFixedThreadPool(threads, Threads.factory(hub, factory)));
  }

  @Override
  public AsynchronousChannelGroup openAsynchronousChannelGroup(
      ExecutorService executor, int initialSize) {
    return new AsyncGroup(this, Threads.hub(), executor);
  }

  @Override
  public AsynchronousSocketChannel openAsynchronousSocketChannel(
      @Nullable AsynchronousChannelGroup group) throws IOException {
    return new AsyncSocket(this, group(group), new GreenSocket());
  }

  @Override
  public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(
      @Nullable AsynchronousChannelGroup group) throws IOException {
    return new AsyncServerSocket(this, group(group));
  }

  private AsyncGroup group(@Nullable AsynchronousChannelGroup group) {
    return switch (group) {
      case null -> new AsyncGroup(this, Threads.hub(), null);
      case AsyncGroup ours -> ours;
      default -> throw new IllegalChannelGroupException();
    };
  }
}
