package net.eventlet.green;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import net.eventlet.GreenServerSocket;
import org.jspecify.annotations.Nullable;

/// Makes listening sockets for TLS on green ones, for libraries that ask for a factory.
final class GreenSslServerSocketFactory extends SSLServerSocketFactory {

  private static final int BACKLOG = 50;

  private final SSLContext context;
  private final SslOptions options;

  GreenSslServerSocketFactory(SSLContext context, SslOptions options) {
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
  public ServerSocket createServerSocket() throws IOException {
    return new GreenSslServerSocket(context, options, new GreenServerSocket());
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return createServerSocket(port, BACKLOG, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return createServerSocket(port, backlog, null);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
      throws IOException {
    var listener = new GreenServerSocket();
    listener.bind(
        address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port),
        backlog);
    return new GreenSslServerSocket(context, options, listener);
  }
}
