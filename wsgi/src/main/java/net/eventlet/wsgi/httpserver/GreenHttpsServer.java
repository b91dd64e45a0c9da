package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import net.eventlet.green.SslOptions;
import net.eventlet.wsgi.Tls;
import org.jspecify.annotations.Nullable;

/// A server of HTTP over TLS.
///
/// The configurator is asked once, at the start, whether clients must show a certificate; its
/// context serves every connection.
final class GreenHttpsServer extends HttpsServer {

  private final Serving serving = new Serving(GreenHttpsExchange::new);
  private @Nullable HttpsConfigurator configurator; // null until it is set

  @Override
  public void setHttpsConfigurator(HttpsConfigurator configurator) {
    serving.requireNotStarted();
    this.configurator = Objects.requireNonNull(configurator, "configurator");
  }

  @Override
  public @Nullable HttpsConfigurator getHttpsConfigurator() {
    return configurator;
  }

  private Tls tls() {
    var chosen = configurator;
    if (chosen == null) {
      throw new IllegalStateException("a server of HTTPS needs setHttpsConfigurator before start");
    }
    var parameters = new AskedParameters(chosen, serving.address());
    chosen.configure(parameters);
    return new Tls(
        chosen::getSSLContext,
        SslOptions.DEFAULT
            .withApplicationProtocols("http/1.1")
            .withClientCertificate(parameters.clientCertificate()));
  }

  @Override
  public void bind(InetSocketAddress address, int backlog) throws IOException {
    serving.bind(address, backlog);
  }

  @Override
  public void start() {
    serving.start(Optional.of(tls()));
  }

  @Override
  public void setExecutor(@Nullable Executor executor) {
    serving.executor(executor);
  }

  @Override
  public @Nullable Executor getExecutor() {
    return serving.executor();
  }

  @Override
  public void stop(int delay) {
    serving.stop(delay);
  }

  @Override
  public HttpContext createContext(String path, HttpHandler handler) {
    return serving.contexts().add(new GreenContext(this, path, Objects.requireNonNull(handler)));
  }

  @Override
  public HttpContext createContext(String path) {
    return serving.contexts().add(new GreenContext(this, path, null));
  }

  @Override
  public void removeContext(String path) {
    serving.contexts().remove(path);
  }

  @Override
  public void removeContext(HttpContext context) {
    serving.contexts().remove(context);
  }

  @Override
  public @Nullable InetSocketAddress getAddress() {
    return serving.address();
  }
}
