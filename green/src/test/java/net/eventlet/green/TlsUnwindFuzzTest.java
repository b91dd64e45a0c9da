package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A kill or a timeout at any instant, of a handshake and of what comes after it.
@Bounded
class TlsUnwindFuzzTest {

  static IntStream seeds() {
    return IntStream.range(0, 40);
  }

  /// The other side ends, whichever of the two is killed, and after however many turns.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whenOneSideIsKilledTheOtherEnds(int seed) throws Exception {
    var random = new Random(seed);
    run(() -> {
      try (var pair = new TlsPair()) {
        var client = spawn(() -> talk(pair.client(), true));
        var server = spawn(() -> talk(pair.server(), false));
        for (var turns = 1 + random.nextInt(24); turns > 0; turns--) {
          sleep();
        }
        var clientDies = random.nextBoolean();
        (clientDies ? client : server).kill();

        var other = ending(clientDies ? server : client);

        assertTrue(other == null || other instanceof IOException, () -> "ended by " + other);
        var killed = ending(clientDies ? client : server);
        assertTrue(killed == null || killed instanceof GreenThreadExit, () -> "ended by " + killed);
        assertTrue(pair.connected().isClosed() && pair.accepted().isClosed());
      }
    });
  }

  /// Reading, and the handshake before it, go on where a timeout ended them, and lose nothing.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatTimedOutGoesOn(int seed) throws Exception {
    var random = new Random(seed);
    var sent = new byte[300_000];
    random.nextBytes(sent);
    run(() -> {
      try (var pair = new TlsPair()) {
        pair.accepted().setSendBufferSize(20_000);
        var server =
            spawn(() -> {
              for (var offset = 0; offset < sent.length; ) {
                var count = Math.min(1 + random.nextInt(40_000), sent.length - offset);
                pair.server().write(sent, offset, count);
                offset += count;
                sleep();
              }
              pair.server().shutdownOutput();
            });
        var read = new ByteArrayOutputStream();
        var bytes = new byte[50_000];
        for (var count = 0; count >= 0; ) {
          var room = 1 + random.nextInt(bytes.length);
          count =
              Timeout.call(
                  Duration.ofNanos(random.nextInt(400_000)),
                  () -> pair.client().read(bytes, 0, room),
                  0);
          read.write(bytes, 0, Math.max(0, count));
        }

        assertArrayEquals(sent, read.toByteArray());
        server.await();
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  /// Each side sends what the socket does not take at once, and reads that of the other.
  private static boolean talk(GreenSslSocket side, boolean first) throws Exception {
    var bytes = new byte[100_000];
    try (side) {
      if (first) {
        side.write(bytes, 0, bytes.length);
      }
      assertEquals(bytes.length, side.getInputStream().readNBytes(bytes.length).length);
      if (!first) {
        side.write(bytes, 0, bytes.length);
      }
      return true;
    }
  }

  /// What a green thread ends by, null for its result.
  private static Throwable ending(GreenThread<Boolean> thread) {
    try {
      thread.await(Duration.ofSeconds(10));
      return null;
    } catch (Exception | GreenThreadExit failure) {
      return failure;
    }
  }
}
