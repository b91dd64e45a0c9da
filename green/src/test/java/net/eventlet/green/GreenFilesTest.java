package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import net.eventlet.GreenThreadExit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreenFilesTest {

  @TempDir private Path folder;

  @Test
  void filesAreWrittenAndReadWhole() throws Exception {
    var file = folder.resolve("file");

    run(() -> {
      GreenFiles.writeString(file, "one\n");
      GreenFiles.write(file, "two\n".getBytes(UTF_8), StandardOpenOption.APPEND);

      assertEquals("one\ntwo\n", GreenFiles.readString(file));
      assertEquals(List.of("one", "two"), GreenFiles.readAllLines(file));
      assertArrayEquals("one\ntwo\n".getBytes(UTF_8), GreenFiles.readAllBytes(file));
    });
  }

  @Test
  void streamsAndChannelsReadWhatWasWritten() throws Exception {
    var file = folder.resolve("file");

    run(() -> {
      try (var output = GreenFiles.newOutputStream(file)) {
        output.write("hello".getBytes(UTF_8));
        output.write('!');
      }
      try (var input = GreenFiles.newInputStream(file)) {
        assertEquals('h', input.read());
        assertEquals(1, input.skip(1));
        var bytes = new byte[10];
        assertEquals(4, input.read(bytes, 2, 8));
        assertEquals("llo!", new String(bytes, 2, 4, UTF_8));
        assertEquals(-1, input.read(bytes, 0, 1));
      }
      try (var channel = GreenFiles.newByteChannel(file)) {
        channel.position(1);
        var buffer = ByteBuffer.allocate(3);
        assertEquals(3, channel.read(buffer));
        assertEquals("ell", new String(buffer.array(), UTF_8));
      }
    });
  }

  @Test
  void theHubGoesOnWhileAReadBlocks() throws Exception {
    Ticker.during(() -> assertEquals('x', GreenFiles.reading(new Slow(300)).read()));
  }

  @Test
  void oneWhoIsKilledHasItsArrayBackAtOnce() throws Exception {
    run(() -> {
      var bytes = new byte[1];
      var victim = spawn(() -> GreenFiles.reading(new Slow(50)).read(bytes, 0, 1));
      sleep(Duration.ofMillis(5));
      victim.kill();
      assertThrows(GreenThreadExit.class, victim::await);
      sleep(Duration.ofMillis(100));

      assertEquals(0, bytes[0]);
    });
  }

  @Test
  void whatIsNotThereIsTheJdksException() {
    assertThrows(
        NoSuchFileException.class, () -> GreenFiles.newInputStream(folder.resolve("none")));
    assertThrows(NoSuchFileException.class, () -> GreenFiles.readString(folder.resolve("none")));
  }

  @Test
  void oneWhoIsKilledWhileItOpensLeavesNothingOpen() throws Exception {
    var file = folder.resolve("file");
    GreenFiles.writeString(file, "text");
    run(() -> {
      GreenFiles.newInputStream(file).close();
      var before = LeftBehind.descriptors();
      for (var i = 0; i < 100; i++) {
        var victim = spawn(() -> GreenFiles.newInputStream(file));
        sleep();
        victim.kill();
        try {
          victim.await().close();
        } catch (GreenThreadExit killed) {
          // as it should be
        }
      }

      LeftBehind.until("no file is open", () -> LeftBehind.descriptors() == before);
    });
  }

  /// A file on a slow disk.
  private static final class Slow extends InputStream {

    private final int millis;

    Slow(int millis) {
      this.millis = millis;
    }

    @Override
    public int read() throws IOException {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return 'x';
    }
  }
}
