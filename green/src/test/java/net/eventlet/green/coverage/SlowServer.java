package net.eventlet.green.coverage;

import static java.net.InetAddress.getLoopbackAddress;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/// A server of one connection, in a plain thread, that speaks when it is told to.
final class SlowServer implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 1, getLoopbackAddress());
  private final FutureTask<Socket> accepted;

  /// Starts it.
  SlowServer() throws IOException {
    this("");
  }

  /// Starts it.
  ///
  /// @param greeting what it says at once
  SlowServer(String greeting) throws IOException {
    accepted =
        new FutureTask<>(() -> {
          var socket = listener.accept();
          say(socket, greeting);
          return socket;
        });
    Thread.ofPlatform().daemon().start(accepted);
  }

  int port() {
    return listener.getLocalPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/");
  }

  /// Says something to whoever is connected.
  void say(String words) throws Exception {
    say(accepted.get(), words);
  }

  private static void say(Socket socket, String words) throws IOException {
    socket.getOutputStream().write(words.getBytes(US_ASCII));
  }

  /// Closes the connection and the listener.
  @Override
  public void close() throws IOException {
    try (listener) {
      if (accepted.state() == Future.State.SUCCESS) {
        accepted.resultNow().close();
      }
    }
  }
}
