package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A path, and what answers there.
final class GreenContext extends HttpContext {

  private final HttpServer server;
  private final String path;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();
  private final List<Filter> filters = new CopyOnWriteArrayList<>();
  private @Nullable HttpHandler handler; // null until it is set
  private @Nullable Authenticator authenticator; // null if anybody may ask

  GreenContext(HttpServer server, String path, @Nullable HttpHandler handler) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a context's path begins with a slash: " + path);
    }
    this.server = server;
    this.path = path;
    this.handler = handler;
  }

  @Override
  public @Nullable HttpHandler getHandler() {
    return handler;
  }

  @Override
  public void setHandler(HttpHandler handler) {
    if (this.handler != null) {
      throw new IllegalArgumentException("the context for " + path + " has a handler already");
    }
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  @Override
  public String getPath() {
    return path;
  }

  @Override
  public HttpServer getServer() {
    return server;
  }

  @Override
  public Map<String, Object> getAttributes() {
    return attributes;
  }

  @Override
  public List<Filter> getFilters() {
    return filters;
  }

  @Override
  public @Nullable Authenticator setAuthenticator(@Nullable Authenticator authenticator) {
    var before = this.authenticator;
    this.authenticator = authenticator;
    return before;
  }

  @Override
  public @Nullable Authenticator getAuthenticator() {
    return authenticator;
  }

  /// Answers, through the filters, whoever the authenticator lets in.
  void answer(HttpExchange exchange, GreenExchange own) throws IOException {
    var last = handler;
    if (last == null) {
      throw new IllegalStateException("the context for " + path + " has no handler");
    }
    if (authenticator != null) {
      switch (authenticator.authenticate(exchange)) {
        case Authenticator.Success success -> own.principal(success.getPrincipal());
        case Authenticator.Retry retry -> {
          refuse(exchange, retry.getResponseCode());
          return;
        }
        case Authenticator.Failure failure -> {
          refuse(exchange, failure.getResponseCode());
          return;
        }
        default ->
            throw new IllegalStateException("an authenticator succeeds, fails or asks again");
      }
    }
    new Filter.Chain(filters, last).doFilter(exchange);
  }

  private static void refuse(HttpExchange exchange, int code) throws IOException {
    exchange.sendResponseHeaders(code, -1);
    exchange.close();
  }
}
