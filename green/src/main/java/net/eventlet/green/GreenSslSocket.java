package net.eventlet.green;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import net.eventlet.Eventlet;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// A TLS connection that parks the green thread which waits on it: an [SSLSocket], for every
/// library that takes one, made by [GreenSsl] and its factories.
///
/// The handshake is made by whoever reads or writes first, within [SslOptions#handshakeLimit()].
/// Time limits, closing from anywhere, and one reader beside one writer are as with [GreenSocket];
/// several readers, or writers, take turns. A read or write that ran out of time or was killed can
/// be tried again. A stream that ends without the other side's `close_notify` throws an
/// [javax.net.ssl.SSLException], since what came may be cut short. While it waits for bytes it
/// holds no buffer.
///
/// Source: `eventlet/green/ssl.py`, class `GreenSSLSocket`.
public final class GreenSslSocket extends SSLSocket implements GreenConnection {

  private final Socket socket;
  private final SSLContext context;
  private final SslOptions options;
  private final boolean socketToo; // is closed with this
  private final List<HandshakeCompletedListener> listeners = new CopyOnWriteArrayList<>();
  private SSLEngine engine;
  private @Nullable TlsStream stream; // null until connected
  private @Nullable BiFunction<SSLSocket, List<String>, String> selector; // null if ALPN's is used
  private boolean inputShut;

  /// For a connection that exists.
  ///
  /// @param client whether this is the client's side
  /// @param host that the other side should be; null if that does not matter
  GreenSslSocket(
      SSLContext context,
      SslOptions options,
      Socket socket,
      boolean client,
      @Nullable String host,
      int port,
      boolean socketToo) {
    this.context = context;
    this.options = options;
    this.socket = socket;
    this.socketToo = socketToo;
    engine = host == null ? context.createSSLEngine() : context.createSSLEngine(host, port);
    configure(client);
    stream = over();
  }

  /// For a connection that a client will make.
  GreenSslSocket(SSLContext context, SslOptions options) {
    this.context = context;
    this.options = options;
    socket = new GreenSocket();
    socketToo = true;
    engine = context.createSSLEngine();
    configure(true);
  }

  private void configure(boolean client) {
    engine.setUseClientMode(client);
    var names = options.applicationProtocols();
    if (client ? options.hostNameVerified() || !names.isEmpty() : !names.isEmpty()) {
      var parameters = engine.getSSLParameters();
      if (client && options.hostNameVerified()) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      if (!names.isEmpty()) {
        parameters.setApplicationProtocols(names.toArray(String[]::new));
      }
      engine.setSSLParameters(parameters);
    }
    if (!client) {
      switch (options.clientCertificate()) {
        case NONE -> {}
        case WANTED -> engine.setWantClientAuth(true);
        case NEEDED -> engine.setNeedClientAuth(true);
      }
    }
  }

  private TlsStream over() {
    return new TlsStream(
        engine, Transport.over(socket), options.handshakeLimit(), this::handshaken);
  }

  /// Takes what somebody read from the socket already.
  void consumed(byte[] records) throws IOException {
    stream().consumed(ByteBuffer.wrap(records));
  }

  private void handshaken() {
    if (!listeners.isEmpty()) {
      var event = new HandshakeCompletedEvent(this, engine.getSession());
      for (var listener : listeners) {
        Eventlet.spawnN(() -> listener.handshakeCompleted(event));
      }
    }
  }

  private TlsStream stream() throws SocketException {
    if (stream == null) {
      throw new SocketException(isClosed() ? "Socket is closed" : "Socket is not connected");
    }
    return stream;
  }

  // ------------------------------------------------------------------------------------ connecting

  @Override
  public void connect(SocketAddress address) throws IOException {
    connect(address, 0);
  }

  /// Connects, but does not shake hands yet. The host's name, which the certificate must have and
  /// the server is told, is the address's.
  ///
  /// @param address an [InetSocketAddress], best not resolved
  /// @param timeoutMillis longest wait in all; 0 for ever
  @Override
  public void connect(SocketAddress address, int timeoutMillis) throws IOException {
    socket.connect(address, timeoutMillis);
    if (address instanceof InetSocketAddress inet) {
      var settings = engine.getSSLParameters();
      var client = engine.getUseClientMode();
      var sessions = engine.getEnableSessionCreation();
      engine = context.createSSLEngine(inet.getHostString(), inet.getPort());
      engine.setUseClientMode(client);
      engine.setEnableSessionCreation(sessions);
      engine.setSSLParameters(settings);
      setHandshakeApplicationProtocolSelector(selector);
    }
    stream = over();
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    socket.bind(address);
  }

  /// Shakes hands. Where that has been done it begins to shake hands anew (TLS 1.2), or renews the
  /// keys (TLS 1.3), which ends as the answers are read.
  ///
  /// @throws javax.net.ssl.SSLException if it fails, after which this is closed
  /// @throws java.net.SocketTimeoutException if it takes too long, after which this is closed
  @Override
  public void startHandshake() throws IOException {
    stream().renew();
  }

  // ------------------------------------------------------------------------------ reading, writing

