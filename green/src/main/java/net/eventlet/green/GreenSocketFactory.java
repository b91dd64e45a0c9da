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
    return connected(new GreenSocket(), InetSocketAddress.createUnresolved(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(
        new GreenSocket(),
        InetSocketAddress.createUnresolved(host, port),
        new InetSocketAddress(local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new GreenSocket(), new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(
        new GreenSocket(),
        new InetSocketAddress(host, port),
        new InetSocketAddress(local, localPort));
  }

  /// Binds and connects a socket, and closes it if that fails.
  ///
  /// @param socket not connected so far
  /// @param remote where to
  /// @param local where from; null for anywhere
  /// @return the same
  static Socket connected(Socket socket, SocketAddress remote, @Nullable SocketAddress local)
      throws IOException {
    try {
      if (local != null) {
        socket.bind(local);
      }
      socket.connect(remote);
      return socket;
    } catch (Throwable failure) {
      socket.close();
      throw failure;
    }
  }
}
