package net.eventlet.green;

import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import net.eventlet.GreenSocket;

/// Two ends of one connection over the loopback interface, which have not shaken hands.
final class TlsPair implements AutoCloseable {

  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  static final Authority AUTHORITY = new Authority("authority");
  static final Authority.Signed LOCALHOST = AUTHORITY.sign("localhost", "127.0.0.1");

  private final GreenSocket connected;
  private final GreenSocket accepted;
  private final GreenSslSocket client;
  private final GreenSslSocket server;

  TlsPair() throws IOException {
    this(SslOptions.DEFAULT, SslOptions.DEFAULT);
  }

  TlsPair(SslOptions clients, SslOptions servers) throws IOException {
    this(AUTHORITY.context(), "localhost", clients, AUTHORITY.context(LOCALHOST), servers);
  }

  TlsPair(
      SSLContext clientContext,
      String host,
      SslOptions clients,
      SSLContext serverContext,
      SslOptions servers)
      throws IOException {
    try (var listener = listen(LOOPBACK)) {
      connected = connect(Objects.requireNonNull(listener.getLocalSocketAddress()));
      accepted = listener.accept();
    }
    client = GreenSsl.wrap(connected, clientContext, host, clients);
    server = GreenSsl.wrapAccepted(accepted, serverContext, servers);
  }

  GreenSslSocket client() {
    return client;
  }

  GreenSslSocket server() {
    return server;
  }

  /// What carries the client's records.
  GreenSocket connected() {
    return connected;
  }

  /// What carries the server's records.
  GreenSocket accepted() {
    return accepted;
  }

  @Override
  public void close() throws IOException {
    connected.close();
    accepted.close();
  }
}