  @Override
  public void awaitReadable() throws IOException {
    stream().awaitReadable();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    if (inputShut) {
      return -1;
    }
    return buffer.hasRemaining() ? stream().read(buffer) : 0;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    stream().write(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public long write(ByteBuffer... buffers) throws IOException {
    var total = 0L;
    for (var buffer : buffers) {
      total += buffer.remaining();
    }
    stream().write(buffers);
    return total;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    requireConnected();
    if (inputShut) {
      throw new SocketException("Socket input is shutdown");
    }
    return new Input(this);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is shutdown");
    }
    return new Output(this);
  }

  /// Reads no more, here: whoever does meets the end. What comes is left unread.
  @Override
  public void shutdownInput() throws IOException {
    requireConnected();
    if (inputShut) {
      throw new SocketException("Socket input is already shutdown");
    }
    inputShut = true;
    if (socketToo) {
      socket.shutdownInput();
    }
  }

  /// Writes no more: says so to the other side, whose answers can still be read. With TLS 1.2 the
  /// other side ends then too.
  @Override
  public void shutdownOutput() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is already shutdown");
    }
    stream().endOutput(socketToo);
  }

  /// Says goodbye, if that can be done without waiting, and closes the socket. Whoever waits on it
  /// gets a [SocketException].
  @Override
  public void close() throws IOException {
    if (stream == null) {
      socket.close();
    } else {
      stream.close(socketToo);
    }
  }

  private void requireConnected() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    stream();
  }

  // ---------------------------------------------------------------------------------------- limits

  @Override
  public void readLimit(@Nullable Duration limit) {
    var known = limit == null || !limit.isPositive() ? null : limit;
    try {
      stream().readLimit(known);
    } catch (IOException e) {
      throw new IllegalStateException("a limit needs a connection that is open", e);
    }
  }

  @Override
  public void writeLimit(@Nullable Duration limit) {
    try {
      stream().writeLimit(limit == null || !limit.isPositive() ? null : limit);
    } catch (IOException e) {
      throw new IllegalStateException("a limit needs a connection that is open", e);
    }
  }

  @Override
  public void setSoTimeout(int timeoutMillis) throws SocketException {
    socket.setSoTimeout(timeoutMillis);
    if (stream != null) {
      readLimit(Duration.ofMillis(timeoutMillis));
    }
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return socket.getSoTimeout();
  }

  // ------------------------------------------------------------------------------------ TLS, how

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  /// {@return the session, after a handshake if there was none; one of the suite
  /// `SSL_NULL_WITH_NULL_NULL` if that fails}
  @Override
  public SSLSession getSession() {
    try {
      stream().handshake();
    } catch (IOException e) {
      // as the JDK's: the session that is returned says that there is none
    }
    return engine.getSession();
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return engine.getHandshakeSession();
  }

  /// Adds a listener, which is called in a green thread of its own after each handshake.
  ///
  /// @param listener any
  @Override
  public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
    if (listener == null) {
      throw new IllegalArgumentException("listener is null");
    }
    listeners.add(listener);
  }

  @Override
  public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
    if (!listeners.remove(listener)) {
      throw new IllegalArgumentException("listener not registered");
    }
  }

  @Override
  public void setUseClientMode(boolean client) {
    engine.setUseClientMode(client);
  }

  @Override
  public boolean getUseClientMode() {
    return engine.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean enabled) {
    engine.setEnableSessionCreation(enabled);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return engine.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    engine.setSSLParameters(parameters);
  }

  @Override
  public @Nullable String getApplicationProtocol() {
    return engine.getApplicationProtocol();
  }

  @Override
  public @Nullable String getHandshakeApplicationProtocol() {
    return engine.getHandshakeApplicationProtocol();
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      @Nullable BiFunction<SSLSocket, List<String>, String> selector) {
    this.selector = selector;
    engine.setHandshakeApplicationProtocolSelector(
        selector == null ? null : (_, names) -> selector.apply(this, names));
  }

  @Override
  public @Nullable BiFunction<SSLSocket, List<String>, String>
      getHandshakeApplicationProtocolSelector() {
    return selector;
  }

  // ------------------------------------------------------------------------- what is the socket's

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
    return stream == null ? socket.isClosed() : stream.isClosed() || socket.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return inputShut;
  }

  @Override
  public boolean isOutputShutdown() {
    return stream != null && stream.outputEnded();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  /// {@return null: a channel would go past the encryption}
  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  /// Refuses: TLS has no urgent data.
  ///
  /// @throws SocketException always
  @Override
  public void sendUrgentData(int data) throws SocketException {
    throw new SocketException("This method is not supported by SSLSockets");
  }

  /// Does nothing, as in the JDK's own sockets.
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    socket.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return socket.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return socket.supportedOptions();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return socket.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    socket.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return socket.getSoLinger();
  }

  /// Refuses: TLS has no urgent data.
  ///
  /// @throws SocketException always
  @Override
  public void setOOBInline(boolean on) throws SocketException {
    throw new SocketException("This method is ineffective, since SSLSockets have no urgent data");
  }

  /// Refuses: TLS has no urgent data.
  ///
  /// @throws SocketException always
  @Override
  public boolean getOOBInline() throws SocketException {
    throw new SocketException("This method is ineffective, since SSLSockets have no urgent data");
  }

  @Override
  public void setSendBufferSize(int bytes) throws SocketException {
    socket.setSendBufferSize(bytes);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return socket.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    socket.setReceiveBufferSize(bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return socket.getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    socket.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return socket.getKeepAlive();
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    socket.setTrafficClass(trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return socket.getTrafficClass();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    socket.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return socket.getReuseAddress();
  }

  @Override
  public String toString() {
    return "GreenSslSocket[" + socket + "]";
  }

  /// Bytes from a connection.
  private static final class Input extends InputStream {

    private final GreenSslSocket socket;

    Input(GreenSslSocket socket) {
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
      return socket.stream().available();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /// Bytes to a connection.
  private static final class Output extends OutputStream {

    private final GreenSslSocket socket;

    Output(GreenSslSocket socket) {
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
