package stranger.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Stands in front of a server, and holds back the first that it says on each connection.
///
/// Servers have short backlogs. A connection that the kernel drops from one is lost, if it is the
/// server that speaks first, so few connect at a time.
final class DelayingProxy {

  private static final int BACKLOG = 1000;
  private static final int CONNECTING = 4; // fewer than the shortest of the servers' own backlogs

  private final ServerSocket listener;
  private final int target;
  private final Semaphore connecting = new Semaphore(CONNECTING); // until the server's first word

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
    var answered = new AtomicBoolean();
    try (client;
        var server = connect()) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      var there = Thread.ofVirtual().start(() -> copy(client, server, () -> {}));
      copy(
          server,
          client,
          () -> {
            if (answered.compareAndSet(false, true)) {
              connecting.release();
              Thread.sleep(Servers.DELAY_MILLIS);
            }
          });
      there.join();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      if (answered.compareAndSet(false, true)) {
        connecting.release();
      }
    }
  }

  private Socket connect() throws IOException, InterruptedException {
    connecting.acquire();
    return new Socket(InetAddress.getLoopbackAddress(), target);
  }

  private static void copy(Socket from, Socket to, Pause beforeEach) {
    try {
      var buffer = new byte[8192];
      var in = from.getInputStream();
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        beforeEach.pause();
        to.getOutputStream().write(buffer, 0, count);
      }
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      // one of the two has gone
    }
  }

  private interface Pause {
    void pause() throws InterruptedException;
  }
}
