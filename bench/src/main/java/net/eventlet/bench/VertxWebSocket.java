package net.eventlet.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/// What does an echo over WebSockets cost on Vert.x, with its native transport and one event loop?
///
/// Run: `make bench ARGS=websocket`; the port is the first line of output, and the argument the
/// seconds until it ends.
final class VertxWebSocket {

  private VertxWebSocket() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "no native transport", vertx.unavailableNativeTransportCause());
    }
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0).setAcceptBacklog(4096);
    var server =
        vertx
            .createHttpServer(options)
            .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    System.out.println(server.actualPort());
    Thread.currentThread().join();
  }
}
