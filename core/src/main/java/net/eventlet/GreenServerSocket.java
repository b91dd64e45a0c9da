package net.eventlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A listening socket whose [#accept()] parks the green thread: a [ServerSocket], for every library
/// that takes one, on an address of IPv4, of IPv6, or on a path of the file system.
///
/// The wildcard address serves both versions of IP, as in the JDK. To close it, from anywhere,
/// wakes whoever accepts with a [SocketException].
///
/// Source: `eventlet/greenio/base.py`, `GreenSocket.accept`; `eventlet/convenience.py`, `listen`.
public final class GreenServerSocket extends ServerSocket {

  private static final int BACKLOG = 50;

  private final KernelSocket socket;
  private boolean reuseAddress = true;

  /// Creates a socket that is not bound.
  ///
  /// @throws IOException never; [ServerSocket] declares it
  public GreenServerSocket() throws IOException {
    this(new KernelSocket());
  }

  private GreenServerSocket(KernelSocket socket) throws IOException {
    this.socket = socket;
  }

  /// Takes over a socket that listens already: one inherited from the process that started this
  /// one, or from `systemd`. It becomes non-blocking, and child processes do not inherit it.
  ///
  /// @param fileno its number among this process's descriptors; nobody else may close it
  /// @return the same socket
  /// @throws IllegalArgumentException if no stream socket that listens has this number
  /// @throws IOException as the kernel says
  public static GreenServerSocket adopt(int fileno) throws IOException {
    return new GreenServerSocket(KernelSocket.adopt(fileno, true));
  }

  /// {@return its number among this process's descriptors}
  ///
  /// The socket remains this object's: whoever wants to keep the number duplicates it.
  ///
  /// @throws SocketException if it is not bound yet, or closed
  /// @throws IOException never; the JDK's sockets declare it
  public int fileno() throws IOException {
    return socket.fileno();
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    bind(address, BACKLOG);
  }

  /// Binds and listens. The address can be used again at once after a server ended, unless
  /// [#setReuseAddress] said otherwise before.
  ///
  /// @param address an [InetSocketAddress] or a [java.net.UnixDomainSocketAddress]; null for any
  ///   port of the wildcard
  /// @param backlog connections that may wait to be accepted; 50 if not positive
  /// @throws java.net.BindException if another socket listens there, or this machine has no such
  ///   address
  @Override
  public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
    requireOpen();
    if (isBound()) {
      throw new SocketException("Already bound");
    }
    bind(
        address == null ? new InetSocketAddress(0) : address,
        new ListenOptions(backlog <= 0 ? BACKLOG : backlog, reuseAddress, false));
  }

  void bind(SocketAddress address, ListenOptions options) throws IOException {
    try {
      socket.bind(address, options);
      socket.listen(options.backlog());
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  /// Waits for a connection.
  ///
  /// Running out of descriptors does not end the wait: it logs a warning, once, and tries again
  /// after a while.
  ///
  /// @return the connection, `TCP_NODELAY` on
  /// @throws java.net.SocketTimeoutException if [#setSoTimeout(int)] was set and the time runs out
  /// @throws SocketException if this is closed, before or meanwhile
  @Override
  public GreenSocket accept() throws IOException {
    requireOpen();
    if (!isBound()) {
      throw new SocketException("Socket is not bound yet");
    }
    return new GreenSocket(socket.accept());
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return socket.local() instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  @Override
  public int getLocalPort() {
    return socket.local() instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return socket.local();
  }

  /// {@return null: a green socket has no channel}
  @Override
  public @Nullable ServerSocketChannel getChannel() {
    return null;
  }

  @Override
  public void setSoTimeout(int timeoutMillis) throws SocketException {
    requireOpen();
    if (timeoutMillis < 0) {
      throw new IllegalArgumentException("timeout can't be negative: " + timeoutMillis);
    }
    socket.readNanos(timeoutMillis * 1_000_000L);
  }

  @Override
  public int getSoTimeout() throws IOException {
    requireOpen();
    return socket.readMillis();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    reuseAddress = on;
    set(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return get(StandardSocketOptions.SO_REUSEADDR);
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    if (bytes <= 0) {
      throw new IllegalArgumentException("a buffer's size must be positive: " + bytes);
    }
    set(StandardSocketOptions.SO_RCVBUF, bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_RCVBUF);
  }

  /// Does nothing, as in the JDK's own sockets.
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  @Override
  public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
    requireOpen();
    if (name.equals(StandardSocketOptions.SO_REUSEADDR)) {
      reuseAddress = (Boolean) value;
    }
    socket.setOption(KernelOption.of(name), value);
    return this;
  }

  @Override
  @SuppressWarnings("unchecked") // an option's value has the option's type
  public <T> T getOption(SocketOption<T> name) throws IOException {
    requireOpen();
    return (T) socket.getOption(KernelOption.of(name));
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return KernelOption.STANDARD;
  }

  @Override
  public String toString() {
    return "GreenServerSocket" + socket;
  }

  private <T> void set(SocketOption<T> name, T value) throws SocketException {
    try {
      setOption(name, value);
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  private <T> T get(SocketOption<T> name) throws SocketException {
    try {
      return getOption(name);
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
  }
}
