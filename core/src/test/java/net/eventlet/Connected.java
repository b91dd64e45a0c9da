package net.eventlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.Objects;

/// Two ends of one connection over the loopback interface, or a path.
final class Connected implements AutoCloseable {

  /// A port of the loopback interface that is free.
  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final GreenSocket connected;
  private final GreenSocket accepted;

  /// Connects over the loopback interface.
  Connected() throws IOException {
    this(LOOPBACK);
  }

  /// Connects.
  ///
  /// @param address to listen at
  Connected(SocketAddress address) throws IOException {
    try (var listener = Eventlet.listen(address)) {
      connected = Eventlet.connect(addressOf(listener));
      accepted = listener.accept();
    }
  }

  /// {@return where to connect to}
  ///
  /// @param listener that is bound
  static SocketAddress addressOf(ServerSocket listener) {
    return Objects.requireNonNull(listener.getLocalSocketAddress());
  }

  /// {@return the end that connected}
  GreenSocket connected() {
    return connected;
  }

  /// {@return the end that was accepted}
  GreenSocket accepted() {
    return accepted;
  }

  @Override
  public void close() {
    connected.close();
    accepted.close();
  }
}
