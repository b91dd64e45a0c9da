package net.eventlet.dbpool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A port of the loopback address for a server that must be told its port: held by a socket that is
/// bound but does not listen, so that the kernel gives it to nobody else, and a server that sets
/// `SO_REUSEADDR`, as servers do, can listen on it; also after a restart.
final class HeldPort implements AutoCloseable {

  private final Socket socket = new Socket();

  HeldPort() throws IOException {
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  int number() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
