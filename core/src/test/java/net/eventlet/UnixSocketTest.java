package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Connected.addressOf;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stream sockets on a path of the file system.
@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class UnixSocketTest {

  private static final Duration SHORT = Duration.ofMillis(5);

  @TempDir private Path folder;

  @Test
  void echoes() throws Exception {
    onPair((here, there) -> {
      write(here, "question\n");
      assertEquals("question", there.readLine());
      write(there, "answer\n");
      assertEquals("answer", here.readLine());
      here.shutdownOutput();
      assertNull(there.readLine());
    });
  }

  @Test
  void takesMuchMoreThanFits() throws Exception {
    onPair((here, there) -> {
      var sent = new byte[3 << 20];
      new Random(1).nextBytes(sent);
      var received = spawn(() -> there.getInputStream().readAllBytes());

      here.write(ByteBuffer.wrap(sent, 0, 1 << 20), ByteBuffer.wrap(sent, 1 << 20, 2 << 20));
      here.close();

      assertArrayEquals(sent, received.await());
    });
  }

  @Test
  void knowsItsAddresses() throws Exception {
    onPair((here, there) -> {
      assertEquals(address(), here.getRemoteSocketAddress());
      assertEquals(address(), there.getLocalSocketAddress());
      assertEquals(UnixDomainSocketAddress.of(""), here.getLocalSocketAddress());
      assertNull(here.getInetAddress());
      assertEquals(0, here.getPort());
      assertEquals(-1, here.getLocalPort());
      assertFalse(here.toString().isEmpty());
    });
  }

  @Test
  void readsAndAcceptsRunOutOfTime() throws Exception {
    run(() -> {
      try (var listener = listen(address())) {
        listener.setSoTimeout(5);
        assertThrows(SocketTimeoutException.class, listener::accept);

        try (var here = connect(address());
            var there = listener.accept()) {
          there.readLimit(SHORT);
          assertThrows(SocketTimeoutException.class, there::readLine);
          here.writeLimit(SHORT);
          assertThrows(SocketTimeoutException.class, () -> fill(here));
        }
      }
    });
  }

  @Test
  void closingWakesWhoeverReadsWritesOrAccepts() throws Exception {
    run(() -> {
      var listener = listen(address());
      var here = connect(address());
      try (var _ = listener.accept()) {
        var accepter = spawn(listener::accept);
        var reader = spawn(here::readLine);
        var writer = spawn(() -> fill(here));
        sleep();

        here.close();
        listener.close();

        assertThrows(SocketException.class, accepter::await);
        assertThrows(SocketException.class, reader::await);
        assertThrows(SocketException.class, writer::await);
      }
    });
  }

  @Test
  void aKilledAccepterLosesNoConnection() throws Exception {
    run(() -> {
      try (var listener = listen(address())) {
        var accepting = spawn(listener::accept);
        sleep();
        try (var here = connect(address())) { // is there, and not seen yet
          accepting.kill();

          assertThrows(GreenThreadExit.class, accepting::await);
          try (var there = listener.accept()) {
            write(here, "mine\n");
            assertEquals("mine", there.readLine());
          }
        }
      }
    });
  }

  @Test
  void aConnectToACrowdRunsOutOfTime() throws Exception {
    run(() -> {
      try (var crowd = new Crowd(address())) {
        assertThrows(SocketTimeoutException.class, () -> connect(crowd.address(), SHORT));
      }
    });
  }

  @Test
  void aConnectToACrowdGoesOnOnceThereIsRoom() throws Exception {
    run(() -> {
      try (var crowd = new Crowd(address())) {
        var late = spawn(() -> connect(crowd.address()));
        sleep();
        assertFalse(late.isDone());

        crowd.listener().accept().close();

        late.await().close();
      }
    });
  }

  @Test
  void closingWakesWhoeverConnectsToACrowd() throws Exception {
    run(() -> {
      try (var crowd = new Crowd(address())) {
        var socket = new GreenSocket();
        var connecting = spawn(() -> socket.connect(crowd.address()));
        sleep();

        socket.close();

        assertThrows(SocketException.class, connecting::await);
      }
    });
  }

  @Test
  void aPathThatIsTakenIsRefused() throws Exception {
    run(() -> {
      try (var _ = listen(address())) {
        assertSays(
            assertThrows(BindException.class, () -> listen(address())), address().toString());
      }
    });
  }

  @Test
  void aPathWithNobodyThereIsRefused() throws Exception {
    run(() -> {
      assertThrows(ConnectException.class, () -> connect(address()));
      listen(address()).close(); // which leaves the path

      assertThrows(ConnectException.class, () -> connect(address()));
    });
  }

  @Test
  void aPathThatIsTooLongIsRefused() throws Exception {
    var tooLong = UnixDomainSocketAddress.of(folder.resolve("x".repeat(108)));
    run(() -> {
      assertThrows(SocketException.class, () -> listen(tooLong));
      assertThrows(SocketException.class, () -> connect(tooLong));
    });
  }

  @Test
  void talksToAChannelOfTheJdks() throws Exception {
    run(() -> {
      try (var listener = listen(address());
          var channel = SocketChannel.open(address());
          var there = listener.accept()) {
        channel.write(ByteBuffer.wrap("question\n".getBytes(UTF_8)));
        assertEquals("question", there.readLine());

        write(there, "answer\n");
        var room = ByteBuffer.allocate(7);
        while (room.hasRemaining()) {
          channel.read(room);
        }
        assertEquals("answer\n", new String(room.array(), UTF_8));
      }
    });
  }

  @Test
  void aPeerThatIsGoneIsTheEndForTheReaderAndAFailureForTheWriter() throws Exception {
    onPair((here, there) -> {
      var reader = spawn(there::readLine);
      sleep();

      here.close();

      assertNull(reader.await());
      assertInstanceOf(
          SocketException.class, assertThrows(Exception.class, () -> write(there, "x")));
    });
  }

  @Test
  void optionsOfTcpAreRefused() throws Exception {
    onPair((here, _) -> {
      assertThrows(SocketException.class, () -> here.setTcpNoDelay(true));
      here.setSendBufferSize(10_000);
      assertTrue(here.getSendBufferSize() >= 10_000);
    });
  }

  @Test
  void aSocketMadeForIpDoesNotConnectToAPath() throws Exception {
    run(() -> {
      try (var _ = listen(address());
          var socket = new GreenSocket()) {
        socket.setKeepAlive(true); // which makes it one for IP

        assertThrows(SocketException.class, () -> socket.connect(address()));
      }
    });
  }

  @Test
  void serves() throws Exception {
    run(() -> {
      try (var listener = listen(address())) {
        spawn(() ->
            Eventlet.serve(
                listener, connection -> write(connection, connection.readLine() + "!\n")));

        for (var i = 0; i < 10; i++) {
          try (var socket = connect(addressOf(listener))) {
            write(socket, "hello " + i + "\n");
            assertEquals("hello " + i + "!", socket.readLine());
          }
        }
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with the two ends of a connection.
  private interface OnPair {

    void with(GreenSocket here, GreenSocket there) throws Exception;
  }

  private void onPair(OnPair body) throws Exception {
    run(() -> {
      try (var pair = new Connected(address())) {
        body.with(pair.connected(), pair.accepted());
      }
    });
  }

  private UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(folder.resolve("socket"));
  }

  private static void write(GreenSocket socket, String text) throws Exception {
    socket.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static void fill(GreenSocket socket) throws Exception {
    while (true) {
      socket.write(ByteBuffer.allocate(1 << 20));
    }
  }
}
