package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.wsgi.websocket.Peer.bytes;
import static net.eventlet.wsgi.websocket.Peer.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.Closed;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A server's end, against a client that sends what it likes.
@Timeout(60)
class WebSocketTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final WebSocketLimits SMALL = WebSocketLimits.DEFAULT.withBytes(1000, 2000);

  /// What one end does while the other runs.
  private interface Client {
    void talk(Peer peer) throws Exception;
  }

  private static void with(WebSocketHandler handler, WebSocketOptions options, Client client)
      throws Exception {
    try (var server = Server.start(ANY, new WebSocketWsgi(handler, options));
        var peer = Peer.open(server.port())) {
      client.talk(peer);
    }
  }

  private static void with(WebSocketHandler handler, Client client) throws Exception {
    with(handler, WebSocketOptions.DEFAULT, client);
  }

  private static void echo(WebSocket socket) throws IOException {
    for (var message = socket.receive(); message != null; message = socket.receive()) {
      socket.send(message);
    }
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  // ------------------------------------------------------------------------------------- messages

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 8000, 8192, 65_535, 65_536, 1 << 20})
  void aMessageComesBackAsItWas(int length) throws Exception {
    var payload = random(length);
    with(
        WebSocketTest::echo,
        peer -> {
          peer.sendFrame(0x82, payload);

          var answer = peer.read();

          assertEquals(0x82, answer.first());
          assertArrayEquals(payload, answer.payload());
        });
  }

  @Test
  void textsAreTexts() throws Exception {
    with(
        socket -> {
          for (var text = socket.receiveText(); text != null; text = socket.receiveText()) {
            socket.send(text + text.length());
          }
        },
        peer -> {
          peer.text("käse \uD83E\uDDC0");

          var answer = peer.read();

          assertEquals("81 käse \uD83E\uDDC07", "%02x %s".formatted(answer.first(), answer.text()));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void messagesArriveWhateverThePiecesTheyComeIn(int seed) throws Exception {
    var random = new Random(seed);
    var all = new ByteArrayOutputStream();
    var expected = new ArrayList<byte[]>();
    for (var i = 0; i < 30; i++) {
      var message = new byte[random.nextInt(i < 25 ? 300 : 20_000)];
      random.nextBytes(message);
      expected.add(message);
      var at = 0;
      for (var opcode = 2; opcode == 2 || at < message.length; opcode = 0) {
        var end = random.nextBoolean() ? message.length : random.nextInt(at, message.length + 1);
        all.writeBytes(
            frame(
                end == message.length ? 0x80 | opcode : opcode,
                Arrays.copyOfRange(message, at, end)));
        if (random.nextInt(4) == 0) {
          all.writeBytes(frame(0x8a)); // an answer to a ping that nobody sent
        }
        if (at == end && at == message.length) {
          break;
        }
        at = end;
        if (at == message.length) {
          break;
        }
      }
    }
    var stream = all.toByteArray();

    with(
        WebSocketTest::echo,
        peer -> {
          var sender =
              CompletableFuture.runAsync(() -> {
                try {
                  for (var at = 0; at < stream.length; ) {
                    var end =
                        Math.min(stream.length, at + 1 + random.nextInt(seed < 4 ? 40 : 5000));
                    peer.send(Arrays.copyOfRange(stream, at, end));
                    at = end;
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
          for (var message : expected) {
            assertArrayEquals(message, peer.read().payload());
          }
          sender.get(10, TimeUnit.SECONDS);
        });
  }

  @Test
  void aPingIsAnsweredAlsoInTheMiddleOfAMessage() throws Exception {
    with(
        WebSocketTest::echo,
        peer -> {
          peer.sendFrame(0x01, bytes('a'))
              .sendFrame(0x89, bytes('p', 'q'))
              .sendFrame(0x80, bytes('b'));

          assertEquals("8a pq", peer.read().toString());
          assertEquals("81 ab", peer.read().toString());
        });
  }

  @Test
  void aStreamIsOneMessageInFragments() throws Exception {
    var payload = random(20_000);
    with(
        socket -> socket.send(new ByteArrayInputStream(payload)),
        peer -> {
          var all = new ByteArrayOutputStream();
          var frame = peer.read();
          assertEquals(0x02, frame.first());
          all.writeBytes(frame.payload());
          while (frame.first() < 0x80) {
            frame = peer.read();
            assertEquals(0x00, frame.first() & 0x7f);
            all.writeBytes(frame.payload());
          }

          assertArrayEquals(payload, all.toByteArray());
        });
  }

  @Test
  void aStreamThatFailsEndsTheConnection() throws Exception {
    with(
        socket ->
            socket.send(
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("the disk is gone");
                  }
                }),
        peer -> {
          assertEquals(0x88, peer.read().first());
          peer.sendClose(CloseStatus.FAILED);
          assertTrue(peer.hasEnded());
        });
  }

  @Test
  void messagesOfManySendersStayWhole() throws Exception {
    with(
        socket -> {
          var senders = new ArrayList<net.eventlet.GreenThread<Void>>();
          for (var sender = 0; sender < 10; sender++) {
            var text = String.valueOf((char) ('a' + sender)).repeat(1 + 5000 * sender);
            senders.add(
                spawn(() -> {
                  for (var i = 0; i < 20; i++) {
                    if (i % 5 == 0) {
                      socket.send(new ByteArrayInputStream(text.getBytes(UTF_8)));
                    } else {
                      socket.send(text);
                    }
                  }
                }));
          }
          for (var sender : senders) {
            sender.await();
          }
        },
        peer -> {
          var counts = new int[10];
          for (var messages = 0; messages < 200; messages++) {
            var whole = new StringBuilder();
            Peer.Frame frame;
            do {
              frame = peer.read();
              whole.append(frame.text());
            } while (frame.first() < 0x80);
            var sender = whole.charAt(0) - 'a';
            counts[sender]++;
            assertEquals(
                String.valueOf((char) ('a' + sender)).repeat(1 + 5000 * sender), whole.toString());
          }
          assertArrayEquals(new int[] {20, 20, 20, 20, 20, 20, 20, 20, 20, 20}, counts);
          peer.sendClose(1000);
        });
  }

  @Test
  void halfASurrogatePairCannotBeSent() throws Exception {
    var refused = new Event<String>();
    with(
        socket -> {
          refused.send(
              assertThrows(IllegalArgumentException.class, () -> socket.send("a\uD83E"))
                  .getMessage());
          socket.send("fine");
        },
        peer -> {
          assertEquals("fine", peer.read().text());
          assertTrue(refused.await().contains("surrogate"));
        });
  }

  // ------------------------------------------------------------------------------ what is not
  // allowed

  static Stream<Arguments> violations() {
    return Stream.of(
        Arguments.of("no mask", 1002, bytes(0x81, 1, 'a')),
        Arguments.of("reserved bit 1", 1002, frame(0xc1, bytes('a'))),
        Arguments.of("reserved bit 2", 1002, frame(0xa1, bytes('a'))),
        Arguments.of("reserved bit 3", 1002, frame(0x91, bytes('a'))),
        Arguments.of("opcode 3", 1002, frame(0x83)),
        Arguments.of("opcode 7", 1002, frame(0x87)),
        Arguments.of("opcode 11", 1002, frame(0x8b)),
        Arguments.of("opcode 15", 1002, frame(0x8f)),
        Arguments.of("fragmented ping", 1002, frame(0x09)),
        Arguments.of("ping of 126 bytes", 1002, frame(0x89, new byte[126])),
        Arguments.of("continues nothing", 1002, frame(0x80)),
        Arguments.of("begins twice", 1002, join(frame(0x01), frame(0x81))),
        Arguments.of("length of 125 in two bytes", 1002, bytes(0x82, 0xfe, 0, 125)),
        Arguments.of(
            "length of 65535 in eight bytes", 1002, bytes(0x82, 0xff, 0, 0, 0, 0, 0, 0, 255, 255)),
        Arguments.of("negative length", 1002, bytes(0x82, 0xff, 128, 0, 0, 0, 0, 1, 0, 0)),
        Arguments.of("close of one byte", 1002, frame(0x88, bytes(3))),
        Arguments.of("close reason not UTF-8", 1007, frame(0x88, bytes(3, 232, 0xff))),
        Arguments.of("not UTF-8", 1007, frame(0x81, bytes('a', 0xff))),
        Arguments.of("a character without its end", 1007, frame(0x81, bytes('a', 0xc3))),
        Arguments.of("a surrogate", 1007, frame(0x81, bytes(0xed, 0xa0, 0x80))),
        Arguments.of("longer than need be", 1007, frame(0x81, bytes(0xc0, 0xaf))),
        Arguments.of("beyond Unicode", 1007, frame(0x81, bytes(0xf4, 0x90, 0x80, 0x80))),
        Arguments.of("not UTF-8, and not at its end", 1007, frame(0x01, bytes('a', 0xff))),
        Arguments.of(
            "not UTF-8, in a frame that has not come whole",
            1007,
            Arrays.copyOf(frame(0x81, join(bytes(0xff), new byte[500])), 40)),
        Arguments.of("huge", 1009, bytes(0x82, 0xff, 127, 255, 255, 255, 255, 255, 255, 255)));
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("violations")
  void whoBreaksTheRulesIsToldAndCutOff(String what, int code, byte[] bytes) throws Exception {
    var status = new Event<CloseStatus>();
    with(
        socket -> {
          echo(socket);
          status.send(socket.closeStatus().orElseThrow());
        },
        peer -> {
          peer.send(bytes);

          assertEquals(code, peer.readClose());
          peer.close();
          assertEquals(code, status.await().code());
        });
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999
      })
  void aCodeThatMayBeSentIsEchoed(int code) throws Exception {
    with(WebSocketTest::echo, peer -> assertEquals(code, peer.sendClose(code).readClose()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
  void aCodeThatMayNotBeSentIsAnError(int code) throws Exception {
    with(
        WebSocketTest::echo,
        peer -> assertEquals(CloseStatus.PROTOCOL_ERROR, peer.sendClose(code).readClose()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, -1})
  void aCodeThatMayNotBeSentIsNotSent(int code) throws Exception {
    with(
        socket -> {
          assertThrows(IllegalArgumentException.class, () -> socket.close(code, ""));
          assertThrows(IllegalArgumentException.class, () -> socket.close(1000, "x".repeat(124)));
          socket.close(4000, "x".repeat(123));
        },
        peer -> assertEquals("x".repeat(123), peer.read().text().substring(2)));
  }

  // -----------------------------------------------------------------------------------------
  // limits

  @Test
  void aFrameMayBeAsLargeAsTheLimitAndNoLarger() throws Exception {
    with(
        WebSocketTest::echo,
        WebSocketOptions.DEFAULT.withLimits(SMALL),
        peer -> {
          peer.sendFrame(0x82, new byte[1000]);
          assertEquals(1000, peer.read().payload().length);

          peer.sendFrame(0x82, new byte[1001]);
          assertEquals(CloseStatus.TOO_LARGE, peer.readClose());
        });
  }

  @Test
  void aMessageMayBeAsLargeAsTheLimitAndNoLarger() throws Exception {
    with(
        WebSocketTest::echo,
        WebSocketOptions.DEFAULT.withLimits(SMALL),
        peer -> {
          peer.sendFrame(0x02, new byte[1000]).sendFrame(0x80, new byte[1000]);
          assertEquals(2000, peer.read().payload().length);

          peer.sendFrame(0x02, new byte[1000])
              .sendFrame(0x00, new byte[1000])
              .sendFrame(0x80, (byte) 1);
          assertEquals(CloseStatus.TOO_LARGE, peer.readClose());
        });
  }

  @Test
  void aMessageThatTakesTooLongIsNotWaitedFor() throws Exception {
    var limits =
        WebSocketLimits.DEFAULT.withTimes(SHORT, Duration.ofSeconds(30), Duration.ofSeconds(5));
    with(
        WebSocketTest::echo,
        WebSocketOptions.DEFAULT.withLimits(limits),
        peer -> assertEquals(CloseStatus.POLICY, peer.sendFrame(0x01, bytes('a')).readClose()));
  }

  @Test
  void aFrameThatTakesTooLongIsNotWaitedFor() throws Exception {
    var limits =
        WebSocketLimits.DEFAULT.withTimes(SHORT, Duration.ofSeconds(30), Duration.ofSeconds(5));
    with(
        WebSocketTest::echo,
        WebSocketOptions.DEFAULT.withLimits(limits),
        peer -> assertEquals(CloseStatus.POLICY, peer.send(bytes(0x81)).readClose()));
  }

  @Test
  void whoSaysNothingIsAskedAndThenGivenUp() throws Exception {
    var status = new Event<CloseStatus>();
    with(
        socket -> {
          echo(socket);
          status.send(socket.closeStatus().orElseThrow());
        },
        WebSocketOptions.DEFAULT.withLimits(WebSocketLimits.DEFAULT.withPing(SHORT)),
        peer -> {
          assertEquals(0x89, peer.read().first());
          peer.sendFrame(0x8a);
          assertEquals(0x89, peer.read().first());

          assertTrue(peer.hasEnded());
          assertEquals(CloseStatus.ABNORMAL, status.await().code());
        });
  }

  @Test
  void whoDoesNotReadHoldsUpTheSenderAndIsGivenUp() throws Exception {
    var limits = WebSocketLimits.DEFAULT.withTimes(Duration.ofMinutes(1), SHORT, SHORT);
    var failure = new Event<IOException>();
    with(
        socket ->
            failure.send(
                assertThrows(
                    IOException.class,
                    () -> {
                      while (true) {
                        socket.send(new byte[100_000]);
                      }
                    })),
        WebSocketOptions.DEFAULT.withLimits(limits),
        _ -> assertEquals("Write timed out", failure.await().getMessage()));
  }

  // ---------------------------------------------------------------------------------------- its
  // end

  @Test
  void theEndOfTheHandlerIsTheEndOfTheWebSocket() throws Exception {
    with(
        _ -> {},
        peer -> {
          assertEquals(1000, peer.read().code());
          peer.sendClose(1000);
          assertTrue(peer.hasEnded());
        });
  }

  @Test
  void aHandlerThatFailsSaysSo() throws Exception {
    with(
        _ -> {
          throw new IllegalStateException("on purpose");
        },
        peer -> assertEquals(CloseStatus.FAILED, peer.read().code()));
  }

  @Test
  void whoDoesNotAnswerAGoodbyeIsLeft() throws Exception {
    var limits =
        WebSocketLimits.DEFAULT.withTimes(Duration.ofMinutes(1), Duration.ofSeconds(30), SHORT);
    with(
        _ -> {},
        WebSocketOptions.DEFAULT.withLimits(limits),
        peer -> assertEquals(1000, peer.readClose()));
  }

  @Test
  void whoClosesSeesWhatTheOtherEndSaid() throws Exception {
    var status = new Event<CloseStatus>();
    with(
        socket -> {
          socket.close(4001, "bye");
          status.send(socket.closeStatus().orElseThrow());
        },
        peer -> {
          assertEquals(4001, peer.read().code());
          peer.text("too late").sendClose(4001);

          assertEquals(new CloseStatus(4001, ""), status.await());
        });
  }

  @Test
  void aConnectionThatBreaksEndsTheMessages() throws Exception {
    var status = new Event<CloseStatus>();
    with(
        socket -> {
          echo(socket);
          status.send(socket.closeStatus().orElseThrow());
        },
        peer -> {
          peer.socket().close();

          assertEquals(CloseStatus.ABNORMAL, status.await().code());
        });
  }

  @Test
  void anotherThreadMayCloseItWhileOneReceives() throws Exception {
    var ended = new Event<String>();
    with(
        socket -> {
          var closer = spawn(() -> socket.close(4002, ""));
          ended.send(String.valueOf(socket.receive()));
          closer.await();
        },
        peer -> {
          assertEquals(4002, peer.read().code());
          peer.sendClose(4002);

          assertEquals("null", ended.await());
          assertTrue(peer.hasEnded());
        });
  }

  @Test
  void onlyOneThreadReceives() throws Exception {
    var refused = new Event<String>();
    with(
        socket -> {
          var other =
              spawn(() -> assertThrows(IllegalStateException.class, socket::receive).getMessage());
          other.link(thread -> refused.send(String.valueOf(thread.resultNow())));
          echo(socket);
        },
        _ -> assertTrue(refused.await().contains("is receiving")));
  }

  @Test
  void nothingIsSentAfterTheEnd() throws Exception {
    var refused = new Event<String>();
    with(
        socket -> {
          echo(socket);
          refused.send(assertThrows(IOException.class, () -> socket.send("x")).getMessage());
          assertFalse(socket.isOpen());
        },
        peer -> {
          peer.sendClose(1000);

          assertEquals("this WebSocket was closed with 1000, and sends no more", refused.await());
        });
  }

  @Test
  void aServerThatEndsSaysGoodbye() throws Exception {
    var server = Server.start(ANY, new WebSocketWsgi(WebSocketTest::echo));
    try (var peer = Peer.open(server.port())) {
      var closing = CompletableFuture.supplyAsync(() -> server.close(Duration.ofSeconds(20)));

      assertEquals(CloseStatus.GOING_AWAY, peer.read().code());
      peer.sendClose(1001);
      assertTrue(peer.hasEnded());
      assertEquals(new Closed(1, List.of()), closing.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aHandlerThatIsKilledSaysGoodbye() throws Exception {
    with(
        _ -> {
          Eventlet.current().kill();
          Eventlet.sleep();
        },
        peer -> assertEquals(CloseStatus.GOING_AWAY, peer.readClose()));
  }

  @Test
  void aReceiveThatRunsOutOfTimeLosesNothing() throws Exception {
    with(
        socket -> {
          Message message = null;
          while (message == null) {
            message = net.eventlet.Timeout.call(Duration.ofMillis(1), socket::receive, null);
          }
          socket.send(message);
          socket.send(List.of(message).size() + " message");
        },
        peer -> {
          for (var one : frame(0x81, "hello".getBytes(UTF_8))) {
            peer.send(new byte[] {one});
            Thread.sleep(5); // each byte meets another timeout
          }

          assertEquals("hello", peer.read().text());
          assertEquals("1 message", peer.read().text());
        });
  }
}
