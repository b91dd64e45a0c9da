package stranger.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Stands in front of a server, and holds back the first that it says on each connection.
final class DelayingProxy {

  private static final int BACKLOG = 1000;

  private final ServerSocket listener;
  private final int target;

  private DelayingProxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /// {@return the port of a proxy}
  ///
  /// @param target port of the server
  static int inFrontOf(int target) throws IOException {
    var listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(new DelayingProxy(listener, target)::accept);
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Socket client) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> copy(server, client, Servers.DELAY_MILLIS));
      copy(client, server, 0);
      back.join();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Socket from, Socket to, long delayMillis) {
    try {
      var buffer = new byte[8192];
      var delay = delayMillis;
      var in = from.getInputStream();
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        Thread.sleep(delay);
        delay = 0;
        to.getOutputStream().write(buffer, 0, count);
      }
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      // one of the two has gone
    }
  }
}
