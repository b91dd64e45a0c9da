package net.eventlet.wsgi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import net.eventlet.GreenConnection;
import net.eventlet.GreenSocket;
import net.eventlet.green.GreenSsl;
import net.eventlet.green.SslOptions;

/// How a server speaks TLS.
///
/// @param context asked for with every connection, so that another certificate can take the place
///   of one while the server runs
/// @param options what else: the protocols of ALPN, client certificates, the limit of a handshake
public record Tls(Supplier<SSLContext> context, SslOptions options) {

  /// {@return TLS with the certificate of a context, for HTTP/1.1}
  ///
  /// @param context asked for with every connection
  public static Tls of(Supplier<SSLContext> context) {
    return new Tls(context, SslOptions.DEFAULT.withApplicationProtocols("http/1.1"));
  }

  GreenConnection over(GreenSocket socket) {
    try {
      return GreenSsl.wrapAccepted(socket, context.get(), options);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is connected
    }
  }
}
