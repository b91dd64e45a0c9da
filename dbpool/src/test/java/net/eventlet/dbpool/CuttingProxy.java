package net.eventlet.dbpool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Stands before a server, and cuts the connections to it on request: on plain threads, so that the
/// hub under test has nothing to do with it.
final class CuttingProxy implements AutoCloseable {

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new ArrayList<>(); // its own lock
  private final int port;

  CuttingProxy(int port) throws IOException {
    this.port = port;
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        var server = new Socket();
        server.connect(new InetSocketAddress(listener.getInetAddress(), port));
        synchronized (sockets) {
          sockets.add(client);
          sockets.add(server);
        }
        Thread.ofPlatform().daemon().start(() -> pass(client, server));
        Thread.ofPlatform().daemon().start(() -> pass(server, client));
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException cut) {
      // as it should be
    }
  }

  /// Closes all connections that there are.
  void cut() {
    synchronized (sockets) {
      for (var socket : sockets) {
        try {
          socket.close();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
      sockets.clear();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
