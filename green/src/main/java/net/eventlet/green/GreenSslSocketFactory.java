package net.eventlet.green;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Makes TLS connections on green sockets, for libraries that ask for a factory.
final class GreenSslSocketFactory extends SSLSocketFactory {

  private final SSLContext context;
  private final SslOptions options;

  GreenSslSocketFactory(SSLContext context, SslOptions options) {
    this.context = context;
    this.options = options;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return context.getDefaultSSLParameters().getCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return context.getSupportedSSLParameters().getCipherSuites();
  }

  @Override
  public Socket createSocket() {
    return new GreenSslSocket(context, options);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetSocketAddress.createUnresolved(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(
        InetSocketAddress.createUnresolved(host, port), new InetSocketAddress(local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
  }

  @Override
  public Socket createSocket(Socket socket, @Nullable String host, int port, boolean autoClose)
      throws IOException {
    return new GreenSslSocket(
        context, options, GreenSsl.requireConnected(socket), true, host, port, autoClose);
  }

  @Override
  public Socket createSocket(Socket socket, @Nullable InputStream consumed, boolean autoClose)
      throws IOException {
    var connection =
        new GreenSslSocket(
            context, options, GreenSsl.requireConnected(socket), false, null, 0, autoClose);
    if (consumed != null) {
      connection.consumed(consumed.readNBytes(consumed.available()));
    }
    return connection;
  }

  private Socket connected(SocketAddress remote, @Nullable SocketAddress local) throws IOException {
    return GreenSocketFactory.connected(new GreenSslSocket(context, options), remote, local);
  }
}
