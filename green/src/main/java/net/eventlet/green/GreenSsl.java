package net.eventlet.green;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import net.eventlet.GreenServerSocket;

/// TLS on green sockets, with the JDK's own engine.
///
/// ```java
/// try (var connection = GreenSsl.wrap(connect(address), GreenSsl.context())) {
///   connection.write(request, 0, request.length);
/// }
/// ```
///
/// A client trusts whom its context trusts, and insists that the certificate is for the host that
/// it wanted, unless [SslOptions#withAnyHostName()] says otherwise.
///
/// Source: `eventlet/green/ssl.py`, `wrap_socket` and `SSLContext.wrap_socket`. There the handshake
/// is made at once, unless a flag says otherwise; here always at the first I/O.
public final class GreenSsl {

  private GreenSsl() {}

  /// Makes a client's TLS connection of a connection, to the host that the socket's address names.
  ///
  /// @param socket connected; closed with what is returned
  /// @param context whom to trust, and what to show
  /// @return the connection, which shakes hands when it is used first
  /// @throws SocketException if the socket is not connected
  /// @throws IllegalArgumentException if its address names no host, since it is a path; name the
  ///   host
  public static GreenSslSocket wrap(Socket socket, SSLContext context) throws IOException {
    return wrap(socket, context, hostOf(socket));
  }

  /// Makes a client's TLS connection of a connection.
  ///
  /// @param socket connected; closed with what is returned
  /// @param context whom to trust, and what to show
  /// @param host whom the other side has to be, and is told that it is
  /// @return the connection, which shakes hands when it is used first
  /// @throws SocketException if the socket is not connected
  public static GreenSslSocket wrap(Socket socket, SSLContext context, String host)
      throws IOException {
    return wrap(socket, context, host, SslOptions.DEFAULT);
  }

  /// Makes a client's TLS connection of a connection.
  ///
  /// @param socket connected; closed with what is returned
  /// @param context whom to trust, and what to show
  /// @param host whom the other side has to be, and is told that it is
  /// @param options what else
  /// @return the connection, which shakes hands when it is used first
  /// @throws SocketException if the socket is not connected
  public static GreenSslSocket wrap(
      Socket socket, SSLContext context, String host, SslOptions options) throws IOException {
    Objects.requireNonNull(host, "host");
    return new GreenSslSocket(
        context, options, requireConnected(socket), true, host, socket.getPort(), true);
  }

  /// Makes a server's TLS connection of a connection.
  ///
  /// @param socket connected; closed with what is returned
  /// @param context what to show, and which clients to trust
  /// @return the connection, which shakes hands when it is used first
  /// @throws SocketException if the socket is not connected
  public static GreenSslSocket wrapAccepted(Socket socket, SSLContext context) throws IOException {
    return wrapAccepted(socket, context, SslOptions.DEFAULT);
  }

  /// Makes a server's TLS connection of a connection.
  ///
  /// @param socket connected; closed with what is returned
  /// @param context what to show, and which clients to trust
  /// @param options what else
  /// @return the connection, which shakes hands when it is used first
  /// @throws SocketException if the socket is not connected
  public static GreenSslSocket wrapAccepted(Socket socket, SSLContext context, SslOptions options)
      throws IOException {
    return new GreenSslSocket(context, options, requireConnected(socket), false, null, 0, true);
  }

  /// Makes a listening socket of one, whose connections are TLS's.
  ///
  /// @param listener closed with what is returned
  /// @param context what to show, and which clients to trust
  /// @param options what else
  /// @return the listening socket
  /// @throws IOException never; [java.net.ServerSocket] declares it
  public static GreenSslServerSocket wrapListener(
      GreenServerSocket listener, SSLContext context, SslOptions options) throws IOException {
    return new GreenSslServerSocket(context, options, Objects.requireNonNull(listener));
  }

  /// {@return what makes TLS connections on green sockets, for libraries that ask for a factory}
  ///
  /// @param context whom to trust, and what to show
  /// @param options what else
  public static SSLSocketFactory socketFactory(SSLContext context, SslOptions options) {
    return new GreenSslSocketFactory(context, options);
  }

  /// {@return what makes listening sockets for TLS on green ones, for libraries that ask for a
  /// factory}
  ///
  /// @param context what to show, and which clients to trust
  /// @param options what else
  public static SSLServerSocketFactory serverSocketFactory(SSLContext context, SslOptions options) {
    return new GreenSslServerSocketFactory(context, options);
  }

  static Socket requireConnected(Socket socket) throws SocketException {
    if (!socket.isConnected()) {
      throw new SocketException("Socket is not connected");
    }
    return socket;
  }

  private static String hostOf(Socket socket) throws SocketException {
    if (requireConnected(socket).getRemoteSocketAddress() instanceof InetSocketAddress inet) {
      return inet.getHostString();
    }
    throw new IllegalArgumentException(
        socket.getRemoteSocketAddress()
            + " names no host that a certificate could be for: give the name");
  }
}
