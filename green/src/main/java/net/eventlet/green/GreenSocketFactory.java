package net.eventlet.green;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// Makes green sockets, for libraries that ask for a factory, such as Apache Commons Net.
///
/// For TLS: [GreenSsl].
public final class GreenSocketFactory extends SocketFactory {

  /// A factory; all are alike.
  public GreenSocketFactory() {}

  @Override
  public Socket createSocket() {
    return new GreenSocket();
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

  private static Socket connected(SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    var connection = new GreenSocket();
    try {
      if (local != null) {
        connection.bind(local);
      }
      connection.connect(remote);
      return connection;
    } catch (Throwable failure) {
      connection.close();
      throw failure;
    }
  }
}
