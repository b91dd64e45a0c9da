package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class GreenDatagramSocketTest {

  private static final Duration SHORT = Duration.ofMillis(5);

  @Test
  void echoes() throws Exception {
    onPair((here, there) -> {
      send(here, there, "question");
      var question = receive(there);
      there.send(new DatagramPacket("answer".getBytes(UTF_8), 6, question.getSocketAddress()));

      assertEquals("question", text(question));
      assertEquals("answer", text(receive(here)));
    });
  }

  @Test
  void receivesFromWhoeverSent() throws Exception {
    onPair((here, there) -> {
      send(here, there, "x");

      var packet = receive(there);

      assertEquals(here.getLocalPort(), packet.getPort());
      assertEquals(InetAddress.getLoopbackAddress(), packet.getAddress());
    });
  }

  @Test
  void waitsForADatagram() throws Exception {
    onPair((here, there) -> {
      var receiver = spawn(() -> text(receive(there)));
      sleep();
      assertFalse(receiver.isDone());

      send(here, there, "x");

      assertEquals("x", receiver.await());
    });
  }

  @Test
  void keepsDatagramsApart() throws Exception {
    onPair((here, there) -> {
      for (var text : new String[] {"one", "", "three"}) {
        send(here, there, text);
      }

      assertEquals("one", text(receive(there)));
      assertEquals("", text(receive(there)));
      assertEquals("three", text(receive(there)));
    });
  }

  @Test
  void carriesTheLargestDatagram() throws Exception {
    onPair((here, there) -> {
      var sent = new byte[65_507];
      sent[0] = 1;
      sent[65_506] = 2;
      var room = new DatagramPacket(new byte[65_507], 65_507);

      here.send(new DatagramPacket(sent, sent.length, there.getLocalSocketAddress()));
      there.receive(room);

      assertEquals(65_507, room.getLength());
      assertArrayEquals(sent, room.getData());
    });
  }

  @Test
  void whatIsTooLargeIsRefused() throws Exception {
    onPair((here, there) ->
        assertThrows(
            IOException.class,
            () ->
                here.send(
                    new DatagramPacket(new byte[65_508], 65_508, there.getLocalSocketAddress()))));
  }

  @Test
  void cutsOffWhatThereIsNoRoomFor() throws Exception {
    onPair((here, there) -> {
      send(here, there, "abcdef");
      send(here, there, "next");
      var room = new DatagramPacket("........".getBytes(UTF_8), 2, 4);

      there.receive(room);

      assertEquals("..abcd..", new String(room.getData(), UTF_8));
      assertEquals(4, room.getLength());
      assertEquals("next", text(receive(there)));
    });
  }

  @Test
  void aPacketCanBeUsedAgainForALongerDatagram() throws Exception {
    onPair((here, there) -> {
      send(here, there, "a");
      send(here, there, "abcdef");
      var room = new DatagramPacket(new byte[8], 8);

      there.receive(room);
      assertEquals("a", text(room));
      there.receive(room);
      assertEquals("abcdef", text(room));
    });
  }

  @Test
  void sendsAPartOfABuffer() throws Exception {
    onPair((here, there) -> {
      here.send(
          new DatagramPacket("..abcd..".getBytes(UTF_8), 2, 4, there.getLocalSocketAddress()));

      assertEquals("abcd", text(receive(there)));
    });
  }

  @Test
  void aReceiveRunsOutOfTime() throws Exception {
    onPair((here, there) -> {
      there.setSoTimeout(5);

      assertThrows(SocketTimeoutException.class, () -> receive(there));

      assertEquals(5, there.getSoTimeout());
      send(here, there, "x");
      assertEquals("x", text(receive(there)));
    });
  }

  @Test
  void anEventletTimeoutEndsAReceive() throws Exception {
    onPair((here, there) -> {
      assertFalse(Timeout.run(SHORT, () -> receive(there)));

      send(here, there, "x");
      assertEquals("x", text(receive(there)));
    });
  }

  @Test
  void aKilledReceiverLosesNoDatagram() throws Exception {
    onPair((here, there) -> {
      var receiver = spawn(() -> receive(there));
      sleep();
      send(here, there, "x"); // is there, and not seen yet

      receiver.kill();

      assertThrows(GreenThreadExit.class, receiver::await);
      assertFalse(there.isClosed());
      assertEquals("x", text(receive(there)));
    });
  }

  @Test
  void closingWakesTheReceiver() throws Exception {
    onPair((_, there) -> {
      var receiver = spawn(() -> receive(there));
      sleep();

      there.close();

      assertThrows(SocketException.class, receiver::await);
    });
  }

  @Test
  void closingFromAPlainThreadWakesTheReceiver() throws Exception {
    onPair((_, there) -> {
      var receiver = spawn(() -> receive(there));
      sleep();

      Thread.ofPlatform().start(there::close);

      assertThrows(SocketException.class, receiver::await);
    });
  }

  @Test
  void nothingWorksOnAClosedSocket() throws Exception {
    onPair((here, there) -> {
      var address = there.getLocalSocketAddress();
      here.close();
      here.close();

      assertTrue(here.isClosed());
      assertThrows(SocketException.class, () -> receive(here));
      assertThrows(
          SocketException.class, () -> here.send(new DatagramPacket(new byte[1], 1, address)));
      assertThrows(SocketException.class, here::getSoTimeout);
    });
  }

  @Test
  void aSecondReceiverIsToldWhoIsFirst() throws Exception {
    onPair((here, there) -> {
      var first = spawn(() -> text(receive(there)));
      var second = spawn(() -> assertThrows(IllegalStateException.class, () -> receive(there)));

      assertSays(second.await(), first.name(), second.name());
      send(here, there, "x");
      assertEquals("x", first.await());
    });
  }

  @Test
  void oneThatReceivesHoldsUpNobodyElse() throws Exception {
    onPair((here, there) -> {
      var receiver = spawn(() -> text(receive(there)));
      var other =
          spawn(() -> {
            there.setSoTimeout(3_600_000);
            there.setBroadcast(true);
            send(there, here, "x");
          });

      other.await(Duration.ofSeconds(2));

      assertFalse(receiver.isDone());
      assertEquals("x", text(receive(here)));
      receiver.kill();
    });
  }

  @Test
  void aConnectedOneHearsItsPeerOnly() throws Exception {
    onPair((here, there) -> {
      try (var stranger = new GreenDatagramSocket(Connected.LOOPBACK)) {
        there.connect(here.getLocalSocketAddress());
        send(stranger, there, "stranger");
        send(here, there, "peer");

        assertEquals("peer", text(receive(there)));
        assertEquals(here.getLocalSocketAddress(), there.getRemoteSocketAddress());
        there.send(new DatagramPacket("x".getBytes(UTF_8), 1));
        assertEquals("x", text(receive(here)));

        there.disconnect();
        send(stranger, there, "stranger");
        assertEquals("stranger", text(receive(there)));
        assertNull(there.getRemoteSocketAddress());
      }
    });
  }

  @Test
  void aConnectedOneLearnsThatNobodyIsThere() throws Exception {
    onPair((here, there) -> {
      here.connect(there.getLocalSocketAddress());
      there.close();
      here.send(new DatagramPacket(new byte[1], 1));

      assertThrows(PortUnreachableException.class, () -> receive(here));
    });
  }

  @Test
  void anAddressThatIsTakenIsRefused() throws Exception {
    onPair((here, _) ->
        assertThrows(
            BindException.class, () -> new GreenDatagramSocket(here.getLocalSocketAddress())));
  }

  @Test
  @SuppressWarnings("NullAway")
  void canBeBoundLater() throws Exception {
    run(() -> {
      try (var socket = new GreenDatagramSocket(null)) {
        assertFalse(socket.isBound());

        socket.bind(Connected.LOOPBACK);

        assertTrue(socket.getLocalPort() > 0);
        assertEquals(InetAddress.getLoopbackAddress(), socket.getLocalAddress());
      }
    });
  }

  @Test
  void theWildcardServesBothVersionsOfIp() throws Exception {
    run(() -> {
      try (var there = new GreenDatagramSocket();
          var here = new GreenDatagramSocket()) {
        for (var loopback : GreenSocketTest.loopbacks().toList()) {
          var address = new InetSocketAddress(loopback, there.getLocalPort());
          here.send(new DatagramPacket("x".getBytes(UTF_8), 1, address));

          var packet = receive(there);

          assertEquals("x", text(packet));
          assertEquals(loopback, packet.getAddress());
        }
      }
    });
  }

  static Stream<SocketOption<?>> options() throws IOException {
    try (var socket = new GreenDatagramSocket()) {
      return socket.supportedOptions().stream()
          .filter(option -> option.type() == Boolean.class)
          .filter(option -> !option.name().startsWith("SO_INCOMING_NAPI"));
    }
  }

  @ParameterizedTest
  @MethodSource("options")
  @SuppressWarnings("unchecked")
  void keepsAnOption(SocketOption<?> option) throws Exception {
    try (var socket = new GreenDatagramSocket()) {
      for (var on : new Boolean[] {true, false}) {
        socket.setOption((SocketOption<Boolean>) option, on);
        assertEquals(on, socket.getOption(option));
      }
    }
  }

  @Test
  void keepsItsOtherOptions() throws Exception {
    try (var socket = new GreenDatagramSocket()) {
      socket.setSendBufferSize(20_000);
      assertTrue(socket.getSendBufferSize() >= 20_000);
      socket.setReceiveBufferSize(20_000);
      assertTrue(socket.getReceiveBufferSize() >= 20_000);
      socket.setTrafficClass(0x10);
      assertEquals(0x10, socket.getTrafficClass());
      socket.setReuseAddress(true);
      assertTrue(socket.getReuseAddress());
      socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
      assertEquals(3, socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
    }
  }

  @Test
  void worksOffAHub() throws Exception {
    try (var here = new GreenDatagramSocket(Connected.LOOPBACK);
        var there = new GreenDatagramSocket(Connected.LOOPBACK)) {
      var plain = new FutureTask<>(() -> text(receive(there)));
      var stock = new FutureTask<>(() -> text(receive(here)));
      Thread.ofPlatform().start(plain);
      Thread.ofVirtual().start(stock);

      send(here, there, "to the plain one");
      send(there, here, "to the stock one");

      assertEquals("to the plain one", plain.get());
      assertEquals("to the stock one", stock.get());
    }
  }

  @Test
  void worksAcrossHubs() throws Exception {
    try (var other = Hub.start("other")) {
      onPair((here, there) -> {
        var receiver = spawn(other, () -> text(receive(there)));
        send(here, there, "x");
        assertEquals("x", receiver.await());

        send(here, there, "y");
        assertEquals("y", text(receive(there)));
      });
    }
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with two sockets.
  private interface OnPair {

    void with(GreenDatagramSocket here, GreenDatagramSocket there) throws Exception;
  }

  private static void onPair(OnPair body) throws Exception {
    run(() -> {
      try (var here = new GreenDatagramSocket(Connected.LOOPBACK);
          var there = new GreenDatagramSocket(Connected.LOOPBACK)) {
        body.with(here, there);
      }
    });
  }

  private static void send(GreenDatagramSocket from, GreenDatagramSocket to, String text)
      throws IOException {
    var bytes = text.getBytes(UTF_8);
    from.send(new DatagramPacket(bytes, bytes.length, to.getLocalSocketAddress()));
  }

  private static DatagramPacket receive(GreenDatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[100], 100);
    socket.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), packet.getOffset(), packet.getLength(), UTF_8);
  }
}
