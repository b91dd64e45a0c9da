package net.eventlet.green;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import net.eventlet.GreenServerSocket;
import org.jspecify.annotations.Nullable;

/// A listening socket whose [#accept()] parks the green thread and returns TLS connections: an
/// [SSLServerSocket], for every library that takes one.
///
/// A connection that is accepted has not shaken hands: it does when it is read or written first, so
/// that a client that says nothing delays nobody.
public final class GreenSslServerSocket extends SSLServerSocket {

  private final SSLContext context;
  private final SslOptions options;
  private final GreenServerSocket listener;
  private final SSLEngine template; // has the settings
  private boolean changed; // whether they are others than the context's

  GreenSslServerSocket(SSLContext context, SslOptions options, GreenServerSocket listener)
      throws IOException {
    this.context = context;
    this.options = options;
    this.listener = listener;
    template = context.createSSLEngine();
    template.setUseClientMode(false);
    switch (options.clientCertificate()) {
      case NONE -> {}
      case WANTED -> template.setWantClientAuth(true);
      case NEEDED -> template.setNeedClientAuth(true);
    }
    if (!options.applicationProtocols().isEmpty()) {
      var parameters = template.getSSLParameters();
      parameters.setApplicationProtocols(options.applicationProtocols().toArray(String[]::new));
      template.setSSLParameters(parameters);
    }
  }

  /// Waits for a connection, and not for its handshake.
  ///
  /// @return the connection
  /// @throws java.net.SocketTimeoutException if [#setSoTimeout(int)] was set and the time runs out
  /// @throws SocketException if this is closed, before or meanwhile
  @Override
  public GreenSslSocket accept() throws IOException {
    var client = template.getUseClientMode();
    var connection = new GreenSslSocket(context, options, listener.accept(), client, null, 0, true);
    if (changed) {
      connection.setEnableSessionCreation(template.getEnableSessionCreation());
      connection.setSSLParameters(template.getSSLParameters());
    }
    return connection;
  }

  @Override
  public void bind(@Nullable SocketAddress address) throws IOException {
    listener.bind(address);
  }

  @Override
  public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
    listener.bind(address, backlog);
  }

  @Override
  public void close() {
    listener.close();
  }

  // ------------------------------------------------------------------------------------ TLS, how

  @Override
  public String[] getSupportedCipherSuites() {
    return template.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return template.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    template.setEnabledCipherSuites(suites);
    changed = true;
  }

  @Override
  public String[] getSupportedProtocols() {
    return template.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return template.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    template.setEnabledProtocols(protocols);
    changed = true;
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    template.setNeedClientAuth(need);
    changed = true;
  }

  @Override
  public boolean getNeedClientAuth() {
    return template.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    template.setWantClientAuth(want);
    changed = true;
  }

  @Override
  public boolean getWantClientAuth() {
    return template.getWantClientAuth();
  }

  @Override
  public void setUseClientMode(boolean client) {
    template.setUseClientMode(client);
    changed = true;
  }

  @Override
  public boolean getUseClientMode() {
    return template.getUseClientMode();
  }

  @Override
  public void setEnableSessionCreation(boolean enabled) {
    template.setEnableSessionCreation(enabled);
    changed = true;
  }

  @Override
  public boolean getEnableSessionCreation() {
    return template.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return template.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    template.setSSLParameters(parameters);
    changed = true;
  }

  // ------------------------------------------------------------------------- what is the socket's

  @Override
  public boolean isBound() {
    return listener.isBound();
  }

  @Override
  public boolean isClosed() {
    return listener.isClosed();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return listener.getInetAddress();
  }

  @Override
  public int getLocalPort() {
    return listener.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return listener.getLocalSocketAddress();
  }

  /// {@return null: a green socket has no channel}
  @Override
  public @Nullable ServerSocketChannel getChannel() {
    return null;
  }

  @Override
  public void setSoTimeout(int timeoutMillis) throws SocketException {
    listener.setSoTimeout(timeoutMillis);
  }

  @Override
  public int getSoTimeout() throws IOException {
    return listener.getSoTimeout();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    listener.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return listener.getReuseAddress();
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    listener.setReceiveBufferSize(bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return listener.getReceiveBufferSize();
  }

  /// Does nothing, as in the JDK's own sockets.
  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {}

  @Override
  public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
    listener.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return listener.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return listener.supportedOptions();
  }

  @Override
  public String toString() {
    return "GreenSslServerSocket[" + listener + "]";
  }
}
