package net.eventlet.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// What does a small answer cost on Vert.x, with its native transport and one event loop?
///
/// Run: `make bench ARGS=http`; the port is the first line of output, and the argument the seconds
/// until it ends.
final class VertxHttp {

  private VertxHttp() {}

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
    var text = Buffer.buffer("Hello, World!");
    var length = HttpHeaders.createOptimized(Integer.toString(text.length()));
    var plain = HttpHeaders.createOptimized("text/plain");
    var date = new AtomicReference<>(now());
    vertx.setPeriodic(1000, _ -> date.set(now()));
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0).setAcceptBacklog(4096);
    var server =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> {
              var answer = request.response();
              answer
                  .headers()
                  .set(HttpHeaders.CONTENT_TYPE, plain)
                  .set(HttpHeaders.CONTENT_LENGTH, length)
                  .set(HttpHeaders.DATE, date.get());
              answer.end(text);
            })
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    System.out.println(server.actualPort());
    Thread.currentThread().join();
  }

  private static CharSequence now() {
    return HttpHeaders.createOptimized(
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }
}
