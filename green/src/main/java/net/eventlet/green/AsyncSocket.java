package net.eventlet.green;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.WritePendingException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// A connection's channel on a green socket.
final class AsyncSocket extends AsynchronousSocketChannel {

  private final AsyncGroup group;
  private final GreenSocket socket;
  private final AtomicBoolean connecting = new AtomicBoolean();
  private final AtomicBoolean reading = new AtomicBoolean();
  private final AtomicBoolean writing = new AtomicBoolean();
  private volatile boolean cutShort; // a write, of which nobody knows how much has gone

  /// Creates a channel.
  ///
  /// @param provider made it
  /// @param group takes it in
  /// @param socket connected or not
  AsyncSocket(AsynchronousChannelProvider provider, AsyncGroup group, GreenSocket socket) {
    super(provider);
    this.group = group;
    this.socket = socket;
    group.add(this);
  }

  @Override
  public AsynchronousSocketChannel bind(@Nullable SocketAddress local) throws IOException {
    requireOpen();
    if (connecting.get()) {
      throw new ConnectionPendingException();
    }
    if (socket.isBound()) {
      throw new AlreadyBoundException();
    }
    socket.bind(local == null ? null : inet(local));
    return this;
  }

  @Override
  public <A extends @Nullable Object> void connect(
      SocketAddress remote, A attachment, CompletionHandler<Void, ? super A> handler) {
    var _ = begin(remote, attachment, Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public Future<Void> connect(SocketAddress remote) {
    return begin(remote, null, null);
  }

  private <A extends @Nullable Object> Future<Void> begin(
      SocketAddress remote, A attachment, @Nullable CompletionHandler<Void, ? super A> handler) {
    var address = inet(remote);
    if (isOpen() && socket.isConnected()) {
      throw new AlreadyConnectedException();
    }
    if (!connecting.compareAndSet(false, true)) {
      throw new ConnectionPendingException();
    }
    Callable<Void> work =
        () -> {
          requireOpen();
          socket.connect(address);
          return null;
        };
    return start(
        work,
        failure -> {
          connecting.set(false);
          if (failure != null) {
            close();
          }
        },
        attachment,
        handler);
  }

  @Override
  public <A extends @Nullable Object> void read(
      ByteBuffer buffer,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Integer, ? super A> handler) {
    var _ =
        read(
            () -> receive(buffer),
            buffer,
            limit(timeout, unit),
            attachment,
            Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public Future<Integer> read(ByteBuffer buffer) {
    return read(() -> receive(buffer), buffer, null, null, null);
  }

  @Override
  public <A extends @Nullable Object> void read(
      ByteBuffer[] buffers,
      int offset,
      int length,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Long, ? super A> handler) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    Objects.requireNonNull(handler, "handler");
    var some = Arrays.copyOfRange(buffers, offset, offset + length);
    for (var buffer : some) {
      requireWritable(buffer);
    }
    var _ = read(() -> scatter(some), null, limit(timeout, unit), attachment, handler);
  }

  private <V, A extends @Nullable Object> Future<V> read(
      Callable<V> work,
      @Nullable ByteBuffer buffer,
      @Nullable Duration limit,
      A attachment,
      @Nullable CompletionHandler<V, ? super A> handler) {
    if (buffer != null) {
      requireWritable(buffer);
    }
    requireConnected();
    if (!reading.compareAndSet(false, true)) {
      throw new ReadPendingException();
    }
    Callable<V> within =
        () -> {
          requireOpen();
          socket.readLimit(limit);
          return work.call();
        };
    return start(within, _ -> reading.set(false), attachment, handler);
  }

  private int receive(ByteBuffer buffer) throws IOException {
    if (socket.isInputShutdown()) {
      return -1;
    }
    return buffer.hasRemaining() ? socket.read(buffer) : 0;
  }

  /// Reads what is there into one buffer after the other, and waits for the first bytes only.
  private long scatter(ByteBuffer[] buffers) throws IOException {
    if (socket.isInputShutdown()) {
      return -1;
    }
    var total = 0L;
    for (var buffer : buffers) {
      if (!buffer.hasRemaining()) {
        continue;
      }
      if (total > 0 && socket.getInputStream().available() == 0) {
        break;
      }
      var count = socket.read(buffer);
      if (count < 0) {
        return total > 0 ? total : -1;
      }
      total += count;
      if (buffer.hasRemaining()) {
        break;
      }
    }
    return total;
  }

  @Override
  public <A extends @Nullable Object> void write(
      ByteBuffer buffer,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Integer, ? super A> handler) {
    var _ =
        write(
            () -> (int) send(buffer),
            limit(timeout, unit),
            attachment,
            Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public Future<Integer> write(ByteBuffer buffer) {
    return write(() -> (int) send(buffer), null, null, null);
  }

  @Override
  public <A extends @Nullable Object> void write(
      ByteBuffer[] buffers,
      int offset,
      int length,
      long timeout,
      TimeUnit unit,
      A attachment,
      CompletionHandler<Long, ? super A> handler) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    var some = Arrays.copyOfRange(buffers, offset, offset + length);
    var _ =
        write(
            () -> send(some),
            limit(timeout, unit),
            attachment,
            Objects.requireNonNull(handler, "handler"));
  }

  private <V, A extends @Nullable Object> Future<V> write(
      Callable<V> work,
      @Nullable Duration limit,
      A attachment,
      @Nullable CompletionHandler<V, ? super A> handler) {
    requireConnected();
    if (cutShort) {
      throw new IllegalStateException(
          "an earlier write timed out or was cancelled, and nobody knows how much of it has gone:"
              + " close the channel");
    }
    if (!writing.compareAndSet(false, true)) {
      throw new WritePendingException();
    }
    Callable<V> within =
        () -> {
          requireOpen();
          if (socket.isOutputShutdown()) {
            throw new ClosedChannelException();
          }
          socket.writeLimit(limit);
          return work.call();
        };
    return start(
        within,
        failure -> {
          cutShort = failure != null;
          writing.set(false);
        },
        attachment,
        handler);
  }

  private long send(ByteBuffer... buffers) throws IOException {
    return socket.write(buffers);
  }

  private <V extends @Nullable Object, A extends @Nullable Object> Future<V> start(
      Callable<V> work,
      Consumer<@Nullable Throwable> over,
      A attachment,
      @Nullable CompletionHandler<V, ? super A> handler) {
    return new AsyncOperation<>(this, group, work, over, attachment, handler).start();
  }

  @Override
  public AsynchronousSocketChannel shutdownInput() throws IOException {
    requireOpen();
    requireConnected();
    if (!socket.isInputShutdown()) {
      socket.shutdownInput();
    }
    return this;
  }

  @Override
  public AsynchronousSocketChannel shutdownOutput() throws IOException {
    requireOpen();
    requireConnected();
    if (!socket.isOutputShutdown()) {
      socket.shutdownOutput();
    }
    return this;
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
    return socket.isBound() ? socket.getLocalSocketAddress() : null;
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() throws IOException {
    requireOpen();
    return socket.getRemoteSocketAddress();
  }

  @Override
  public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
    return "AsyncSocket[" + socket + "]";
  }

  private static InetSocketAddress inet(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      throw new UnsupportedAddressTypeException();
    }
    if (inet.isUnresolved()) {
      throw new UnresolvedAddressException();
    }
    return inet;
  }

  private static @Nullable Duration limit(long timeout, TimeUnit unit) {
    return timeout <= 0 ? null : Duration.of(timeout, unit.toChronoUnit());
  }

  private static void requireWritable(ByteBuffer buffer) {
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
  }

  private void requireConnected() {
    if (isOpen() && !socket.isConnected()) {
      throw new NotYetConnectedException();
    }
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }
}
