package net.eventlet.bench;

import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.serve;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.green.GreenSsl;

/// What does TLS cost over green sockets?
///
/// Run: `make bench ARGS=tls`, or by itself with the flags of `eventlet.flags`.
final class EventletTls {

  private static final int CHUNK_BYTES = 64 * 1024;

  private EventletTls() {}

  /// Serves, and measures.
  ///
  /// @param arguments none
  /// @throws Exception if anything goes wrong
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var context = TlsLoad.context();
    var port = new CompletableFuture<Integer>();
    var server =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Eventlet.run(() -> {
                  var listener = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                  port.complete(listener.getLocalPort());
                  serve(listener, socket -> echo(socket, context));
                });
              } catch (Exception e) {
                port.completeExceptionally(e);
              }
            });
    TlsLoad.report(port.get(), server.threadId(), context);
  }

  private static void echo(GreenSocket socket, SSLContext context) throws Exception {
    try (var connection = GreenSsl.wrapAccepted(socket, context)) {
      var bytes = new byte[CHUNK_BYTES];
      for (var count = connection.read(bytes, 0, bytes.length);
          count >= 0;
          count = connection.read(bytes, 0, bytes.length)) {
        connection.write(bytes, 0, count);
      }
    }
  }
}
