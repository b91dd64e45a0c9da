package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLParameters;
import net.eventlet.green.SslOptions.ClientCertificate;
import org.jspecify.annotations.Nullable;

/// What a configurator is asked to fill in.
final class AskedParameters extends HttpsParameters {

  private final HttpsConfigurator configurator;
  private final @Nullable InetSocketAddress address;
  private @Nullable SSLParameters set; // null unless the configurator sets them at once

  AskedParameters(HttpsConfigurator configurator, @Nullable InetSocketAddress address) {
    this.configurator = configurator;
    this.address = address;
  }

  @Override
  public HttpsConfigurator getHttpsConfigurator() {
    return configurator;
  }

  /// {@return the server's own address: it is asked before there is a client}
  @Override
  public @Nullable InetSocketAddress getClientAddress() {
    return address;
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    set = parameters;
  }

  @SuppressWarnings("deprecation") // programs that were written before it was still say it so
  ClientCertificate clientCertificate() {
    if (set == null ? getNeedClientAuth() : set.getNeedClientAuth()) {
      return ClientCertificate.NEEDED;
    }
    return (set == null ? getWantClientAuth() : set.getWantClientAuth())
        ? ClientCertificate.WANTED
        : ClientCertificate.NONE;
  }
}
