package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A server of HTTP.
final class GreenHttpServer extends HttpServer {

  private final Serving serving = new Serving(exchange -> exchange);

  @Override
  public void bind(InetSocketAddress address, int backlog) throws IOException {
    serving.bind(address, backlog);
  }

  @Override
  public void start() {
    serving.start(Optional.empty());
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
