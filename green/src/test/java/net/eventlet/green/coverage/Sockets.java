package net.eventlet.green.coverage;

import static java.net.InetAddress.getLoopbackAddress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Stock sockets for tests.
final class Sockets {

  private Sockets() {}

  /// Both ends of a connection.
  ///
  /// @param near the client's
  /// @param far the server's
  record Pair(Socket near, Socket far) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      try (near;
          far) {}
    }
  }

  /// A listener that accepts nobody, and whose backlog is full, so that connecting to it waits.
  ///
  /// @param listener the listener
  /// @param waiting those that fill its backlog
  record Full(ServerSocketChannel listener, List<SocketChannel> waiting) implements AutoCloseable {

    SocketAddress address() throws IOException {
      return listener.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
      for (var socket : waiting) {
        socket.close();
      }
      listener.close();
    }
  }

  /// {@return a connection to ourselves}
  static Pair connect() throws IOException {
    try (var listener = new ServerSocket(0, 1, getLoopbackAddress())) {
      var near = new Socket(getLoopbackAddress(), listener.getLocalPort());
      return new Pair(near, listener.accept());
    }
  }

  /// {@return a listener with a full backlog}
  static Full full() throws IOException {
    var listener =
        ServerSocketChannel.open().bind(new InetSocketAddress(getLoopbackAddress(), 0), 1);
    var waiting = new ArrayList<SocketChannel>();
    for (var i = 0;
        i < 4;
        i++) { // Linux takes one more than asked for, and answers none after that
      var socket = SocketChannel.open();
      socket.configureBlocking(false);
      socket.connect(listener.getLocalAddress());
      waiting.add(socket);
    }
    return new Full(listener, waiting);
  }
}
