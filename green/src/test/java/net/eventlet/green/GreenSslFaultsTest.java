package net.eventlet.green;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Eventlet.spawnN;
import static net.eventlet.green.TlsPair.AUTHORITY;
import static net.eventlet.green.TlsPair.LOCALHOST;
import static net.eventlet.green.TlsPair.LOOPBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import net.eventlet.Action;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.green.SslOptions.ClientCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What goes wrong with TLS: the JDK's exceptions, in time, the hub ticking meanwhile.
@Bounded
class GreenSslFaultsTest {

  private static final Duration SLOW = Duration.ofMillis(400);
  private static final int TICKS_MIN = 10; // of eighty
  private static final SslOptions SHORT =
      SslOptions.DEFAULT.withHandshakeLimit(Duration.ofMillis(400));

  /// What a first handshake loads and compiles holds the hub up, and is not what this is about.
  @BeforeAll
  static void warmUp() throws Exception {
    run(() -> {
      for (var i = 0; i < 5; i++) {
        try (var pair = new TlsPair()) {
          var handshake = spawn(() -> pair.server().startHandshake());
          pair.client().startHandshake();
          handshake.await();
        }
      }
    });
  }

  // --------------------------------------------------------------------- certificates, and names

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    var refused =
        refused(AUTHORITY.context(AUTHORITY.expired("localhost")), "localhost", SslOptions.DEFAULT);

    assertInstanceOf(CertificateExpiredException.class, root(refused));
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    var refused = refused(AUTHORITY.context(LOCALHOST), "elsewhere.example", SslOptions.DEFAULT);

