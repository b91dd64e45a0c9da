package net.eventlet.green;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import net.eventlet.GreenServerSocket;
import org.jspecify.annotations.Nullable;

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

  /// {@return a context that trusts whom the system trusts, and shows nothing: a client's}
  ///
  /// @throws IOException if the system's certificates cannot be read
  /// @throws GeneralSecurityException if they are broken
  public static SSLContext context() throws IOException, GeneralSecurityException {
    return context(new Identities(), null);
  }

  /// {@return a context that trusts whom the system trusts: a server's, or a client's that has a
  /// certificate}
  ///
  /// @param own what to show; may be replaced later
  /// @throws IOException if the system's certificates cannot be read
  /// @throws GeneralSecurityException if they are broken
  public static SSLContext context(Identities own) throws IOException, GeneralSecurityException {
    return context(own, null);
  }

  /// {@return a context that trusts only what these certificates have signed, and themselves}
  ///
  /// @param own what to show; may be replaced later
  /// @param trusted whom to trust, in the system's place; null for the system's
  /// @throws IOException if the system's certificates cannot be read
  /// @throws GeneralSecurityException if they are broken
  public static SSLContext context(Identities own, @Nullable Collection<X509Certificate> trusted)
      throws IOException, GeneralSecurityException {
    return InThreadPool.call(() -> {
      KeyStore store = null; // the system's
      if (trusted != null) {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var certificate : trusted) {
          store.setCertificateEntry("trusted-" + store.size(), certificate);
        }
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {own}, trust.getTrustManagers(), null);
      return context;
    });
  }

  /// Reads certificates, such as those to trust. On a hub the thread pool does it.
  ///
  /// @param pem a file in PEM
  /// @return them, in the order of the file
  /// @throws IOException if the file cannot be read
  /// @throws GeneralSecurityException if there is none in it, or a broken one
  public static List<X509Certificate> certificates(Path pem)
      throws IOException, GeneralSecurityException {
    return InThreadPool.call(() -> Pem.certificates(Files.readString(pem), pem.toString()));
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
