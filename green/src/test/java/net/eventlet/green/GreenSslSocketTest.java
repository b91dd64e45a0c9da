package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import javax.net.ssl.SSLSession;
import net.eventlet.Event;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class GreenSslSocketTest {

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void bytesComeAsTheyWereWritten(String protocol) throws Exception {
    onPair((client, server) -> {
      client.setEnabledProtocols(new String[] {protocol});
      var sent = bytes(1_000_000);
      var writer =
          spawn(() -> {
            server.write(sent, 0, sent.length);
            server.shutdownOutput();
          });

      var read = client.getInputStream().readAllBytes();

      writer.await();
      assertArrayEquals(sent, read);
      assertEquals(protocol, client.getSession().getProtocol());
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void bothWriteAtOnce(String protocol) throws Exception {
    onPair((client, server) -> {
      client.setEnabledProtocols(new String[] {protocol});
      var sent = bytes(3_000_000);
      var there =
          spawn(() -> {
            server.write(sent, 0, sent.length);
            return true;
          });
      var here =
          spawn(() -> {
            client.write(sent, 0, sent.length);
            return true;
          });

      var readThere = spawn(() -> server.getInputStream().readNBytes(sent.length));

      assertArrayEquals(sent, client.getInputStream().readNBytes(sent.length));
      assertArrayEquals(sent, readThere.await());
      assertTrue(there.await() && here.await());
    });
  }

  @Test
  void gathersBuffersAndReadsIntoSmallOnes() throws Exception {
    onPair((client, server) -> {
      spawn(() ->
          server.write(
              ByteBuffer.wrap("ab".getBytes(UTF_8)), ByteBuffer.wrap("cdefg".getBytes(UTF_8))));
      var small = ByteBuffer.allocate(3);

      var counts =
          client.read(small) + " " + client.read(small.clear()) + " " + client.read(small.clear());

      assertEquals("3 3 1", counts);
    });
  }

  @Test
  void awaitsBytesWithoutReadingThem() throws Exception {
    onPair((client, server) -> {
      var steps = new StringBuilder();
      var reader =
          spawn(() -> {
            client.awaitReadable();
            steps.append("readable ");
            client.awaitReadable();
            return client.getInputStream().read();
          });
      server.startHandshake();
      sleep(Duration.ofMillis(20));
      steps.append("written ");

      server.write(new byte[] {7}, 0, 1);

      assertEquals(7, reader.await());
      assertEquals("written readable ", steps.toString());
    });
  }

  @Test
  void aReadThatRanOutOfTimeCanBeTriedAgain() throws Exception {
    onPair((client, server) -> {
      client.readLimit(Duration.ofMillis(20));
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
      var handshake = spawn(() -> server.startHandshake());
      client.readLimit(null);
      client.startHandshake();
      handshake.await();
      client.setSoTimeout(20);
      assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());

      server.write(new byte[] {7}, 0, 1);

      assertEquals(7, client.getInputStream().read());
    });
  }

  @Test
  void aWriteThatRanOutOfTimeLeavesAStreamThatGoesOn() throws Exception {
    onPair((client, server) -> {
      var handshake = spawn(() -> server.startHandshake());
      client.startHandshake();
      handshake.await();
      client.writeLimit(Duration.ofMillis(20));
      var sent = bytes(20_000_000);
      assertThrows(SocketTimeoutException.class, () -> client.write(sent, 0, sent.length));

      client.writeLimit(null);
      var reader = spawn(() -> server.getInputStream().readAllBytes());
      client.write(new byte[] {1, 2, 3}, 0, 3);
      client.shutdownOutput();

      var read = reader.await();
      var whole = read.length - 3;
      assertTrue(whole > 0 && whole < sent.length);
      assertEquals(ByteBuffer.wrap(sent, 0, whole), ByteBuffer.wrap(read, 0, whole));
      assertArrayEquals(
          new byte[] {1, 2, 3}, java.util.Arrays.copyOfRange(read, whole, read.length));
    });
  }

  @Test
  void closingWakesWhoeverReads() throws Exception {
    onPair((client, server) -> {
      var reader = spawn(() -> client.getInputStream().read());
      server.startHandshake();
      sleep(Duration.ofMillis(20));

      client.close();

      assertThrows(SocketException.class, reader::await);
      assertEquals(-1, server.getInputStream().read());
    });
  }

  @Test
  void whoeverReadsCanBeKilledAndAnotherGoesOn() throws Exception {
    onPair((client, server) -> {
      var reader = spawn(() -> client.getInputStream().read());
      server.startHandshake();
      sleep(Duration.ofMillis(20));

      reader.kill();

      assertThrows(GreenThreadExit.class, reader::await);
      server.write(new byte[] {7}, 0, 1);
      assertEquals(7, client.getInputStream().read());
    });
  }

  @Test
  void aHandshakeThatTimedOutCanGoOn() throws Exception {
    onPair((client, server) -> {
      var inTime = Timeout.run(Duration.ofMillis(20), () -> client.startHandshake());

      var handshake = spawn(() -> server.startHandshake());
      client.startHandshake();
      handshake.await();

      assertEquals(false, inTime);
      server.write(new byte[] {7}, 0, 1);
      assertEquals(7, client.getInputStream().read());
    });
  }

  @Test
  void theEndOfOneDirectionLeavesTheOther() throws Exception {
    onPair((client, server) -> {
      var echo =
          spawn(() -> {
            var all = server.getInputStream().readAllBytes();
            server.write(all, 0, all.length);
            server.close();
          });

      client.write("question".getBytes(UTF_8), 0, 8);
      client.shutdownOutput();

      assertEquals("question", new String(client.getInputStream().readAllBytes(), UTF_8));
      echo.await();
      assertThrows(SocketException.class, () -> client.write(new byte[1], 0, 1));
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void theKeysAreRenewedOnTheWay(String protocol) throws Exception {
    onPair((client, server) -> {
      client.setEnabledProtocols(new String[] {protocol});
      var sent = bytes(500_000);
      var echo = spawn(() -> server.getInputStream().transferTo(server.getOutputStream()));
      var read = spawn(() -> client.getInputStream().readNBytes(sent.length));

      for (var offset = 0; offset < sent.length; offset += 50_000) {
        client.startHandshake();
        client.write(sent, offset, 50_000);
        server.startHandshake();
        sleep();
      }

      assertArrayEquals(sent, read.await());
      client.shutdownOutput();
      assertEquals(sent.length, echo.await());
    });
  }

  @Test
  void aListenerIsCalledInAGreenThread() throws Exception {
    onPair((client, server) -> {
      var told = new Event<SSLSession>();
      client.addHandshakeCompletedListener(event -> told.send(event.getSession()));
      spawn(() -> server.startHandshake());

      client.startHandshake();

      assertEquals(client.getSession(), told.await());
    });
  }

  @Test
  void choosesAnApplicationProtocol() throws Exception {
    run(() -> {
      try (var pair =
          new TlsPair(
              SslOptions.DEFAULT.withApplicationProtocols("h2", "http/1.1"),
              SslOptions.DEFAULT.withApplicationProtocols("http/1.1"))) {
        var handshake = spawn(() -> pair.server().startHandshake());

        pair.client().startHandshake();

        handshake.await();
        assertEquals("http/1.1", pair.client().getApplicationProtocol());
        assertEquals("http/1.1", pair.server().getApplicationProtocol());
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  private interface OnPair {
    void with(GreenSslSocket client, GreenSslSocket server) throws Exception;
  }

  private static void onPair(OnPair body) throws Exception {
    run(() -> {
      try (var pair = new TlsPair()) {
        body.with(pair.client(), pair.server());
      }
    });
  }

  private static byte[] bytes(int count) {
    var bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }
}
