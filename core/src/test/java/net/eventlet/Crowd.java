package net.eventlet;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A listener with so many connections waiting that the kernel answers no more: to connect to it
/// waits.
final class Crowd implements AutoCloseable {

  private static final Duration UNTIL_IT_IS_FULL = Duration.ofMillis(20);

  private final GreenServerSocket listener;
  private final List<GreenSocket> waiting = new ArrayList<>();

  Crowd() throws IOException {
    this(Connected.LOOPBACK);
  }

  /// Lets connections crowd.
  ///
  /// @param address to listen at
  Crowd(SocketAddress address) throws IOException {
    listener = Eventlet.listen(address, ListenOptions.DEFAULT.withBacklog(1));
    try {
      for (var i = 0; i < 100; i++) {
        waiting.add(Eventlet.connect(address(), UNTIL_IT_IS_FULL));
      }
    } catch (SocketTimeoutException full) {
      return;
    }
    fail("a hundred connections wait to be accepted, and there is still room");
  }

  /// {@return where to connect to}
  SocketAddress address() {
    return Connected.addressOf(listener);
  }

  /// Lets those who wait in.
  GreenServerSocket listener() {
    return listener;
  }

  @Override
  public void close() {
    waiting.forEach(GreenSocket::close);
    listener.close();
  }
}
