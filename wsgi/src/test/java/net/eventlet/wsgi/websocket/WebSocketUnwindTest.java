package net.eventlet.wsgi.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any instant at which a handler is unwound: what the client got until then is right, and the
/// connection is closed.
@Timeout(60)
class WebSocketUnwindTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatCameIsRightAndThenItEnds(int seed) throws Exception {
    var random = new Random(seed);
    var length = random.nextInt(4) == 0 ? 300_000 : random.nextInt(2000);
    var limit = Duration.ofNanos(random.nextInt(1, 3_000_000));
    var killed = random.nextBoolean();
    var server =
        Server.start(
            ANY,
            new WebSocketWsgi(socket -> {
              if (killed) {
                var handler = Eventlet.current();
                Eventlet.spawnAfter(limit, () -> handler.kill());
                echo(socket);
              } else {
                net.eventlet.Timeout.run(limit, () -> echo(socket));
              }
            }));
    try (var peer = Peer.open(server.port())) {
      var sending = CompletableFuture.runAsync(() -> sendUntilItEnds(peer, length));
      try {
        for (byte number = 0; ; number++) {
          var frame = peer.read();
          if (frame.first() == 0x88) {
            assertEquals(killed ? CloseStatus.GOING_AWAY : CloseStatus.NORMAL, frame.code());
            peer.sendClose(frame.code());
            assertTrue(peer.hasEnded());
            break;
          }
          assertEquals(0x82, frame.first());
          assertEquals(length, frame.payload().length);
          for (var b : frame.payload()) {
            assertEquals(number, b);
          }
        }
      } catch (EOFException | SocketException cut) {
        // in the middle of a frame: nothing follows
      }
      sending.get(10, TimeUnit.SECONDS);
    }

    assertEquals(0, server.close(Duration.ofSeconds(10)).cut());
  }

  private static void echo(WebSocket socket) throws IOException {
    for (var message = socket.receive(); message != null; message = socket.receive()) {
      socket.send(message);
    }
  }

  private static void sendUntilItEnds(Peer peer, int length) {
    try {
      for (byte number = 0; ; number++) {
        var payload = new byte[length];
        Arrays.fill(payload, number);
        peer.sendFrame(0x82, payload);
      }
    } catch (IOException ended) {
      // as it must
    }
  }
}
