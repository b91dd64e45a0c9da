package net.eventlet;

import static java.net.StandardSocketOptions.SO_REUSEADDR;
import static net.eventlet.Connected.addressOf;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.eventlet.posix.Posix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class GreenServerSocketTest {

  private static final Duration SHORT = Duration.ofMillis(5);

  @Test
  void acceptsConnectionsInTheOrderInWhichTheyCame() throws Exception {
    onListener(listener -> {
      var ports = new ArrayList<Integer>();
      for (var i = 0; i < 10; i++) {
        ports.add(connect(addressOf(listener)).getLocalPort());
      }

      for (var port : ports) {
        try (var accepted = listener.accept()) {
          assertEquals(port, accepted.getPort());
        }
      }
    });
  }

  @Test
  void waitsForAConnection() throws Exception {
    onListener(listener -> {
      var accepting = spawn(listener::accept);
      sleep();
      assertFalse(accepting.isDone());

      try (var connected = connect(addressOf(listener));
          var accepted = accepting.await()) {
        assertEquals(connected.getLocalPort(), accepted.getPort());
      }
    });
  }

  @Test
  void takesOverASocketThatListensAlready() throws Exception {
    run(() -> {
      var fd = Posix.socket(Posix.AF_INET, Posix.SOCK_STREAM);
      Posix.listen(fd, 5);
      try (var listener = GreenServerSocket.adopt(fd);
          var connected = connect(addressOf(listener));
          var accepted = listener.accept()) {
        assertEquals(fd, listener.fileno());
        assertEquals(connected.getLocalPort(), accepted.getPort());
      }
    });
  }

  @Test
  void takesOverNothingButASocketThatListens() throws Exception {
    onListener(listener -> {
      try (var connected = connect(addressOf(listener))) {
        var fd = connected.fileno();
        assertSays(
            assertThrows(IllegalArgumentException.class, () -> GreenServerSocket.adopt(fd)),
            "descriptor " + fd + " is not a listening stream socket");
      }
      assertSays(
          assertThrows(IllegalArgumentException.class, () -> GreenServerSocket.adopt(99_999)),
          "descriptor 99999 is no open socket: Bad file descriptor");
      assertSays(
          assertThrows(IllegalArgumentException.class, () -> GreenSocket.adopt(listener.fileno())),
          "is not a connected stream socket");
    });
  }

  @Test
  void whatItAcceptsHasNoDelay() throws Exception {
    onListener(listener -> {
      try (var connected = connect(addressOf(listener));
          var accepted = listener.accept()) {
        assertTrue(connected.getTcpNoDelay());
        assertTrue(accepted.getTcpNoDelay());
      }
    });
  }

  @Test
  void oneThatAlwaysFindsConnectionsGivesOthersATurn() throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK, ListenOptions.DEFAULT.withBacklog(300))) {
        for (var i = 0; i < 200; i++) {
          connect(addressOf(listener)).close();
        }
        var turns = new int[1];
        var other =
            spawn(() -> {
              while (true) {
                turns[0]++;
                sleep();
              }
            });

        for (var i = 0; i < 200; i++) {
          listener.accept().close();
        }

        assertTrue(turns[0] > 1, () -> turns[0] + " turns in 200 accepts");
        other.kill();
      }
    });
  }

  @Test
  void anAcceptRunsOutOfTime() throws Exception {
    onListener(listener -> {
      listener.setSoTimeout(5);
      assertEquals(5, listener.getSoTimeout());

      assertThrows(SocketTimeoutException.class, listener::accept);

      assertFalse(listener.isClosed());
      listener.setSoTimeout(0);
      connect(addressOf(listener)).close();
      listener.accept().close();
    });
  }

  @Test
  void anEventletTimeoutEndsAnAccept() throws Exception {
    onListener(listener -> {
      assertFalse(Timeout.run(SHORT, listener::accept));

      connect(addressOf(listener)).close();
      listener.accept().close();
    });
  }

  @Test
  void aKilledAccepterLosesNoConnection() throws Exception {
    onListener(listener -> {
      for (var i = 0; i < 10; i++) {
        var accepting = spawn(listener::accept);
        sleep();
        try (var connected = connect(addressOf(listener))) {
          accepting.kill(); // after it has accepted, if to connect took a turn

          try (var accepted = accepting.isCancelled() ? listener.accept() : accepting.await()) {
            assertEquals(connected.getLocalPort(), accepted.getPort());
          }
        }
      }
    });
  }

  @Test
  void closingWakesWhoeverAccepts() throws Exception {
    onListener(listener -> {
      var accepting = spawn(listener::accept);
      sleep();

      listener.close();

      assertSays(assertThrows(SocketException.class, accepting::await), "Socket closed");
    });
  }

  @Test
  void closingFromAPlainThreadWakesWhoeverAccepts() throws Exception {
    onListener(listener -> {
      var accepting = spawn(listener::accept);
      sleep();

      Thread.ofPlatform().start(listener::close);

      assertThrows(SocketException.class, accepting::await);
    });
  }

  @Test
  void closingOnAHubWakesAPlainThreadThatAccepts() throws Exception {
    onListener(listener -> {
      var accepting = new FutureTask<>(listener::accept);
      var thread = Thread.ofPlatform().start(accepting);
      while (thread.getState() != Thread.State.WAITING) {
        sleep();
      }

      listener.close();

      var thrown = assertThrows(ExecutionException.class, accepting::get);
      assertInstanceOf(SocketException.class, thrown.getCause());
    });
  }

  @Test
  void aSecondAccepterIsToldWhoIsFirst() throws Exception {
    onListener(listener -> {
      var first = spawn(listener::accept);
      var second = spawn(() -> assertThrows(IllegalStateException.class, () -> listener.accept()));

      assertSays(second.await(), first.name(), second.name());
      first.kill();
    });
  }

  @Test
  void anAddressThatIsTakenIsRefused() throws Exception {
    onListener(listener -> {
      var thrown = assertThrows(BindException.class, () -> listen(addressOf(listener)));

      assertSays(thrown, Integer.toString(listener.getLocalPort()));
    });
  }

  @Test
  void anAddressThatThisMachineHasNotIsRefused() throws Exception {
    var documentation = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    run(() ->
        assertThrows(BindException.class, () -> listen(new InetSocketAddress(documentation, 0))));
  }

  @Test
  void anAddressCanBeUsedAgainAtOnceAfterTheServerEnded() throws Exception {
    run(() -> {
      var first = listen(Connected.LOOPBACK);
      var address = addressOf(first);
      try (var _ = connect(address)) {
        first.accept().close(); // which leaves the connection waiting out its time here
      }
      first.close();

      listen(address).close();
    });
  }

  @Test
  void aPortIsSharedOnlyIfAllAskForIt() throws Exception {
    run(() -> {
      var sharing = ListenOptions.DEFAULT.withReusePort(true);
      try (var first = listen(Connected.LOOPBACK, sharing);
          var second = listen(addressOf(first), sharing)) {
        assertEquals(first.getLocalPort(), second.getLocalPort());
        assertThrows(BindException.class, () -> listen(addressOf(first)));
      }
    });
  }

  @Test
  void isBoundAsTheJdksIs() throws Exception {
    run(() -> {
      try (var listener = new GreenServerSocket()) {
        assertFalse(listener.isBound());
        assertNull(listener.getLocalSocketAddress());
        assertNull(listener.getInetAddress());
        assertEquals(-1, listener.getLocalPort());
        assertThrows(SocketException.class, listener::accept);

        listener.bind(null);

        assertTrue(listener.isBound());
        assertTrue(listener.getLocalPort() > 0);
        assertThrows(SocketException.class, () -> listener.bind(Connected.LOOPBACK));
        connect(new InetSocketAddress(listener.getLocalPort())).close();
        listener.accept().close();
      }
    });
  }

  @Test
  void theReuseOfItsAddressCanBeSwitchedOffBefore() throws Exception {
    run(() -> {
      try (var first = new GreenServerSocket();
          var second = new GreenServerSocket()) {
        first.setReuseAddress(false);
        first.bind(Connected.LOOPBACK, 5);
        second.setOption(SO_REUSEADDR, false);
        second.bind(Connected.LOOPBACK, 5);

        assertFalse(first.getReuseAddress());
        assertFalse(second.getReuseAddress());
      }
    });
  }

  @Test
  void nothingWorksOnAClosedListener() throws Exception {
    onListener(listener -> {
      listener.close();
      listener.close();

      assertTrue(listener.isClosed());
      assertTrue(listener.isBound());
      assertThrows(SocketException.class, listener::accept);
      assertThrows(SocketException.class, () -> listener.bind(null));
      assertThrows(SocketException.class, () -> listener.setSoTimeout(1));
      assertThrows(SocketException.class, listener::getReuseAddress);
    });
  }

  @Test
  void theAddressIsKnownAfterItIsClosed() throws Exception {
    run(() -> {
      var listener = new GreenServerSocket();
      listener.bind(Connected.LOOPBACK);

      listener.close();

      assertTrue(listener.getLocalPort() > 0);
      assertEquals(InetAddress.getLoopbackAddress(), listener.getInetAddress());
    });
  }

  @Test
  void aListenerThatIsClosedRefusesConnections() throws Exception {
    run(() -> {
      var listener = listen(Connected.LOOPBACK);
      var address = addressOf(listener);

      listener.close();

      assertThrows(SocketException.class, () -> connect(address));
    });
  }

  @Test
  void aFailedBindClosesIt() throws Exception {
    onListener(listener -> {
      var second = new GreenServerSocket();

      assertThrows(BindException.class, () -> second.bind(addressOf(listener)));

      assertTrue(second.isClosed());
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void badArgumentsAreRefused() throws Exception {
    run(() -> {
      try (var listener = new GreenServerSocket()) {
        assertThrows(IllegalArgumentException.class, () -> listener.setSoTimeout(-1));
        assertThrows(IllegalArgumentException.class, () -> listener.setReceiveBufferSize(0));
        assertThrows(NullPointerException.class, () -> listen(Connected.LOOPBACK, null));
        assertThrows(
            SocketException.class,
            () -> listen(InetSocketAddress.createUnresolved("localhost", 0)));
      }
      assertThrows(IllegalArgumentException.class, () -> ListenOptions.DEFAULT.withBacklog(0));
    });
  }

  @Test
  void theOptionsAreWhatTheyWereMadeOf() {
    var options = ListenOptions.DEFAULT.withBacklog(7).withReuseAddress(false).withReusePort(true);

    assertEquals(new ListenOptions(7, false, true), options);
    assertEquals(new ListenOptions(50, true, false), ListenOptions.DEFAULT);
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with a listener.
  private interface OnListener {

    void with(GreenServerSocket listener) throws Exception;
  }

  private static void onListener(OnListener body) throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK)) {
        body.with(listener);
      }
    });
  }
}
