package net.eventlet.green;

import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectTest {

  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofSeconds(20);
  private static final List<Object> NONE = List.of();

  @Test
  void allThatAreReadyAreToldInTheOrderGiven() throws Exception {
    run(() -> {
      try (var quiet = Os.pipe();
          var first = Os.pipe();
          var second = Os.pipe()) {
        first.sink().write('a');
        second.sink().write('b');

        var ready =
            Select.select(
                List.of(second.source(), quiet.source(), first.source()),
                List.<Object>of(quiet.sink()),
                LATE);

        assertEquals(List.of(second.source(), first.source()), ready.readers());
        assertEquals(List.of(quiet.sink()), ready.writers());
      }
    });
  }

  @Test
  void theHubGoesOnUntilOneIsReady() throws Exception {
    Ticker.during(() -> {
      try (var pipe = Os.pipe();
          var quiet = Os.pipe()) {
        spawn(() -> {
          sleep(SOON);
          pipe.sink().write('a');
        });

        var ready = Select.select(List.of(quiet.source(), pipe.source()), List.of(), LATE);

        assertEquals(List.of(pipe.source()), ready.readers());
      }
    });
  }

  @Test
  void itEndsWhenTheTimeRunsOut() throws Exception {
    Ticker.during(() -> {
      try (var pipe = Os.pipe()) {
        assertTrue(Select.select(List.of(pipe.source()), List.of(), SOON).isEmpty());
      }
    });
  }

  @Test
  void aLimitOfZeroLooksOnce() throws Exception {
    run(() -> {
      try (var pipe = Os.pipe()) {
        assertTrue(Select.select(List.of(pipe.source()), NONE, Duration.ZERO).isEmpty());
        pipe.sink().write('a');
        assertEquals(
            List.of(pipe.source()),
            Select.select(List.of(pipe.source()), NONE, Duration.ZERO).readers());
      }
    });
  }

  @Test
  void theEndOfAStreamAndABrokenPipeAreReady() throws Exception {
    run(() -> {
      try (var ended = Os.pipe();
          var broken = Os.pipe()) {
        ended.sink().close();
        broken.source().close();

        var ready = Select.select(List.of(ended.source()), List.of(broken.sink()), LATE);

        assertEquals(1, ready.readers().size());
        assertEquals(1, ready.writers().size());
      }
    });
  }

  @Test
  void socketsAndListenersAndWhatASocketHasReadAheadAreSeen() throws Exception {
    run(() -> {
      try (var listener = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          var client = connect(listener.getLocalSocketAddress())) {
        assertEquals(
            List.of(listener), Select.select(List.of(listener), List.of(), LATE).readers());
        try (var server = listener.accept()) {
          assertTrue(Select.select(List.of(server), NONE, Duration.ZERO).isEmpty());
          client.getOutputStream().write("one\ntwo\n".getBytes());
          assertEquals("one", server.readLine()); // and has read the other

          var ready = Select.select(List.of(server, client), List.of(client), LATE);

          assertEquals(List.of(server), ready.readers());
          assertEquals(List.of(client), ready.writers());
        }
      }
    });
  }

  @Test
  void stockChannelsAndNumbersAreSeen(@TempDir Path folder) throws Exception {
    run(() -> {
      try (var listener = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          var channel = SocketChannel.open(listener.getLocalSocketAddress());
          var server = listener.accept();
          var file = new RandomAccessFile(folder.resolve("file").toFile(), "rw")) {
        var pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        server.write(ByteBuffer.wrap(new byte[1]));

        var ready =
            Select.select(
                List.of(channel, channel.socket(), pipe.source(), server.fileno()),
                List.of(pipe.sink()),
                LATE);

        assertEquals(List.of(channel, channel.socket(), pipe.source()), ready.readers());
        assertEquals(List.of(pipe.sink()), ready.writers());
        pipe.sink().close();
        pipe.source().close();
        assertThrows(
            ClosedChannelException.class,
            () -> Select.select(List.of(pipe.source()), List.of(), LATE));
        assertTrue(file.getFD().valid());
      }
    });
  }

  @Test
  void itWorksOffAHubAsWell() throws Exception {
    try (var pipe = Os.pipe()) {
      assertTrue(Select.select(List.of(pipe.source()), List.of(), Duration.ofMillis(10)).isEmpty());
      pipe.sink().write('a');
      assertEquals(1, Select.select(List.of(pipe.source()), List.of(), null).readers().size());
    }
  }

  @Test
  void whatCannotBeWaitedForIsRefused() throws Exception {
    var closed = Os.pipe();
    closed.close();

    assertThrows(
        IllegalArgumentException.class, () -> Select.select(List.of("text"), List.of(), LATE));
    assertThrows(
        IllegalArgumentException.class,
        () -> Select.select(List.of(new Socket()), List.of(), LATE));
    assertThrows(IllegalArgumentException.class, () -> Select.select(List.of(-1), List.of(), LATE));
    assertThrows(IOException.class, () -> Select.select(List.of(closed.source()), List.of(), LATE));
    assertThrows(IOException.class, () -> Select.select(List.of(1_000_000), List.of(), LATE));
  }

  @Test
  void aSelectLeavesNothingOpen() throws Exception {
    run(() -> {
      try (var pipe = Os.pipe()) {
        Select.select(List.of(pipe.source()), List.of(), Duration.ofMillis(1));
        var before = LeftBehind.descriptors();
        for (var i = 0; i < 20; i++) {
          Select.select(List.of(pipe.source()), List.of(), Duration.ofMillis(1));
          var victim = spawn(() -> Select.select(List.of(pipe.source()), List.of(), null));
          sleep();
          victim.kill();
        }
        sleep();

        assertEquals(before, LeftBehind.descriptors());
      }
    });
  }

  @Test
  void aStockSelectorLetsTheHubGoOn() throws Exception {
    Ticker.during(() -> {
      var pipe = Pipe.open();
      try (var selector = Selector.open();
          var source = pipe.source();
          var sink = pipe.sink()) {
        source.configureBlocking(false);
        source.register(selector, SelectionKey.OP_READ);
        assertEquals(0, selector.select(SOON.toMillis()));
        spawn(() -> {
          sleep(SOON);
          sink.write(ByteBuffer.wrap(new byte[1]));
        });

        assertEquals(1, selector.select());
      }
    });
  }
}