    assertInstanceOf(CertificateException.class, root(refused));
    assertTrue(refused.getMessage().contains("elsewhere.example"), refused.getMessage());
  }

  @Test
  void aCertificateForAnotherHostIsTakenByWhomeverThatIsAllTheSame() throws Exception {
    var suite =
        ticking(() -> {
          try (var listener = listen(LOOPBACK)) {
            serveSlowly(listener, AUTHORITY.context(LOCALHOST), SslOptions.DEFAULT);
            try (var client =
                GreenSsl.wrap(
                    connected(listener),
                    AUTHORITY.context(),
                    "elsewhere.example",
                    SslOptions.DEFAULT.withAnyHostName())) {
              client.startHandshake();
              return client.getSession().getCipherSuite();
            }
          }
        });

    assertTrue(suite.startsWith("TLS_"), suite);
  }

  @Test
  void aSelfSignedCertificateIsRefused() throws Exception {
    var alone = AUTHORITY.context(Authority.selfSigned("localhost"));

    assertInstanceOf(
        CertPathBuilderException.class, root(refused(alone, "localhost", SslOptions.DEFAULT)));
  }

  @Test
  void anAuthorityThatIsNotTrustedIsRefused() throws Exception {
    var other = new Authority("other").sign("localhost");

    assertInstanceOf(
        CertPathBuilderException.class,
        root(refused(AUTHORITY.context(other), "localhost", SslOptions.DEFAULT)));
  }

  @Test
  void aClientWithoutTheCertificateThatIsNeededIsRefused() throws Exception {
    ticking(() -> {
      try (var listener = listen(LOOPBACK)) {
        var needed = SslOptions.DEFAULT.withClientCertificate(ClientCertificate.NEEDED);
        var server =
            spawn(() -> {
              var connection =
                  GreenSsl.wrapAccepted(listener.accept(), AUTHORITY.context(LOCALHOST), needed);
              sleep(SLOW);
              return connection.getInputStream().read();
            });
        try (var client = GreenSsl.wrap(connected(listener), AUTHORITY.context(), "localhost")) {
          assertThrows(SSLException.class, () -> client.getInputStream().read());
        }
        assertThrows(SSLHandshakeException.class, server::await);
      }
    });
  }

  // ------------------------------------------------------------------------------------- streams

  @Test
  void aStreamThatIsCutOffIsNotTakenForWhole() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        spawnN(() -> {
          pair.server().write("half of".getBytes(US_ASCII), 0, 7);
          sleep(SLOW);
          pair.accepted().close(); // without a word
        });
        var input = pair.client().getInputStream();
        assertEquals("half of", new String(input.readNBytes(7), US_ASCII));

        var cutOff = assertThrows(SSLException.class, input::read);

        assertTrue(cutOff.getMessage().contains("close_notify"), cutOff.getMessage());
        assertTrue(pair.client().isClosed());
        assertThrows(SSLException.class, input::read);
      }
    });
  }

  @Test
  void aStreamThatIsCutOffWithinARecordIsNotTakenForWhole() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        var handshake = spawn(() -> pair.server().startHandshake());
        pair.client().startHandshake();
        handshake.await();
        pair.accepted().write(new byte[] {23, 3, 3, 1, 0, 9, 9}, 0, 7);
        spawnN(() -> {
          sleep(SLOW);
          pair.accepted().close();
        });

        assertThrows(SSLException.class, () -> pair.client().getInputStream().readAllBytes());
      }
    });
  }

  @Test
  void bytesThatWereTamperedWithAreRefusedAndTheOtherSideIsTold() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        var handshake = spawn(() -> pair.server().startHandshake());
        pair.client().startHandshake();
        handshake.await();
        spawnN(() -> {
          sleep(SLOW);
          pair.connected().write(record(23, 64), 0, 69);
        });

        assertThrows(SSLException.class, () -> pair.server().getInputStream().read());

        var told = assertThrows(SSLException.class, () -> pair.client().getInputStream().read());
        assertTrue(told.getMessage().contains("bad_record_mac"), told.getMessage());
      }
    });
  }

  @Test
  void plainTextSentToATlsPortIsRefused() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        spawnN(() -> {
          sleep(SLOW);
          pair.connected().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII), 0, 18);
        });

        assertThrows(SSLException.class, () -> pair.server().getInputStream().read());
        assertTrue(pair.accepted().isClosed());
      }
    });
  }

  @Test
  void plainTextFromAServerIsRefused() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        spawnN(() -> {
          sleep(SLOW);
          pair.accepted().write("220 ready for mail\r\n".getBytes(US_ASCII), 0, 20);
        });

        assertThrows(SSLException.class, () -> pair.client().startHandshake());
      }
    });
  }

  @Test
  void aServerThatHangsUpInTheHandshakeIsToldOf() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        spawnN(() -> {
          sleep(SLOW);
          pair.accepted().read(new byte[65_536], 0, 65_536);
          pair.accepted().close();
        });

        assertThrows(SSLHandshakeException.class, () -> pair.client().startHandshake());
      }
    });
  }

  @Test
  void aResetIsTheSocketsException() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair()) {
        var handshake = spawn(() -> pair.server().startHandshake());
        pair.client().startHandshake();
        handshake.await();
        spawnN(() -> {
          sleep(SLOW);
          pair.accepted().setSoLinger(true, 0);
          pair.accepted().close();
        });

        assertThrows(SocketException.class, () -> pair.client().getInputStream().read());
      }
    });
  }

  // ------------------------------------------------------------------------------------- silence

  @Test
  void aSilentClientIsGivenUpInTimeAndDelaysNobody() throws Exception {
    ticking(() -> {
      try (var listener =
          GreenSsl.wrapListener(listen(LOOPBACK), AUTHORITY.context(LOCALHOST), SHORT)) {
        try (var _ = connect(address(listener))) {
          var silent = listener.accept();
          var waiting = spawn(() -> silent.getInputStream().read());
          var second = connect(address(listener));
          var served = listener.accept();
          spawnN(() -> served.write(new byte[] {7}, 0, 1));

          try (var client = GreenSsl.wrap(second, AUTHORITY.context(), "localhost")) {
            assertEquals(7, client.getInputStream().read());
          }

          assertTrue(!waiting.isDone());
          assertThrows(SocketTimeoutException.class, waiting::await);
          assertTrue(silent.isClosed());
        }
      }
    });
  }

  @Test
  void aClientThatStallsInTheHandshakeIsGivenUpInTime() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair(SslOptions.DEFAULT, SHORT)) {
        pair.connected().write(record(22, 200), 0, 50);

        var slow = assertThrows(SocketTimeoutException.class, () -> pair.server().startHandshake());

        assertTrue(slow.getMessage().contains("PT0.4S"), slow.getMessage());
        assertTrue(pair.accepted().isClosed());
        assertThrows(IOException.class, () -> pair.server().getInputStream().read());
      }
    });
  }

  @Test
  void aClientThatTricklesDoesNotGetMoreTime() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair(SslOptions.DEFAULT, SHORT)) {
        var trickle =
            spawn(() -> {
              for (var one : record(22, 500)) {
                pair.connected().write(new byte[] {one}, 0, 1);
                sleep(Duration.ofMillis(10));
              }
            });

        assertThrows(SocketTimeoutException.class, () -> pair.server().startHandshake());

        trickle.kill();
      }
    });
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpInTime() throws Exception {
    ticking(() -> {
      try (var pair = new TlsPair(SHORT, SslOptions.DEFAULT)) {
        assertThrows(SocketTimeoutException.class, () -> pair.client().write(new byte[] {1}, 0, 1));
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  /// Runs `waits`, which waits for [#SLOW], on a hub, and fails if the hub did nothing else then.
  private static void ticking(Action waits) throws Exception {
    ticking(() -> {
      waits.run();
      return true;
    });
  }

  private static <T> T ticking(Callable<T> waits) throws Exception {
    return run(() -> {
      var ticks = new AtomicInteger();
      var ticker =
          spawn(() -> {
            while (true) {
              sleep(Duration.ofMillis(5));
              ticks.incrementAndGet();
            }
          });
      var result = waits.call();
      ticker.kill();
      assertTrue(ticks.get() >= TICKS_MIN, () -> "the hub was held up: " + ticks + " ticks");
      return result;
    });
  }

  /// Why a client refuses what a server shows, after a while.
  private static SSLHandshakeException refused(SSLContext server, String host, SslOptions options)
      throws Exception {
    return ticking(() -> {
      try (var listener = listen(LOOPBACK)) {
        serveSlowly(listener, server, SslOptions.DEFAULT);
        try (var client = GreenSsl.wrap(connected(listener), AUTHORITY.context(), host, options)) {
          var refused = assertThrows(SSLHandshakeException.class, client::startHandshake);
          assertTrue(client.isClosed());
          return refused;
        }
      }
    });
  }

  private static void serveSlowly(
      GreenServerSocket listener, SSLContext context, SslOptions options) {
    spawnN(() -> {
      try (var connection = GreenSsl.wrapAccepted(listener.accept(), context, options)) {
        sleep(SLOW);
        connection.getInputStream().read();
      } catch (SSLException refused) {
        // by the client
      }
    });
  }

  private static GreenSocket connected(GreenServerSocket listener) throws IOException {
    return connect(Objects.requireNonNull(listener.getLocalSocketAddress()));
  }

  private static java.net.SocketAddress address(java.net.ServerSocket listener) {
    return Objects.requireNonNull(listener.getLocalSocketAddress());
  }

  private static byte[] record(int type, int length) {
    var record = new byte[length + 5];
    record[0] = (byte) type;
    record[1] = 3;
    record[2] = 3;
    record[4] = (byte) length;
    if (type == 22) {
      record[3] = (byte) (length >> 8);
      record[5] = 1; // a ClientHello
      record[7] = 1; // of 256 bytes or more
    }
    return record;
  }

  private static Throwable root(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
