package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.GreenThreadExit;
import net.eventlet.TPool;
import net.eventlet.posix.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OsTest {

  private static final Duration SOON = Duration.ofMillis(200);

  @Test
  void aPipeCarriesBytesAndItsEnd() throws Exception {
    Ticker.during(() -> {
      try (var pipe = Os.pipe()) {
        spawn(() -> {
          sleep(SOON);
          pipe.sink().write("hello".getBytes(UTF_8));
          pipe.sink().close();
        });

        assertEquals("hello", new String(pipe.source().readAllBytes(), UTF_8));
        assertEquals(-1, pipe.source().read());
      }
    });
  }

  @Test
  void aFullPipeHoldsUpTheWriterAndNotTheHub() throws Exception {
    var much = new byte[1_000_000];

    Ticker.during(() -> {
      try (var pipe = Os.pipe()) {
        var writer =
            spawn(() -> {
              pipe.sink().write(ByteBuffer.wrap(much));
              pipe.sink().close();
            });
        sleep(SOON);
        assertTrue(pipe.source().available() > 0);

        assertEquals(much.length, pipe.source().readAllBytes().length);
        writer.await();
      }
    });
  }

  @Test
  void closingWakesWhoeverWaits() throws Exception {
    run(() -> {
      var pipe = Os.pipe();
      var reader = spawn(() -> pipe.source().read());
      sleep();
      pipe.close();

      assertEquals("Stream closed", assertThrows(IOException.class, reader::await).getMessage());
      assertThrows(IOException.class, () -> pipe.sink().write(1));
      assertThrows(IOException.class, () -> pipe.source().fileno());
    });
  }

  @Test
  void aKillLosesNothing() throws Exception {
    run(() -> {
      try (var pipe = Os.pipe()) {
        var victim = spawn(() -> pipe.source().read());
        sleep();
        victim.kill();
        pipe.sink().write('a');

        assertThrows(GreenThreadExit.class, victim::await);
        assertEquals('a', pipe.source().read());
      }
    });
  }

  @Test
  void writingToNobodyIsAnError() throws Exception {
    try (var pipe = Os.pipe()) {
      pipe.source().close();

      var failure = assertThrows(IOException.class, () -> pipe.sink().write(1));

      assertEquals("Broken pipe", failure.getMessage());
    }
  }

  @Test
  void whatIsNoPipeIsNotAdopted() {
    assertThrows(IllegalArgumentException.class, () -> GreenInputStream.adopt(1_000_000));
    assertThrows(IllegalArgumentException.class, () -> GreenOutputStream.adopt(-1));
  }

  @Test
  void readAndWriteWaitForDescriptorsByNumber() throws Exception {
    Ticker.during(() -> {
      try (var pipe = Os.pipe()) {
        spawn(() -> {
          sleep(SOON);
          assertEquals(2, Os.write(pipe.sink().fileno(), new byte[] {0, 7, 8}, 1, 2));
          pipe.sink().close();
        });
        var bytes = new byte[10];

        assertEquals(2, Os.read(pipe.source().fileno(), bytes, 1, 9));
        assertEquals(8, bytes[2]);
        assertEquals(-1, Os.read(pipe.source().fileno(), bytes, 0, 1));
      }
      assertThrows(IOException.class, () -> Os.read(1_000_000, new byte[1], 0, 1));
    });
  }

  @Test
  void waitpidSeesTheEndOfAChildOfNativeCode() throws Exception {
    Ticker.during(() -> {
      int pid = TPool.execute(() -> nativeChild("sleep 0.2; exit 4"));

      assertThrows(TimeoutException.class, () -> Os.waitpid(pid, Duration.ofMillis(20)));
      assertEquals(4, Os.waitpid(pid, null));
      assertThrows(IOException.class, () -> Os.waitpid(pid, null));
    });
  }

  private static int nativeChild(String script) {
    return Processes.spawn(
        "/bin/sh\0".getBytes(UTF_8),
        List.of("sh\0".getBytes(UTF_8), "-c\0".getBytes(UTF_8), (script + "\0").getBytes(UTF_8)),
        List.of(),
        new byte[0],
        List.of(0, 1, 2),
        Processes.Group.OWN);
  }

  @Test
  void theJdksOwnChildrenKeepTheirStatus() throws Exception {
    run(() -> {
      var stock = new ProcessBuilder("sh", "-c", "sleep 0.05; exit 6").start();
      try (var ours = Subprocess.popen("sh", "-c", "sleep 0.05; exit 5")) {
        var byHandle = ProcessHandle.of(ours.pid()).orElseThrow().onExit();

        assertEquals(6, stock.waitFor());
        assertEquals(5, ours.waitFor());
        assertEquals(ours.pid(), byHandle.get().pid());
      }
    });
  }

  @Test
  void standardInputIsAPipeAFileOrNothing(@TempDir Path folder) throws Exception {
    var file = folder.resolve("input");
    GreenFiles.writeString(file, "from a file\n");

    assertEquals("ready\nfrom a file\n", JavaChild.run("exec \"$@\" <" + file, Cat.class));
    assertEquals("ready\n", JavaChild.run("exec \"$@\" </dev/null", Cat.class));
    var piped = Command.of(JavaChild.command(Cat.class)).withError(Stdio.INHERIT);
    try (var child = Subprocess.popen(piped)) {
      assertEquals("ready", child.inputReader().readLine());
      Thread.sleep(SOON);
      var done = child.communicate("from a pipe\n".getBytes(UTF_8), Duration.ofSeconds(60)).check();
      assertEquals("from a pipe\n", done.output());
    }
  }

  /// Copies its input, while it ticks.
  static final class Cat {

    private Cat() {}

    public static void main(String[] arguments) throws Exception {
      run(() -> {
        System.out.println("ready");
        var ticks = new AtomicInteger();
        spawn(() -> {
          while (true) {
            sleep(Duration.ofMillis(5));
            ticks.incrementAndGet();
          }
        });
        var bytes = Os.standardInput().readAllBytes();
        System.out.write(bytes);
        System.out.flush();
        if (new String(bytes, UTF_8).contains("pipe") && ticks.get() < 5) {
          throw new AssertionError("the hub was held up: " + ticks);
        }
      });
    }
  }
}
