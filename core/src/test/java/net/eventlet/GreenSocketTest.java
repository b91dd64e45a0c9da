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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.eventlet.posix.Posix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading, writing, connecting, and their limits, on one hub.
@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class GreenSocketTest {

  private static final Duration SHORT = Duration.ofMillis(5);
  private static final int MEBIBYTE = 1 << 20;

  // --------------------------------------------------------------------------------- read, write

  @Test
  void sendsAFilesBytesFromThePositionAskedForWhileTheOtherSideReadsSlowly() throws Exception {
    var content = bytes(2 * MEBIBYTE);
    var file = Files.createTempFile("send", "file");
    Files.write(file, content);
    var fileno = Posix.openFile(file.toString());
    try {
      onPair((here, there) -> {
        var reading = spawn(() -> readSlowly(there));

        var sent = here.sendFile(fileno, 1000, 2L * MEBIBYTE);
        here.close();

        assertEquals(2 * MEBIBYTE - 1000, sent); // the file ends before
        assertArrayEquals(Arrays.copyOfRange(content, 1000, content.length), reading.await());
      });
    } finally {
      Posix.close(fileno);
      Files.delete(file);
    }
  }

  @Test
  void toSendAFileToNobodyOrFromNothingFails() throws Exception {
    onPair((here, _) -> {
      assertThrows(IOException.class, () -> here.sendFile(1 << 20, 0, 1));
      here.close();
      assertThrows(SocketException.class, () -> here.sendFile(0, 0, 1));
    });
  }

  @Test
  void echoesBytes() throws Exception {
    onPair((here, there) -> {
      spawn(() -> echo(there));
      var sent = bytes(10_000);

      here.write(sent, 0, sent.length);
      here.shutdownOutput();

      assertArrayEquals(sent, here.getInputStream().readAllBytes());
    });
  }

  @Test
  void readsAndWritesByteByByte() throws Exception {
    onPair((here, there) -> {
      for (var i = 0; i < 256; i++) {
        here.getOutputStream().write(i);
      }
      here.shutdownOutput();

      for (var i = 0; i < 256; i++) {
        assertEquals(i, there.getInputStream().read());
      }
      assertEquals(-1, there.getInputStream().read());
      assertEquals(-1, there.getInputStream().read());
    });
  }

  @Test
  void writesMoreThanFitsAsTheOtherReads() throws Exception {
    onPair((here, there) -> {
      var sent = bytes(8 * MEBIBYTE);
      var received = spawn(() -> there.getInputStream().readAllBytes());

      here.getOutputStream().write(sent);
      here.close();

      assertArrayEquals(sent, received.await());
    });
  }

  @Test
  void readsAtAnOffset() throws Exception {
    onPair((here, there) -> {
      here.write("abcdef".getBytes(UTF_8), 1, 4);
      here.shutdownOutput();
      var room = "..........".getBytes(UTF_8);

      var count = there.getInputStream().readNBytes(room, 3, 7);

      assertEquals(4, count);
      assertEquals("...bcde...", new String(room, UTF_8));
    });
  }

  @Test
  void aBufferSaysHowMuchOfItWentBeforeTheTimeRanOut() throws Exception {
    onPair((here, there) -> {
      here.writeLimit(Duration.ofMillis(20));
      var buffer = ByteBuffer.wrap(bytes(20_000_000));
      assertThrows(SocketTimeoutException.class, () -> here.write(buffer));
      here.shutdownOutput();

      var went = there.getInputStream().readAllBytes().length;

      assertEquals(buffer.position(), went);
      assertTrue(went > 0);
    });
  }

  @Test
  void readsNoMoreThanIsAskedFor() throws Exception {
    onPair((here, there) -> {
      here.write("abcdef".getBytes(UTF_8), 0, 6);
      var room = "......".getBytes(UTF_8);

      assertEquals(2, there.read(room, 0, 2));

      assertEquals("ab....", new String(room, UTF_8));
    });
  }

  @Test
  void waitsUntilItCanReadWithoutReading() throws Exception {
    onPair((here, there) -> {
      for (var message : List.of("one", "three")) {
        var waiting = spawn(there::awaitReadable);
        sleep();
        assertFalse(waiting.isDone());

        here.write(message.getBytes(UTF_8), 0, message.length());
        waiting.await();
        there.awaitReadable(); // it is there still

        var room = new byte[3]; // once all that came, once a part of it
        assertEquals(3, there.read(room, 0, 3));
      }
      there.awaitReadable();
      assertEquals(2, there.read(new byte[9], 0, 9));
      here.close();
      there.awaitReadable();
      there.awaitReadable();
      assertEquals(-1, there.read(new byte[9], 0, 9));
      there.awaitReadable();
    });
  }

  @Test
  void waitsNoLongerThanTheLimitUntilItCanRead() throws Exception {
    onPair((_, there) -> {
      there.readLimit(SHORT);

      assertThrows(SocketTimeoutException.class, there::awaitReadable);
    });
  }

  @Test
  void readingNothingReturnsAtOnce() throws Exception {
    onPair((here, _) -> {
      assertEquals(0, here.read(new byte[1], 1, 0));
      assertEquals(0, here.getInputStream().read(new byte[0]));
      assertEquals(0, here.read(ByteBuffer.allocate(0)));
      here.write(new byte[0], 0, 0);
      assertEquals(0, here.write());
      assertEquals(0, here.write(ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
    });
  }

  @Test
  void boundsAreChecked() throws Exception {
    onPair((here, _) -> {
      assertThrows(IndexOutOfBoundsException.class, () -> here.read(new byte[2], 1, 2));
      assertThrows(IndexOutOfBoundsException.class, () -> here.read(new byte[2], -1, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> here.write(new byte[2], 0, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> here.write(new byte[2], 0, -1));
    });
  }

  @Test
  void saysWhatIsAvailable() throws Exception {
    onPair((here, there) -> {
      assertEquals(0, there.getInputStream().available());

      here.write("abc\ndef".getBytes(UTF_8), 0, 7);
      assertEquals("abc", there.readLine());

      assertEquals(3, there.getInputStream().available());
    });
  }

  @Test
  void aReaderThatAlwaysFindsBytesGivesOthersATurn() throws Exception {
    onPair((here, there) -> {
      here.write(bytes(1_000), 0, 1_000);
      var turns = new int[1];
      var other =
          spawn(() -> {
            while (true) {
              turns[0]++;
              sleep();
            }
          });

      for (var i = 0; i < 1_000; i++) {
        there.getInputStream().read();
      }

      assertTrue(turns[0] > 1, () -> turns[0] + " turns in 1,000 reads");
      other.kill();
    });
  }

  @Test
  void urgentDataIsSkippedAndWhatFollowsItIsRead() throws Exception {
    onPair((here, there) -> {
      var reader = spawn(() -> there.getInputStream().readNBytes(6));
      sleep();

      here.write("abc".getBytes(UTF_8), 0, 3);
      here.sendUrgentData('!');
      here.write("def".getBytes(UTF_8), 0, 3);

      assertEquals("abcdef", new String(reader.await(), UTF_8));
    });
  }

  @Test
  void urgentDataIsReadInItsPlaceIfThatIsAskedFor() throws Exception {
    onPair((here, there) -> {
      there.setOOBInline(true);
      var reader = spawn(() -> there.getInputStream().readNBytes(7));
      sleep();

      here.write("abc".getBytes(UTF_8), 0, 3);
      here.sendUrgentData('!');
      here.write("def".getBytes(UTF_8), 0, 3);

      assertEquals("abc!def", new String(reader.await(), UTF_8));
    });
  }

  // ------------------------------------------------------------------------------------- buffers

  static Stream<ByteBuffer> buffersOfFour() {
    return Stream.of(
        ByteBuffer.wrap("abcd".getBytes(UTF_8)),
        ByteBuffer.wrap("..abcd..".getBytes(UTF_8), 2, 4),
        ByteBuffer.wrap("..abcd..".getBytes(UTF_8), 2, 4).slice(),
        ByteBuffer.wrap("abcd".getBytes(UTF_8)).asReadOnlyBuffer(),
        ByteBuffer.allocateDirect(4).put("abcd".getBytes(UTF_8)).flip(),
        ByteBuffer.allocateDirect(4).put("abcd".getBytes(UTF_8)).flip().asReadOnlyBuffer(),
        ByteBuffer.allocateDirect(9).position(5).put("abcd".getBytes(UTF_8)).position(5));
  }

  @ParameterizedTest
  @MethodSource("buffersOfFour")
  void writesABuffer(ByteBuffer buffer) throws Exception {
    onPair((here, there) -> {
      assertEquals(4, here.write(buffer));
      here.shutdownOutput();

      assertFalse(buffer.hasRemaining());
      assertEquals("abcd", new String(there.getInputStream().readAllBytes(), UTF_8));
    });
  }

  @Test
  void writesBuffersOfAllKindsInOrder() throws Exception {
    onPair((here, there) -> {
      var buffers = buffersOfFour().toArray(ByteBuffer[]::new);

      assertEquals(4L * buffers.length, here.write(buffers));
      here.shutdownOutput();

      for (var buffer : buffers) {
        assertFalse(buffer.hasRemaining());
      }
      assertEquals(
          "abcd".repeat(buffers.length), new String(there.getInputStream().readAllBytes(), UTF_8));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 256 * 1024 / 3, 3 * MEBIBYTE})
  void writesMuchGatheredToASlowReader(int size) throws Exception {
    onPair((here, there) -> {
      var heap = bytes(size);
      var direct = ByteBuffer.allocateDirect(size).put(bytes(size)).flip();
      var received = spawn(() -> readSlowly(there));

      var count =
          here.write(ByteBuffer.wrap(heap), direct, ByteBuffer.wrap(heap).asReadOnlyBuffer());
      here.shutdownOutput();

      assertEquals(3L * size, count);
      assertFalse(direct.hasRemaining());
      var expected = Arrays.copyOf(heap, 3 * size);
      System.arraycopy(heap, 0, expected, size, size);
      System.arraycopy(heap, 0, expected, 2 * size, size);
      assertArrayEquals(expected, received.await());
    });
  }

  static Stream<ByteBuffer> rooms() {
    return Stream.of(
        ByteBuffer.allocate(6),
        ByteBuffer.allocate(9).position(3),
        ByteBuffer.allocate(9).position(2).slice().limit(6),
        ByteBuffer.allocateDirect(6),
        ByteBuffer.allocateDirect(9).position(3));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void readsIntoABuffer(ByteBuffer room) throws Exception {
    onPair((here, there) -> {
      var begin = room.position();
      here.write("abcd".getBytes(UTF_8), 0, 4);

      assertEquals(4, there.read(room));

      assertEquals(begin + 4, room.position());
      var read = new byte[4];
      room.get(begin, read);
      assertEquals("abcd", new String(read, UTF_8));
    });
  }

  @Test
  void readsNoMoreThanTheBufferHasRoomFor() throws Exception {
    onPair((here, there) -> {
      here.write("abcdef".getBytes(UTF_8), 0, 6);
      var room = ByteBuffer.allocate(8).limit(2);

      assertEquals(2, there.read(room));

      assertEquals(0, room.array()[2]);
      assertEquals("cdef", new String(there.getInputStream().readNBytes(4), UTF_8));
    });
  }

  @Test
  void doesNotReadIntoABufferThatIsReadOnly() throws Exception {
    onPair((here, there) -> {
      here.write("abcd".getBytes(UTF_8), 0, 4);
      var heap = ByteBuffer.allocate(4);
      var direct = ByteBuffer.allocateDirect(4);

      assertThrows(RuntimeException.class, () -> there.read(heap.asReadOnlyBuffer()));
      assertThrows(RuntimeException.class, () -> there.read(direct.asReadOnlyBuffer()));

      assertEquals(ByteBuffer.allocate(4), heap);
      assertEquals(ByteBuffer.allocate(4), direct);
      assertEquals("abcd", new String(there.getInputStream().readNBytes(4), UTF_8));
    });
  }

  @Test
  void aBufferAtTheEndOfTheStreamGetsNothing() throws Exception {
    onPair((here, there) -> {
      here.shutdownOutput();
      var room = ByteBuffer.allocate(4);

      assertEquals(-1, there.read(room));

      assertEquals(0, room.position());
    });
  }

  // --------------------------------------------------------------------------------------- lines

  @Test
  void readsLinesWithEitherEnd() throws Exception {
    onPair((here, there) -> {
      send(here, "one\r\ntwo\nthree\r\n\n\r\nfour\r\r\nlast");
      here.shutdownOutput();

      assertEquals("one", there.readLine());
      assertEquals("two", there.readLine());
      assertEquals("three", there.readLine());
      assertEquals("", there.readLine());
      assertEquals("", there.readLine());
      assertEquals("four\r", there.readLine());
      assertEquals("last", there.readLine());
      assertNull(there.readLine());
      assertNull(there.readLine());
    });
  }

  @Test
  void readsALineThatComesByteByByte() throws Exception {
    onPair((here, there) -> {
      var line = spawn(() -> there.readLine());

      for (var one : "grüße, 世界\r\n".getBytes(UTF_8)) {
        here.getOutputStream().write(one);
        sleep();
      }

      assertEquals("grüße, 世界", line.await());
    });
  }

  @Test
  void whatFollowsALineIsReadAsBytes() throws Exception {
    onPair((here, there) -> {
      send(here, "line\nrest of it");

      assertEquals("line", there.readLine());

      var room = ByteBuffer.allocate(4);
      assertEquals(4, there.read(room));
      assertEquals("rest", new String(room.array(), UTF_8));
      assertEquals(' ', there.getInputStream().read());
      assertEquals("of it", new String(there.getInputStream().readNBytes(5), UTF_8));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {4_095, 4_096, 4_097, 8_192, 65_535, 65_536})
  void readsALongLine(int length) throws Exception {
    onPair((here, there) -> {
      var line = "x".repeat(length);
      spawn(() -> send(here, line + "\nnext\n"));

      assertEquals(line, there.readLine());
      assertEquals("next", there.readLine());
    });
  }

  @Test
  void refusesALineThatIsTooLongAndKeepsItsBytes() throws Exception {
    onPair((here, there) -> {
      var line = "x".repeat(65_537);
      spawn(() -> send(here, line + "\nnext\n"));

      assertSays(assertThrows(IOException.class, there::readLine), "65536");

      var kept = new String(there.getInputStream().readNBytes(line.length()), UTF_8);
      assertEquals(line, kept);
      assertEquals("", there.readLine());
      assertEquals("next", there.readLine());
    });
  }

  @Test
  void aLineThatIsCutShortByALimitIsNotLost() throws Exception {
    onPair((here, there) -> {
      send(here, "first ha");
      there.readLimit(SHORT);

      assertThrows(SocketTimeoutException.class, there::readLine);

      send(here, "lf\n");
      assertEquals("first half", there.readLine());
    });
  }

  @Test
  void aLineThatIsCutShortByAKillIsNotLost() throws Exception {
    onPair((here, there) -> {
      send(here, "first ha");
      var reader = spawn(there::readLine);
      sleep();
      sleep();

      reader.kill();

      send(here, "lf\n");
      assertEquals("first half", there.readLine());
    });
  }

  // -------------------------------------------------------------------------------------- limits

  @Test
  void aReadRunsOutOfTime() throws Exception {
    onPair((here, there) -> {
      there.setSoTimeout(5);

      assertThrows(SocketTimeoutException.class, () -> there.getInputStream().read());
      assertThrows(SocketTimeoutException.class, () -> there.read(ByteBuffer.allocate(1)));
      assertThrows(SocketTimeoutException.class, there::readLine);

      assertFalse(there.isClosed());
      send(here, "x");
      assertEquals('x', there.getInputStream().read());
    });
  }

  @Test
  void aReadLimitIsFinerAndTakesThePlaceOfTheTimeout() throws Exception {
    onPair((_, there) -> {
      there.setSoTimeout(3_600_000);
      there.readLimit(Duration.ofNanos(200_000));

      assertThrows(SocketTimeoutException.class, () -> there.getInputStream().read());
      assertEquals(1, there.getSoTimeout());
      there.readLimit(null);
      assertEquals(0, there.getSoTimeout());
    });
  }

  @Test
  void aReadWithoutALimitWaits() throws Exception {
    onPair((here, there) -> {
      there.readLimit(SHORT);
      there.readLimit(null);
      var reader = spawn(() -> there.getInputStream().read());

      sleep(SHORT.multipliedBy(2));

      assertFalse(reader.isDone());
      send(here, "x");
      assertEquals('x', reader.await());
    });
  }

  @Test
  void aWriteRunsOutOfTimeOnceNothingFits() throws Exception {
    onPair((here, there) -> {
      here.writeLimit(SHORT);

      assertThrows(SocketTimeoutException.class, () -> fill(here));

      assertFalse(here.isClosed());
      var drained = spawn(() -> there.getInputStream().readAllBytes().length);
      here.writeLimit(null);
      send(here, "x");
      here.close();
      assertTrue(drained.await() > 1);
    });
  }

  @Test
  void anEventletTimeoutEndsAWriteToo() throws Exception {
    onPair((here, _) -> assertFalse(Timeout.run(SHORT, () -> fill(here))));
  }

  @Test
  void aConnectRunsOutOfTime() throws Exception {
    run(() -> {
      try (var crowd = new Crowd()) {
        var socket = new GreenSocket();

        assertThrows(SocketTimeoutException.class, () -> socket.connect(crowd.address(), 20));
        assertTrue(socket.isClosed());
        assertThrows(SocketTimeoutException.class, () -> connect(crowd.address(), SHORT));
      }
    });
  }

  @Test
  void anEventletTimeoutEndsAConnectAndClosesTheSocket() throws Exception {
    run(() -> {
      try (var crowd = new Crowd()) {
        var socket = new GreenSocket();

        assertFalse(Timeout.run(SHORT, () -> socket.connect(crowd.address())));

        assertTrue(socket.isClosed());
      }
    });
  }

  // ----------------------------------------------------------------------------------- half-close

  @Test
  void theOtherSideMeetsTheEndAndCanStillAnswer() throws Exception {
    onPair((here, there) -> {
      send(here, "question");
      here.shutdownOutput();

      assertEquals("question", new String(there.getInputStream().readAllBytes(), UTF_8));
      send(there, "answer\n");
      assertEquals("answer", here.readLine());

      assertTrue(here.isOutputShutdown());
      assertFalse(here.isInputShutdown());
      assertThrows(SocketException.class, here::shutdownOutput);
      assertThrows(SocketException.class, here::getOutputStream);
    });
  }

  @Test
  void aWriteAfterTheOutputIsShutFails() throws Exception {
    onPair((here, _) -> {
      here.shutdownOutput();

      assertThrows(SocketException.class, () -> send(here, "x"));
    });
  }

  @Test
  void aReadAfterTheInputIsShutMeetsTheEnd() throws Exception {
    onPair((here, there) -> {
      send(here, "never read");
      there.shutdownInput();

      assertEquals(-1, there.read(new byte[1], 0, 1));
      assertNull(there.readLine());
      assertTrue(there.isInputShutdown());
      assertThrows(SocketException.class, there::shutdownInput);
      assertThrows(SocketException.class, there::getInputStream);
      send(there, "x");
      assertEquals('x', here.getInputStream().read());
    });
  }

  @Test
  void shuttingTheInputWakesWhoeverReads() throws Exception {
    onPair((_, there) -> {
      var reader = spawn(() -> there.getInputStream().read());
      sleep();

      there.shutdownInput();

      assertEquals(-1, reader.await());
    });
  }

  @Test
  void shuttingTheOutputWakesWhoeverWrites() throws Exception {
    onPair((here, _) -> {
      var writer = spawn(() -> fill(here));
      sleep();

      here.shutdownOutput();

      assertThrows(SocketException.class, writer::await);
    });
  }

  @Test
  void theEndThatComesWhileOneReadsEndsTheRead() throws Exception {
    onPair((here, there) -> {
      var reader = spawn(() -> there.getInputStream().read());
      sleep();

      here.close();

      assertEquals(-1, reader.await());
    });
  }

  // ------------------------------------------------------------------------- refused and reset

  @Test
  void nobodyListens() throws Exception {
    run(() -> {
      var address = nobodysAddress();
      var socket = new GreenSocket();

      assertSays(assertThrows(ConnectException.class, () -> connect(address)), "refused");
      assertThrows(ConnectException.class, () -> socket.connect(address));

      assertTrue(socket.isClosed());
      assertFalse(socket.isConnected());
    });
  }

  @Test
  void aResetReachesTheReader() throws Exception {
    onPair((here, there) -> {
      var reader = spawn(() -> there.getInputStream().read());
      sleep();

      reset(here);

      assertSays(assertThrows(SocketException.class, reader::await), "Connection reset");
      assertThrows(IOException.class, () -> send(there, "x"));
    });
  }

  @Test
  void aResetReachesTheNextReader() throws Exception {
    onPair((here, there) -> {
      reset(here);

      assertSays(
          assertThrows(SocketException.class, () -> there.read(new byte[1], 0, 1)),
          "Connection reset");
    });
  }

  @Test
  void aResetReachesTheWriter() throws Exception {
    onPair((here, there) -> {
      var writer = spawn(() -> fill(there));
      sleep();
      assertFalse(writer.isDone());

      reset(here);

      assertThrows(SocketException.class, writer::await);
      assertFalse(there.isClosed());
    });
  }

  @Test
  void aWriteToOneThatIsGoneFails() throws Exception {
    onPair((here, there) -> {
      here.close();

      assertThrows(
          SocketException.class,
          () -> {
            while (true) {
              send(there, "x");
              sleep();
            }
          });
    });
  }

  // --------------------------------------------------------------------------------------- close

  @Test
  void closingWakesTheReader() throws Exception {
    onPair((here, _) -> {
      var reader = spawn(() -> here.getInputStream().read());
      sleep();

      here.close();

      assertSays(assertThrows(SocketException.class, reader::await), "Socket closed");
    });
  }

  @Test
  void closingWakesTheWriter() throws Exception {
    onPair((here, _) -> {
      var writer = spawn(() -> fill(here));
      sleep();

      here.close();

      assertSays(assertThrows(SocketException.class, writer::await), "Socket closed");
    });
  }

  @Test
  void closingWakesBothAtOnce() throws Exception {
    onPair((here, _) -> {
      var reader = spawn(() -> here.readLine());
      var writer = spawn(() -> fill(here));
      sleep();

      here.close();

      assertThrows(SocketException.class, reader::await);
      assertThrows(SocketException.class, writer::await);
    });
  }

  @Test
  void closingWakesWhoeverConnects() throws Exception {
    run(() -> {
      try (var crowd = new Crowd()) {
        var socket = new GreenSocket();
        var connecting = spawn(() -> socket.connect(crowd.address()));
        sleep();

        socket.close();

        assertThrows(SocketException.class, connecting::await);
      }
    });
  }

  @Test
  void closingFromAPlainThreadWakesTheReaderAndTheWriter() throws Exception {
    onPair((here, _) -> {
      var reader = spawn(() -> here.getInputStream().read());
      var writer = spawn(() -> fill(here));
      sleep();

      Thread.ofPlatform().start(here::close);

      assertThrows(SocketException.class, reader::await);
      assertThrows(SocketException.class, writer::await);
    });
  }

  @Test
  void closingFromAPlainThreadWakesWhoeverConnects() throws Exception {
    run(() -> {
      try (var crowd = new Crowd()) {
        var socket = new GreenSocket();
        var connecting = spawn(() -> socket.connect(crowd.address()));
        sleep();

        Thread.ofPlatform().start(socket::close);

        assertThrows(SocketException.class, connecting::await);
      }
    });
  }

  @Test
  void closingAStreamClosesTheSocket() throws Exception {
    onPair((here, there) -> {
      here.getInputStream().close();
      there.getOutputStream().close();

      assertTrue(here.isClosed());
      assertTrue(there.isClosed());
    });
  }

  @Test
  void nothingWorksOnAClosedSocket() throws Exception {
    onPair((here, _) -> {
      var input = here.getInputStream();
      var output = here.getOutputStream();

      here.close();
      here.close();

      assertTrue(here.isClosed());
      assertThrows(SocketException.class, input::read);
      assertThrows(SocketException.class, () -> output.write(1));
      assertThrows(SocketException.class, input::available);
      assertThrows(SocketException.class, here::readLine);
      assertThrows(SocketException.class, here::getInputStream);
      assertThrows(SocketException.class, here::getOutputStream);
      assertThrows(SocketException.class, here::shutdownInput);
      assertThrows(SocketException.class, () -> here.setSoTimeout(1));
      assertThrows(SocketException.class, here::getTcpNoDelay);
      assertThrows(SocketException.class, () -> here.bind(null));
      assertThrows(SocketException.class, () -> here.connect(nobodysAddress()));
    });
  }

  @Test
  void aSocketThatIsClosedBeforeItConnectsStaysClosed() throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK)) {
        var socket = new GreenSocket();
        socket.close();

        assertThrows(SocketException.class, () -> socket.connect(addressOf(listener)));
        assertFalse(socket.isConnected());
      }
    });
  }

  @Test
  void theAddressesAreKnownAfterTheSocketIsClosed() throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK)) {
        var socket = connect(addressOf(listener));
        var port = listener.getLocalPort();

        socket.close();

        assertEquals(port, socket.getPort());
        assertEquals(addressOf(listener), socket.getRemoteSocketAddress());
        assertEquals(InetAddress.getLoopbackAddress(), socket.getInetAddress());
        assertTrue(socket.getLocalPort() > 0);
        assertTrue(socket.isConnected());
        assertTrue(socket.isBound());
      }
    });
  }

  // -------------------------------------------------------------------------------------- second

  @Test
  void aSecondReaderIsToldWhoIsFirstAndWhere() throws Exception {
    onPair((here, there) -> {
      var first = spawn(() -> here.getInputStream().read());
      var second =
          spawn(
              () -> assertThrows(IllegalStateException.class, () -> here.getInputStream().read()));

      var thrown = second.await();

      assertSays(thrown, first.name(), second.name(), "GreenSocketTest");
      send(there, "x");
      assertEquals('x', first.await());
    });
  }

  @Test
  void aSecondWriterIsToldWhoIsFirstAndWhere() throws Exception {
    onPair((here, _) -> {
      var first = spawn(() -> fill(here));
      var second = spawn(() -> assertThrows(IllegalStateException.class, () -> fill(here)));

      var thrown = second.await();

      assertSays(thrown, first.name(), second.name(), "GreenSocketTest");
      first.kill();
    });
  }

  @Test
  void oneMayReadWhileAnotherWrites() throws Exception {
    onPair((here, there) -> {
      spawn(() -> echo(there));
      var sent = bytes(4 * MEBIBYTE);
      var reader = spawn(() -> here.getInputStream().readNBytes(sent.length));

      here.write(sent, 0, sent.length);

      assertArrayEquals(sent, reader.await());
    });
  }

  @Test
  void theNextOneMayReadAfterTheFirstWasKilled() throws Exception {
    onPair((here, there) -> {
      for (var i = 0; i < 10; i++) {
        var first = spawn(() -> here.getInputStream().read());
        sleep();
        first.kill();
      }
      spawn(() -> send(there, "x"));

      assertEquals('x', here.getInputStream().read());
    });
  }

  @Test
  void aKilledReaderLosesNoBytes() throws Exception {
    onPair((here, there) -> {
      var reader = spawn(() -> here.read(new byte[1], 0, 1));
      sleep();
      send(there, "x"); // is there, and not seen yet

      reader.kill();

      assertThrows(GreenThreadExit.class, reader::await);
      assertEquals('x', here.getInputStream().read());
    });
  }

  @Test
  void aKilledWriterLeavesTheSocketUsable() throws Exception {
    onPair((here, there) -> {
      var writer = spawn(() -> fill(here));
      sleep();

      writer.kill();

      assertThrows(GreenThreadExit.class, writer::await);
      var drained = spawn(() -> readUntil(there, '!'));
      send(here, "!");
      assertTrue(drained.await() > 0);
    });
  }

  // ----------------------------------------------------------------------------------- addresses

  static Stream<InetAddress> loopbacks() throws IOException {
    return Stream.of(
        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
        InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}),
        InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  }

  @ParameterizedTest
  @MethodSource("loopbacks")
  void connectsToEitherVersionOfIp(InetAddress loopback) throws Exception {
    run(() -> {
      try (var pair = new Connected(new InetSocketAddress(loopback, 0))) {
        var here = pair.connected();
        var there = pair.accepted();
        send(here, "x");

        assertEquals('x', there.getInputStream().read());
        assertEquals(loopback, here.getInetAddress());
        assertEquals(loopback, there.getLocalAddress());
        assertEquals(here.getLocalSocketAddress(), there.getRemoteSocketAddress());
        assertEquals(here.getRemoteSocketAddress(), there.getLocalSocketAddress());
        assertEquals(here.getPort(), there.getLocalPort());
        assertTrue(here.isBound() && here.isConnected());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("loopbacks")
  void theWildcardServesBothVersionsOfIp(InetAddress loopback) throws Exception {
    run(() -> {
      try (var listener = listen(new InetSocketAddress(0));
          var here = connect(new InetSocketAddress(loopback, listener.getLocalPort()));
          var there = listener.accept()) {
        send(here, "x");

        assertEquals('x', there.getInputStream().read());
        assertEquals(loopback, there.getLocalAddress());
      }
    });
  }

  @Test
  void theWildcardIsThisMachine() throws Exception {
    run(() -> {
      try (var listener = listen(new InetSocketAddress(0));
          var here = connect(new InetSocketAddress(listener.getLocalPort()))) {
        assertEquals(InetAddress.getLoopbackAddress(), here.getInetAddress());
      }
    });
  }

  @Test
  void aNameIsLookedUpAndEachOfItsAddressesTried() throws Exception {
    run(() -> {
      for (var address : InetAddress.getAllByName("localhost")) {
        try (var listener = listen(new InetSocketAddress(address, 0));
            var here =
                connect(InetSocketAddress.createUnresolved("localhost", listener.getLocalPort()))) {
          assertEquals(address, here.getInetAddress());
        }
      }
    });
  }

  @Test
  void aNameNoneOfWhoseAddressesAnswersIsRefused() throws Exception {
    run(() -> {
      var nobody = InetSocketAddress.createUnresolved("localhost", nobodysAddress().getPort());

      assertThrows(ConnectException.class, () -> connect(nobody));
    });
  }

  @Test
  void connectsFromAnAddressOfItsOwn() throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK);
          var socket = new GreenSocket()) {
        socket.bind(Connected.LOOPBACK);
        var port = socket.getLocalPort();

        socket.connect(addressOf(listener));

        assertEquals(port, socket.getLocalPort());
        assertEquals(port, listener.accept().getPort());
      }
    });
  }

  @Test
  void connectsFromAnyAddressWithOptionsSetBefore() throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK);
          var socket = new GreenSocket()) {
        socket.setKeepAlive(true);
        socket.bind(null);

        socket.connect(addressOf(listener));

        assertTrue(socket.getKeepAlive());
        assertEquals(addressOf(listener), socket.getRemoteSocketAddress());
      }
    });
  }

  @Test
  void aSocketIsMadeForOneConnection() throws Exception {
    onPair((here, _) -> {
      assertThrows(SocketException.class, () -> here.connect(nobodysAddress()));
      assertThrows(SocketException.class, () -> here.bind(null));
      assertTrue(here.isConnected());
    });
  }

  @Test
  void anUnconnectedSocketSaysSo() throws Exception {
    run(() -> {
      try (var socket = new GreenSocket()) {
        assertFalse(socket.isConnected());
        assertFalse(socket.isBound());
        assertNull(socket.getRemoteSocketAddress());
        assertNull(socket.getLocalSocketAddress());
        assertNull(socket.getInetAddress());
        assertEquals(0, socket.getPort());
        assertEquals(-1, socket.getLocalPort());
        assertTrue(socket.getLocalAddress().isAnyLocalAddress());
        assertThrows(SocketException.class, socket::getInputStream);
        assertThrows(SocketException.class, socket::getOutputStream);
        assertThrows(SocketException.class, socket::readLine);
        assertThrows(SocketException.class, () -> socket.read(new byte[1], 0, 1));
        assertThrows(SocketException.class, socket::shutdownOutput);
      }
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void badArgumentsAreRefused() throws Exception {
    run(() -> {
      try (var socket = new GreenSocket()) {
        assertThrows(IllegalArgumentException.class, () -> socket.setSoTimeout(-1));
        assertThrows(IllegalArgumentException.class, () -> socket.connect(null));
        assertThrows(IllegalArgumentException.class, () -> socket.connect(Connected.LOOPBACK, -1));
        assertThrows(IllegalArgumentException.class, () -> socket.connect(new SocketAddress() {}));
      }
    });
  }

  @Test
  void anUnresolvedAddressIsNotBoundTo() throws Exception {
    run(() -> {
      try (var socket = new GreenSocket()) {
        var unresolved = InetSocketAddress.createUnresolved("localhost", 0);

        assertThrows(SocketException.class, () -> socket.bind(unresolved));
      }
    });
  }

  // ----------------------------------------------------------------------------------- libraries

  @Test
  void readersAndWritersOfTheJdkTakeItsStreams() throws Exception {
    onPair((here, there) -> {
      spawn(() -> echo(there));
      var writer = new PrintWriter(new OutputStreamWriter(here.getOutputStream(), UTF_8), true);
      var reader = new BufferedReader(new InputStreamReader(here.getInputStream(), UTF_8));

      writer.println("grüße");
      writer.println("second");

      assertEquals("grüße", reader.readLine());
      assertEquals("second", reader.readLine());
    });
  }

  @Test
  void theStreamsAreAlwaysTheSame() throws Exception {
    onPair((here, _) -> {
      assertSame(here.getInputStream(), here.getInputStream());
      assertSame(here.getOutputStream(), here.getOutputStream());
    });
  }

  @Test
  void transfersFromOneToAnother() throws Exception {
    run(() -> {
      try (var first = new Connected();
          var second = new Connected()) {
        spawn(() -> {
          first.accepted().getInputStream().transferTo(second.connected().getOutputStream());
          second.connected().shutdownOutput();
        });
        var sent = bytes(MEBIBYTE);
        spawn(() -> {
          first.connected().getOutputStream().write(sent);
          first.connected().shutdownOutput();
        });

        assertArrayEquals(sent, second.accepted().getInputStream().readAllBytes());
      }
    });
  }

  @Test
  void hundredsOfConnectionsEcho() throws Exception {
    run(() -> {
      try (var listener = listen(Connected.LOOPBACK, ListenOptions.DEFAULT.withBacklog(1_000))) {
        spawn(() -> Eventlet.serve(listener, GreenSocketTest::echo));
        var clients = new ArrayList<GreenThread<String>>();
        for (var i = 0; i < 300; i++) {
          var line = "line " + i;
          clients.add(
              spawn(() -> {
                try (var socket = connect(addressOf(listener))) {
                  send(socket, line + "\n");
                  return socket.readLine();
                }
              }));
        }

        for (var i = 0; i < clients.size(); i++) {
          assertEquals("line " + i, clients.get(i).await());
        }
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with the two ends of a connection.
  private interface OnPair {

    void with(GreenSocket here, GreenSocket there) throws Exception;
  }

  private static void onPair(OnPair body) throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        body.with(pair.connected(), pair.accepted());
      }
    });
  }

  private static void echo(GreenSocket socket) throws IOException {
    var bytes = new byte[8192];
    for (var count = socket.read(bytes, 0, bytes.length);
        count >= 0;
        count = socket.read(bytes, 0, bytes.length)) {
      socket.write(bytes, 0, count);
    }
    socket.shutdownOutput();
  }

  private static void send(GreenSocket socket, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    socket.write(bytes, 0, bytes.length);
  }

  /// Writes until nothing fits any more, and waits there.
  private static void fill(GreenSocket socket) throws IOException {
    while (true) {
      socket.write(new byte[MEBIBYTE], 0, MEBIBYTE);
    }
  }

  private static void reset(GreenSocket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static byte[] readSlowly(GreenSocket socket) throws IOException {
    var all = new ByteArrayOutputStream();
    var some = new byte[50_000];
    for (var count = socket.read(some, 0, some.length);
        count >= 0;
        count = socket.read(some, 0, some.length)) {
      all.write(some, 0, count);
      sleep();
    }
    return all.toByteArray();
  }

  private static long readUntil(GreenSocket socket, int end) throws IOException {
    var some = new byte[MEBIBYTE];
    for (var total = 0L; ; ) {
      var count = socket.read(some, 0, some.length);
      total += count;
      if (count < 0 || some[count - 1] == end) {
        return total;
      }
    }
  }

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /// An address that was just given up.
  private static InetSocketAddress nobodysAddress() throws IOException {
    try (var listener = listen(Connected.LOOPBACK)) {
      return (InetSocketAddress) addressOf(listener);
    }
  }
}
