package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import net.eventlet.Eventlet;
import net.eventlet.GreenServerSocket;
import net.eventlet.ListenOptions;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerOptions;
import net.eventlet.wsgi.Tls;
import org.jspecify.annotations.Nullable;

/// What a server of HTTP and one of HTTPS have in common.
final class Serving {

  private static final int BACKLOG = 1024;

  private final Contexts contexts = new Contexts();
  private final Function<GreenExchange, HttpExchange> faces;
  private @Nullable GreenServerSocket listener; // null until it is bound
  private @Nullable Server server; // null until it is started
  private @Nullable Executor executor; // null unless somebody set one
  private boolean stopped;

  Serving(Function<GreenExchange, HttpExchange> faces) {
    this.faces = faces;
  }

  Contexts contexts() {
    return contexts;
  }

  synchronized void bind(InetSocketAddress address, int backlog) throws IOException {
    if (listener != null) {
      throw new BindException("HttpServer already bound");
    }
    listener =
        Eventlet.listen(
            address, ListenOptions.DEFAULT.withBacklog(backlog <= 0 ? BACKLOG : backlog));
  }

  synchronized void start(Optional<Tls> tls) {
    var bound = listener;
    if (bound == null || server != null || stopped) {
      throw new IllegalStateException("a server is started once, after it is bound");
    }
    var options = ServerOptions.DEFAULT;
    server =
        Server.start(bound, this::answer, tls.isPresent() ? options.withTls(tls.get()) : options);
  }

  synchronized void requireNotStarted() {
    if (server != null) {
      throw new IllegalStateException("the server has been started");
    }
  }

  synchronized void executor(@Nullable Executor executor) {
    requireNotStarted();
    this.executor = executor;
  }

  synchronized @Nullable Executor executor() {
    return executor;
  }

  void stop(int delay) {
    if (delay < 0) {
      throw new IllegalArgumentException("a delay is 0 seconds or more: " + delay);
    }
    Server running;
    synchronized (this) {
      stopped = true;
      running = server;
      if (running == null && listener != null) {
        listener.close();
      }
    }
    if (running != null) {
      running.close(Duration.ofSeconds(delay));
    }
  }

  synchronized @Nullable InetSocketAddress address() {
    return listener == null ? null : (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private Response answer(Request request) throws Exception {
    URI uri;
    try {
      uri = new URI(request.target());
    } catch (URISyntaxException malformed) {
      return Response.html("<h1>400 Bad Request</h1>").withStatus(400);
    }
    var path = uri.getPath();
    var context = path == null ? null : contexts.find(path);
    if (context == null) {
      return Response.html("<h1>404 Not Found</h1>No context found for request").withStatus(404);
    }
    var own = new GreenExchange(request, uri, context);
    return own.run(faces.apply(own));
  }
}
