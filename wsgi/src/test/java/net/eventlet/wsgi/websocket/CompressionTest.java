package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import net.eventlet.wsgi.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// permessage-deflate, by the bytes.
@Timeout(60)
class CompressionTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final WebSocketLimits SMALL = WebSocketLimits.DEFAULT.withBytes(1000, 2000);

  private interface Client {
    void talk(Peer peer) throws Exception;
  }

  private static void with(Compression compression, String offer, Client client) throws Exception {
    var options = WebSocketOptions.DEFAULT.withCompression(compression).withLimits(SMALL);
    try (var server =
            Server.start(
                ANY,
                new WebSocketWsgi(
                    socket -> {
                      for (var message = socket.receive();
                          message != null;
                          message = socket.receive()) {
                        socket.send(message);
                      }
                    },
                    options));
        var peer = Peer.open(server.port(), DEFLATE + offer + "\r\n")) {
      client.talk(peer);
    }
  }

  /// {@return bytes compressed by themselves, without the tail}
  private static byte[] deflated(byte[] bytes) {
    var deflater = new Deflater(9, true);
    deflater.setInput(bytes);
    var room = new byte[bytes.length + 100];
    var count = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(room, count - 4);
  }

  private static byte[] inflated(Inflater inflater, byte[] bytes) throws Exception {
    var all = Arrays.copyOf(bytes, bytes.length + 4);
    all[all.length - 1] = (byte) 0xff;
    all[all.length - 2] = (byte) 0xff;
    inflater.setInput(all);
    var room = new byte[10_000];
    return Arrays.copyOf(room, inflater.inflate(room));
  }

  @Test
  void whatIsLongEnoughIsCompressedAndWhatIsNotIsNot() throws Exception {
    with(
        Compression.EACH,
        "",
        peer -> {
          peer.text("x".repeat(255)).text("x".repeat(256));

          assertEquals(0x81, peer.read().first());
          var compressed = peer.read();
          assertEquals(0xc1, compressed.first());
          assertTrue(compressed.payload().length < 20);
          assertEquals(
              "x".repeat(256),
              new String(inflated(new Inflater(true), compressed.payload()), UTF_8));
        });
  }

  @Test
  void whatDoesNotGetSmallerIsSentAsItIs() throws Exception {
    var noise = new byte[900];
    new Random(1).nextBytes(noise);
    with(
        Compression.EACH,
        "",
        peer -> assertEquals(0x82, peer.sendFrame(0x82, noise).read().first()));
  }

  @Test
  void aMessageRefersToTheOneBeforeWhereThatWasAgreed() throws Exception {
    var noise = new byte[900];
    new Random(1).nextBytes(noise);
    var inflater = new Inflater(true);
    with(
        Compression.STREAM,
        "",
        peer -> {
          var first = peer.sendFrame(0x82, noise).read();
          var second = peer.sendFrame(0x82, noise).read();

          assertTrue(first.payload().length > 900);
          assertTrue(second.payload().length < 40);
          assertEquals(
              Arrays.hashCode(noise), Arrays.hashCode(inflated(inflater, first.payload())));
          assertEquals(
              Arrays.hashCode(noise), Arrays.hashCode(inflated(inflater, second.payload())));
        });
  }

  @Test
  void aLongerMessageThanTheClientLooksBackIsSentAsItIs() throws Exception {
    with(
        Compression.EACH,
        "; server_max_window_bits=9",
        peer -> {
          assertEquals(0xc1, peer.text("x".repeat(512)).read().first());
          assertEquals(0x81, peer.text("x".repeat(513)).read().first());
        });
  }

  @Test
  void aCompressedMessageMayComeInFragments() throws Exception {
    var compressed = deflated("hello, hello, hello".getBytes(UTF_8));
    with(
        Compression.EACH,
        "",
        peer -> {
          peer.sendFrame(0x41, Arrays.copyOf(compressed, 3)).sendFrame(0x00);
          peer.sendFrame(0x80, Arrays.copyOfRange(compressed, 3, compressed.length));

          assertEquals("hello, hello, hello", peer.read().text());
        });
  }

  @Test
  void aMessageMayEndWithALastBlock() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var output = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
      output.write("hello".getBytes(UTF_8));
    }
    bytes.write(0);
    with(
        Compression.STREAM,
        "",
        peer -> {
          assertEquals("hello", peer.sendFrame(0xc1, bytes.toByteArray()).read().text());
          assertEquals("hello", peer.sendFrame(0xc1, bytes.toByteArray()).read().text());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"EACH", "STREAM"})
  void aBombIsNotLetGoOff(String how) throws Exception {
    with(
        how.equals("EACH") ? Compression.EACH : Compression.STREAM,
        "",
        peer -> {
          assertEquals(0xc2, peer.sendFrame(0xc2, deflated(new byte[2000])).read().first());

          assertEquals(
              CloseStatus.TOO_LARGE, peer.sendFrame(0xc2, deflated(new byte[2001])).readClose());
        });
  }

  @Test
  void aMuchLargerBombIsNotLetGoOffEither() throws Exception {
    with(
        Compression.EACH,
        "",
        peer ->
            assertEquals(
                CloseStatus.TOO_LARGE,
                peer.sendFrame(0xc2, deflated(new byte[900_000])).readClose()));
  }

  @Test
  void whatCannotBeDecompressedIsAnError() throws Exception {
    with(
        Compression.EACH,
        "",
        peer ->
            assertEquals(
                CloseStatus.NOT_CONSISTENT,
                peer.sendFrame(0xc1, (byte) 0xff, (byte) 0xff, (byte) 0xff).readClose()));
  }

  @Test
  void aTextIsUtf8AlsoWhenCompressed() throws Exception {
    with(
        Compression.EACH,
        "",
        peer ->
            assertEquals(
                CloseStatus.NOT_CONSISTENT,
                peer.sendFrame(0xc1, deflated(new byte[] {'a', (byte) 0xff})).readClose()));
  }

  @Test
  void aContinuationIsNotMarkedAsCompressed() throws Exception {
    with(
        Compression.EACH,
        "",
        peer ->
            assertEquals(
                CloseStatus.PROTOCOL_ERROR,
                peer.sendFrame(0x41, (byte) 0).sendFrame(0xc0).readClose()));
  }

  @Test
  void aThresholdCannotBeNegative() {
    assertThrows(IllegalArgumentException.class, () -> new Compression(true, false, 6, -1));
    assertThrows(IllegalArgumentException.class, () -> new Compression(true, false, 10, 0));
  }

  @Test
  void idleSocketsHoldNeitherBuffersNorCoders() throws IOException {
    var buffers = new int[1];
    var coders = new int[2];
    var kit =
        new Kit(
            WebSocketLimits.DEFAULT,
            Compression.EACH,
            new Spares<>(
                () -> {
                  buffers[0]++;
                  return new byte[Kit.BUFFER_BYTES];
                },
                4),
            new Spares<>(
                () -> {
                  coders[0]++;
                  return new Deflater(6, true);
                },
                4),
            new Spares<>(
                () -> {
                  coders[1]++;
                  return new Inflater(true);
                },
                4));
    var sockets =
        new WebSocketWsgi(
            socket -> {
              for (var message = socket.receive(); message != null; message = socket.receive()) {
                socket.send(message);
              }
            },
            WebSocketOptions.DEFAULT,
            kit);
    var peers = new Peer[100];
    try (var server = Server.start(ANY, sockets)) {
      for (var i = 0; i < peers.length; i++) {
        peers[i] = Peer.open(server.port(), DEFLATE + "\r\n");
        peers[i].text("x".repeat(1000));
        assertEquals(0xc1, peers[i].read().first());
      }

      assertTrue(buffers[0] <= 3, () -> buffers[0] + " buffers");
      assertEquals(1, coders[0]);
      assertEquals(0, coders[1]);
      for (var peer : peers) {
        peer.close();
      }
    }
  }
}
