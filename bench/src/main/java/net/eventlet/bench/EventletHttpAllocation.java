package net.eventlet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import net.eventlet.wsgi.Response;
import net.eventlet.wsgi.Server;

/// What does a small answer allocate on the heap of our web server?
///
/// The client is a plain thread that allocates nothing, so that all there is was allocated by the
/// server.
///
/// Run: `make bench ARGS=http-allocation`
final class EventletHttpAllocation {

  private static final int WARM_UP = 200_000;
  private static final int REQUESTS = 100_000;

  private EventletHttpAllocation() {}

  /// Measures.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot listen
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = Server.start(address, _ -> Response.text("Hello, World!"));
        var client = SocketChannel.open(server.address())) {
      ask(client, WARM_UP);
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      var before = threads.getTotalThreadAllocatedBytes();
      ask(client, REQUESTS);
      var bytes = (double) (threads.getTotalThreadAllocatedBytes() - before) / REQUESTS;
      System.out.printf(Locale.ROOT, "{\"row\":\"http-allocation\",\"bytes\":%.1f}%n", bytes);
    }
  }

  private static void ask(SocketChannel client, int times) throws IOException {
    var bytes = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    var request = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    var answer = ByteBuffer.allocateDirect(4096);
    for (var i = 0; i < times; i++) {
      request.flip();
      client.write(request);
      answer.clear();
      do {
        if (client.read(answer) < 0) {
          throw new EOFException("the server closed the connection");
        }
      } while (answer.get(answer.position() - 1) != '!');
    }
  }
}
