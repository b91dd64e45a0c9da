package net.eventlet.green;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ShutdownChannelGroupException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.eventlet.GreenServerSocket;
import org.jspecify.annotations.Nullable;

/// A listening channel on a green socket.
final class AsyncServerSocket extends AsynchronousServerSocketChannel {

  private final AsyncGroup group;
  private final GreenServerSocket socket = new GreenServerSocket();
  private final AtomicBoolean accepting = new AtomicBoolean();

  AsyncServerSocket(AsynchronousChannelProvider provider, AsyncGroup group) throws IOException {
    super(provider);
    this.group = group;
    group.add(this);
  }

  @Override
  public AsynchronousServerSocketChannel bind(@Nullable SocketAddress local, int backlog)
      throws IOException {
    requireOpen();
    if (socket.isBound()) {
      throw new AlreadyBoundException();
    }
    if (local instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new UnresolvedAddressException();
    }
    socket.bind(local, backlog);
    return this;
  }

  @Override
  public <A extends @Nullable Object> void accept(
      A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
    var _ = begin(attachment, Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public Future<AsynchronousSocketChannel> accept() {
    return begin(null, null);
  }

  private <A extends @Nullable Object> Future<AsynchronousSocketChannel> begin(
      A attachment, @Nullable CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
    if (isOpen() && !socket.isBound()) {
      throw new NotYetBoundException();
    }
    if (!accepting.compareAndSet(false, true)) {
      throw new AcceptPendingException();
    }
    return new AsyncOperation<>(
            this, group, this::next, _ -> accepting.set(false), attachment, handler)
        .start();
  }

  private AsynchronousSocketChannel next() throws IOException {
    requireOpen();
    var connection = socket.accept();
    try {
      return new AsyncSocket(provider(), group, connection);
    } catch (ShutdownChannelGroupException e) {
      connection.close();
      throw new IOException("the channel's group was shut down", e);
    }
  }

  @Override
  public boolean isOpen() {
    return !socket.isClosed();
  }

  @Override
  public void close() {
    socket.close();
    group.remove(this);
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() throws IOException {
    requireOpen();
    return socket.getLocalSocketAddress();
  }

  @Override
  public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value)
      throws IOException {
    requireOpen();
    socket.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    requireOpen();
    return socket.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return socket.supportedOptions();
  }

  @Override
  public String toString() {
    return "AsyncServerSocket[" + socket + "]";
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }
}
