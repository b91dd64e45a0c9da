package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Makes the JDK's kind of web server, on green threads.
///
/// Source: `eventlet/green/BaseHTTPServer.py`.
public final class GreenHttpServerProvider extends HttpServerProvider {

  /// Creates a provider, as the JDK does that reads its name.
  public GreenHttpServerProvider() {}

  @Override
  public HttpServer createHttpServer(@Nullable InetSocketAddress address, int backlog)
      throws IOException {
    var server = new GreenHttpServer();
    if (address != null) {
      server.bind(address, backlog);
    }
    return server;
  }

  @Override
  public HttpsServer createHttpsServer(@Nullable InetSocketAddress address, int backlog)
      throws IOException {
    var server = new GreenHttpsServer();
    if (address != null) {
      server.bind(address, backlog);
    }
    return server;
  }
}
