package net.eventlet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import net.eventlet.hubs.Durations;
import org.jspecify.annotations.Nullable;

/// A stream socket that parks the green thread which waits on it: a [Socket], for every library
/// that takes one, over IPv4, IPv6, or a path of the file system.
///
/// Every method of [Socket] is here and cooperates. What waits: [#connect], reading, writing when
/// there is no room; the time limits are [#setSoTimeout(int)] or [#readLimit(Duration)], and
/// [#writeLimit(Duration)]. To close it, from anywhere, wakes whoever waits with a
/// [SocketException]. One thread may read while another writes; a second one that waits to do the
/// same is told who is first. `TCP_NODELAY` is on, unless it is switched off once connected.
///
/// Usable off a hub as well: there it blocks the thread.
///
/// Source: `eventlet/greenio/base.py`, class `GreenSocket`. There closing does not wake a reader.
public final class GreenSocket extends Socket implements GreenConnection {

  private final KernelSocket socket;
  private @Nullable InputStream input; // null until asked for
  private @Nullable OutputStream output; // null until asked for

  /// Creates a socket that is not connected.
  public GreenSocket() {
    socket = new KernelSocket();
  }

  /// One that is connected; without the JDK's own, of which nothing is used.
  ///
  /// @throws SocketException never; [Socket] declares it
  GreenSocket(KernelSocket socket) throws SocketException {
    super((SocketImpl) null);
    this.socket = socket;
  }

  /// Takes over a socket that is connected already: one inherited from the process that started
  /// this one. It becomes non-blocking, and child processes do not inherit it.
  ///
  /// @param fileno its number among this process's descriptors; nobody else may close it
  /// @return the same socket
  /// @throws IllegalArgumentException if no connected stream socket has this number
  /// @throws IOException as the kernel says
  public static GreenSocket adopt(int fileno) throws IOException {
    return new GreenSocket(KernelSocket.adopt(fileno, false));
  }

