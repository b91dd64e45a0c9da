package net.eventlet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// What does a small answer cost on Jetty, with one selector and a handler that never blocks?
///
/// Run: `make bench ARGS=http`; the port is the first line of output, and the argument the seconds
/// until it ends.
final class JettyHttp {

  private JettyHttp() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(arguments);
    var server = new Server(new QueuedThreadPool(8));
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    var connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096);
    server.addConnector(connector);
    server.setHandler(new Hello());
    server.start();
    System.out.println(connector.getLocalPort());
    server.join();
  }

  private static final class Hello extends Handler.Abstract.NonBlocking {

    private static final ByteBuffer TEXT =
        ByteBuffer.wrap("Hello, World!".getBytes(US_ASCII)).asReadOnlyBuffer();
    private static final HttpField PLAIN =
        new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain");
    private static final HttpField LENGTH =
        new PreEncodedHttpField(HttpHeader.CONTENT_LENGTH, Integer.toString(TEXT.remaining()));

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.getHeaders().add(PLAIN).add(LENGTH);
      response.write(true, TEXT.slice(), callback);
      return true;
    }
  }
}
