package net.eventlet;

import static net.eventlet.Eventlet.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every option of the JDK's sockets, set and asked for again.
@Bounded
class SocketOptionsTest {

  private static final int BUFFER_BYTES = 20_000;

  static Stream<SocketOption<?>> ofSockets() {
    return new GreenSocket().supportedOptions().stream();
  }

  static Stream<SocketOption<?>> ofListeners() throws IOException {
    return new GreenServerSocket().supportedOptions().stream();
  }

  static Stream<SocketOption<?>> beyondTheStandard() {
    return Stream.of(
        ExtendedSocketOptions.TCP_KEEPIDLE,
        ExtendedSocketOptions.TCP_KEEPINTERVAL,
        ExtendedSocketOptions.TCP_KEEPCOUNT,
        ExtendedSocketOptions.TCP_QUICKACK);
  }

  @ParameterizedTest
  @MethodSource({"ofSockets", "beyondTheStandard"})
  void aConnectedSocketKeepsIt(SocketOption<?> option) throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        roundTrip(pair.connected(), option);
        roundTrip(pair.accepted(), option);
      }
    });
  }

  @ParameterizedTest
  @MethodSource({"ofSockets", "beyondTheStandard"})
  void aNewSocketKeepsItAndIsStillConnected(SocketOption<?> option) throws Exception {
    run(() -> {
      try (var listener = Eventlet.listen(Connected.LOOPBACK);
          var socket = new GreenSocket()) {
        roundTrip(socket, option);

        socket.connect(Connected.addressOf(listener));

        assertTrue(socket.isConnected());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("ofSockets")
  void whatIsSetBeforeItConnectsIsSetAfterwards(SocketOption<?> option) throws Exception {
    run(() -> {
      try (var listener = Eventlet.listen(Connected.LOOPBACK);
          var socket = new GreenSocket()) {
        if (option.type() == Boolean.class) {
          for (var on : new Boolean[] {true, false}) {
            set(socket, option, on);
          }
          socket.connect(Connected.addressOf(listener));

          assertEquals(false, socket.getOption(option));
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("ofSockets")
  void aSocketOfIpVersion6KeepsItToo(SocketOption<?> option) throws Exception {
    var loopback =
        InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    run(() -> {
      try (var pair = new Connected(new InetSocketAddress(loopback, 0))) {
        roundTrip(pair.connected(), option);
      }
    });
  }

  @ParameterizedTest
  @MethodSource("ofListeners")
  void aListenerKeepsIt(SocketOption<?> option) throws Exception {
    run(() -> {
      try (var unbound = new GreenServerSocket();
          var bound = Eventlet.listen(Connected.LOOPBACK)) {
        roundTrip(unbound, option);
        roundTrip(bound, option);
      }
    });
  }

  @Test
  void theStandardOptionsOfTheJdksSocketsAreSupported() throws Exception {
    try (var stock = new Socket();
        var stockListener = new ServerSocket();
        var socket = new GreenSocket();
        var listener = new GreenServerSocket()) {
      for (var option : StandardSocketOptions.class.getFields()) {
        var value = (SocketOption<?>) option.get(null);
        assertTrue(
            !stock.supportedOptions().contains(value) || socket.supportedOptions().contains(value),
            value::name);
        assertTrue(
            !stockListener.supportedOptions().contains(value)
                || listener.supportedOptions().contains(value),
            value::name);
      }
    }
  }

  @Test
  void eachHasItsOwnMethodsToo() throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        var socket = pair.connected();
        for (var on : new boolean[] {true, false}) {
          socket.setTcpNoDelay(on);
          assertEquals(on, socket.getTcpNoDelay());
          socket.setKeepAlive(on);
          assertEquals(on, socket.getKeepAlive());
          socket.setOOBInline(on);
          assertEquals(on, socket.getOOBInline());
          socket.setReuseAddress(on);
          assertEquals(on, socket.getReuseAddress());
        }
        socket.setSoLinger(true, 7);
        assertEquals(7, socket.getSoLinger());
        socket.setSoLinger(true, 0);
        assertEquals(0, socket.getSoLinger());
        socket.setSoLinger(false, 7);
        assertEquals(-1, socket.getSoLinger());
        socket.setTrafficClass(0x10);
        assertEquals(0x10, socket.getTrafficClass());
        socket.setSendBufferSize(BUFFER_BYTES);
        assertEquals(BUFFER_BYTES, socket.getSendBufferSize());
        socket.setReceiveBufferSize(BUFFER_BYTES);
        assertEquals(BUFFER_BYTES, socket.getReceiveBufferSize());
        socket.setSoTimeout(7);
        assertEquals(7, socket.getSoTimeout());
        socket.setSoTimeout(0);
        assertEquals(0, socket.getSoTimeout());
        socket.setPerformancePreferences(1, 2, 3);
      }
    });
  }

  @Test
  void aListenersBufferIsInherited() throws Exception {
    run(() -> {
      try (var listener = new GreenServerSocket()) {
        listener.setReceiveBufferSize(BUFFER_BYTES);
        listener.bind(Connected.LOOPBACK);
        assertEquals(BUFFER_BYTES, listener.getReceiveBufferSize());

        try (var _ = Eventlet.connect(Connected.addressOf(listener));
            var accepted = listener.accept()) {
          assertEquals(BUFFER_BYTES, accepted.getReceiveBufferSize());
        }
      }
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void valuesThatAnOptionCannotHaveAreRefused() throws Exception {
    try (var socket = new GreenSocket()) {
      assertThrows(IllegalArgumentException.class, () -> socket.setSendBufferSize(0));
      assertThrows(IllegalArgumentException.class, () -> socket.setReceiveBufferSize(-1));
      assertThrows(IllegalArgumentException.class, () -> socket.setTrafficClass(256));
      assertThrows(IllegalArgumentException.class, () -> socket.setTrafficClass(-1));
      assertThrows(IllegalArgumentException.class, () -> socket.setSoLinger(true, -1));
      assertThrows(
          RuntimeException.class, () -> socket.setOption(StandardSocketOptions.SO_KEEPALIVE, null));
      assertThrows(
          IllegalArgumentException.class,
          () -> socket.setOption(StandardSocketOptions.SO_SNDBUF, -1));
      assertThrows(
          UnsupportedOperationException.class,
          () -> socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true));
      assertThrows(
          UnsupportedOperationException.class,
          () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
      assertFalse(socket.isClosed());
    }
  }

  // ------------------------------------------------------------------------------------- helpers

  private static <T> void roundTrip(Socket socket, SocketOption<T> option) throws IOException {
    for (var value : values(option)) {
      socket.setOption(option, value);
      assertEquals(value, socket.getOption(option), option::name);
    }
  }

  private static <T> void roundTrip(ServerSocket listener, SocketOption<T> option)
      throws IOException {
    for (var value : values(option)) {
      listener.setOption(option, value);
      assertEquals(value, listener.getOption(option), option::name);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> void set(Socket socket, SocketOption<T> option, Object value)
      throws IOException {
    socket.setOption(option, (T) value);
  }

  @SuppressWarnings("unchecked")
  private static <T> T[] values(SocketOption<T> option) {
    if (option.type() == Boolean.class) {
      return (T[]) new Boolean[] {true, false, true};
    }
    if (option.equals(StandardSocketOptions.SO_LINGER)) {
      return (T[]) new Integer[] {5, 0, -1};
    }
    if (option.equals(StandardSocketOptions.IP_TOS)) {
      return (T[]) new Integer[] {0x08, 0x10, 0};
    }
    if (option.name().contains("BUF")) {
      return (T[]) new Integer[] {BUFFER_BYTES, 2 * BUFFER_BYTES};
    }
    return (T[]) new Integer[] {5, 7};
  }
}