  /// {@return its number among this process's descriptors}
  ///
  /// The socket remains this object's: whoever wants to keep the number duplicates it.
  ///
  /// @throws SocketException if it has none yet, or is closed
  /// @throws IOException never; the JDK's sockets declare it
  public int fileno() throws IOException {
    return socket.fileno();
  }

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  /// Connects to an address, or, if it is a name that is not resolved, to each of the name's
  /// addresses in turn until one answers.
  ///
  /// @param address a [java.net.InetSocketAddress] or a [java.net.UnixDomainSocketAddress]
  /// @param timeoutMillis longest wait in all; 0 for ever
  /// @throws java.net.SocketTimeoutException if the time runs out
  /// @throws IOException if nobody answers, after which the socket is closed
  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    if (timeoutMillis < 0) {
      throw new IllegalArgumentException("a time limit cannot be negative: " + timeoutMillis);
    }
    connectWithin(address, timeoutMillis == 0 ? Long.MAX_VALUE : timeoutMillis * 1_000_000L);
  }

  void connectWithin(SocketAddress address, long limitNanos) throws IOException {
    if (address == null) {
      throw new IllegalArgumentException("connect: The address can't be null");
    }
    if (isConnected()) {
      throw new SocketException("Already connected");
    }
    try {
      socket.connect(address, limitNanos);
    } catch (IllegalArgumentException mistake) {
      throw mistake;
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    if (isBound()) {
      throw new SocketException("Already bound");
    }
    socket.bind(address == null ? new InetSocketAddress(0) : address);
  }

  @Override
  public void awaitReadable() throws IOException {
    socket.awaitReadable();
  }

  /// Has something done, once, when a read would not wait, or this is closed: so that who has many
  /// connections, of which most rest, needs no green thread for each. May be called by green
  /// threads of the hub that the socket lives on alone; nobody may read meanwhile.
  ///
  /// @param action done on the hub's carrier: it must not wait
  /// @return whether it will be done; if not, a read would not wait now
  /// @throws IOException if the connection is broken, or closed here
  /// @throws IllegalStateException if a thread waits to read already
  public boolean whenReadable(Runnable action) throws IOException {
    return socket.whenReadable(action);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return socket.read(bytes, offset, length);
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    return socket.read(buffer);
  }

  /// Reads a line.
  ///
  /// @return the line as UTF-8, without the `\n` or `\r\n` that ends it; null at the end of the
  ///   stream
  /// @throws java.net.SocketTimeoutException if the time runs out
  /// @throws IOException if the connection is broken, or closed here, or the line is longer than
  ///   65,536 bytes
  public @Nullable String readLine() throws IOException {
    return socket.readLine();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    socket.write(bytes, offset, length);
  }

  @Override
  public long write(ByteBuffer... buffers) throws IOException {
    return socket.write(buffers);
  }

  /// Writes bytes of an open file, which go from the kernel's memory to the network without coming
  /// into this process; waits for room if it must, and for the disk where they are not in memory.
  ///
  /// @param fileno the file's number among this process's descriptors
  /// @param position of the first byte
  /// @param count how many
  /// @return how many went: fewer if the file ended before
  /// @throws java.net.SocketTimeoutException if the time runs out; some may have gone
  /// @throws IOException if the connection is broken, or closed here, or the file cannot be read
  public long sendFile(int fileno, long position, long count) throws IOException {
    return socket.sendFile(fileno, position, count);
  }

  @Override
  public void readLimit(@Nullable Duration limit) {
    socket.readNanos(limit == null ? 0 : Durations.nanos(limit));
  }

  @Override
  public void writeLimit(@Nullable Duration limit) {
    socket.writeNanos(limit == null ? 0 : Durations.nanos(limit));
  }

  @Override
  public InputStream getInputStream() throws IOException {
    requireConnected();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is shutdown");
    }
    if (input == null) {
      input = new Input(this);
    }
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is shutdown");
    }
    if (output == null) {
      output = new Output(this);
    }
    return output;
  }

  @Override
  public void shutdownInput() throws IOException {
    requireConnected();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is already shutdown");
    }
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is already shutdown");
    }
    socket.shutdownOutput();
  }

  private void requireConnected() throws SocketException {
    requireOpen();
    if (!isConnected()) {
      throw new SocketException("Socket is not connected");
    }
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
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
  public boolean isInputShutdown() {
    return socket.isInputShut();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShut();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return socket.remote();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return socket.local();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return socket.remote() instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  @Override
  public int getPort() {
    return socket.remote() instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.local() instanceof InetSocketAddress inet
        ? inet.getAddress()
        : new InetSocketAddress(0).getAddress();
  }

  @Override
  public int getLocalPort() {
    return socket.local() instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }

  /// {@return null: a green socket has no channel}
  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    requireConnected();
    socket.sendUrgentData(data);
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
  public int getSoTimeout() throws SocketException {
    requireOpen();
    return socket.readMillis();
  }

  /// Does nothing, as in the JDK's own sockets.
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    requireOpen();
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
  public void setTcpNoDelay(boolean on) throws SocketException {
    set(KernelOption.TCP_NODELAY, on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return (boolean) get(KernelOption.TCP_NODELAY);
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    if (on && seconds < 0) {
      throw new IllegalArgumentException("invalid value for SO_LINGER: " + seconds);
    }
    set(KernelOption.SO_LINGER, on ? seconds : -1);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return (int) get(KernelOption.SO_LINGER);
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    set(KernelOption.SO_OOBINLINE, on);
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    return (boolean) get(KernelOption.SO_OOBINLINE);
  }

  @Override
  public void setSendBufferSize(int bytes) throws SocketException {
    set(KernelOption.SO_SNDBUF, positive(bytes));
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return (int) get(KernelOption.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    set(KernelOption.SO_RCVBUF, positive(bytes));
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return (int) get(KernelOption.SO_RCVBUF);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    set(KernelOption.SO_KEEPALIVE, on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return (boolean) get(KernelOption.SO_KEEPALIVE);
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    if (trafficClass < 0 || trafficClass > 255) {
      throw new IllegalArgumentException("a traffic class is from 0 to 255: " + trafficClass);
    }
    set(KernelOption.IP_TOS, trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return (int) get(KernelOption.IP_TOS);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    set(KernelOption.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return (boolean) get(KernelOption.SO_REUSEADDR);
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
  }

  private void set(KernelOption option, Object value) throws SocketException {
    requireOpen();
    try {
      socket.setOption(option, value);
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  private Object get(KernelOption option) throws SocketException {
    requireOpen();
    try {
      return socket.getOption(option);
    } catch (IOException e) {
      throw SocketFailure.of(e);
    }
  }

  private static int positive(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("a buffer's size must be positive: " + bytes);
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "GreenSocket" + socket;
  }

  /// Bytes from a socket.
  private static final class Input extends InputStream {

    private final GreenSocket socket;

    Input(GreenSocket socket) {
      this.socket = socket;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return socket.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
      return socket.socket.available();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /// Bytes to a socket.
  private static final class Output extends OutputStream {

    private final GreenSocket socket;

    Output(GreenSocket socket) {
      this.socket = socket;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      socket.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
