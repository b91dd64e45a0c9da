package net.eventlet.isolated;

import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import net.eventlet.Action;
import net.eventlet.GreenDatagramSocket;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that has no descriptors left.
@Tag("poller")
@SuppressWarnings("SystemOut")
class DescriptorsTest {

  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir private Path folder;

  /// The JDK reads its time zones with the first record that it formats.
  @Test
  void acceptBacksOffThoughTheWarningCannotBeLogged() throws Exception {
    var printed = programWithFewDescriptors(AcceptsBeforeAnythingIsLogged.class);

    assertEquals("waits\nticks\naccepted 5\n", printed.out(), printed::toString);
  }

  @Test
  void acceptBacksOffAndGoesOnOnceThereAreSomeAgain() throws Exception {
    var printed = programWithFewDescriptors(Accepts.class);

    assertEquals("waits\nticks\naccepted 5\n", printed.out(), printed::toString);
    var warnings =
        printed.err().lines().filter(line -> line.contains("Too many open files")).toList();
    assertEquals(1, warnings.size(), printed::toString);
  }

  @Test
  void connectListenAndTheRestFailAsTheJdksDo() throws Exception {
    var printed = programWithFewDescriptors(Connects.class);

    assertEquals(
        """
        connect: Too many open files
        listen: Too many open files
        datagram: Too many open files
        works again
        """,
        printed.out(),
        printed::toString);
  }

  @Test
  void anAcceptThatBacksOffEndsWhenTheListenerIsClosed() throws Exception {
    assertEquals("closed\nat once\n", programWithFewDescriptors(Closes.class).out());
  }

  @Test
  void anAcceptThatBacksOffRunsOutOfTime() throws Exception {
    assertEquals("timed out\nin time\n", programWithFewDescriptors(RunsOut.class).out());
  }

  @Test
  void anAcceptThatBacksOffIsKilled() throws Exception {
    assertEquals("killed\naccepted 5\n", programWithFewDescriptors(IsKilled.class).out());
  }

  private ChildJvm.Printed programWithFewDescriptors(Class<?> program) throws Exception {
    return new ChildJvm(folder, "ulimit -n 80").run(program);
  }

  // ------------------------------------------------------------------------------------ programs

  /// A listener with five connections waiting, and no descriptor left to accept one.
  private static final class Exhausted implements AutoCloseable {

    private final GreenServerSocket listener = listen(loopback());
    private final List<GreenSocket> waiting = new ArrayList<>();
    private final List<GreenSocket> rest = new ArrayList<>();

    Exhausted() throws IOException {
      for (var i = 0; i < 5; i++) {
        waiting.add(connect(address()));
      }
      try {
        while (true) {
          var socket = new GreenSocket();
          socket.bind(loopback());
          rest.add(socket);
        }
      } catch (SocketException full) {
        require("Too many open files".equals(full.getMessage()));
      }
    }

    SocketAddress address() {
      return Objects.requireNonNull(listener.getLocalSocketAddress());
    }

    void giveUpTheRest() {
      rest.forEach(GreenSocket::close);
      rest.clear();
    }

    int acceptAll() throws IOException {
      for (var accepted = 0; accepted < waiting.size(); accepted++) {
        waiting.get(accepted).write(new byte[] {7}, 0, 1);
        try (var connection = listener.accept()) {
          require(connection.getInputStream().read() == 7);
        }
      }
      return waiting.size();
    }

    @Override
    public void close() {
      giveUpTheRest();
      waiting.forEach(GreenSocket::close);
      listener.close();
    }

    private static void require(boolean expected) throws IOException {
      if (!expected) {
        throw new IOException("not as it should be");
      }
    }

    private static InetSocketAddress loopback() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
  }

  static final class AcceptsBeforeAnythingIsLogged {

    public static void main(String[] args) throws Exception {
      System.getLogger("begin")
          .log(System.Logger.Level.DEBUG, "which begins it, and shows nothing");
      Accepts.accept();
    }
  }

  static final class Accepts {

    public static void main(String[] args) throws Exception {
      warmUp();
      accept();
    }

    static void accept() throws Exception {
      run(() -> {
        try (var exhausted = new Exhausted()) {
          var accepting = spawn(exhausted::acceptAll);
          var ticks = 0;
          while (ticks < 20) {
            sleep(Duration.ofMillis(5));
            ticks++;
          }
          System.out.println(accepting.isDone() ? "does not wait" : "waits");
          System.out.println("ticks");
          exhausted.giveUpTheRest();
          System.out.println("accepted " + accepting.await());
        }
      });
    }
  }

  static final class Connects {

    public static void main(String[] args) throws Exception {
      warmUp();
      run(() -> {
        try (var exhausted = new Exhausted()) {
          fails("connect", () -> connect(exhausted.address()).close());
          fails("listen", () -> listen(Exhausted.loopback()).close());
          fails("datagram", () -> new GreenDatagramSocket().close());
          exhausted.giveUpTheRest();
          connect(exhausted.address()).close();
          listen(Exhausted.loopback()).close();
          new GreenDatagramSocket().close();
          System.out.println("works again");
        }
      });
    }

    private static void fails(String what, Action action) throws Exception {
      try {
        action.run();
        System.out.println(what + " works");
      } catch (SocketException e) {
        System.out.println(what + ": " + e.getMessage());
      }
    }
  }

  static final class Closes {

    public static void main(String[] args) throws Exception {
      warmUp();
      run(() -> {
        try (var exhausted = new Exhausted()) {
          var accepting = spawn(exhausted::acceptAll);
          sleep(Duration.ofMillis(700)); // by now it waits long
          var begin = System.nanoTime();
          exhausted.listener.close();
          try {
            accepting.await();
          } catch (SocketException closed) {
            System.out.println("closed");
          }
          System.out.println(took(begin) < 100 ? "at once" : "after " + took(begin) + " ms");
        }
      });
    }
  }

  static final class RunsOut {

    public static void main(String[] args) throws Exception {
      warmUp();
      run(() -> {
        try (var exhausted = new Exhausted()) {
          exhausted.listener.setSoTimeout((int) SHORT.toMillis());
          var begin = System.nanoTime();
          var accepting = spawn(exhausted::acceptAll);
          try {
            accepting.await(Duration.ofSeconds(5));
          } catch (SocketTimeoutException ranOut) {
            System.out.println("timed out");
          } catch (TimeoutException never) {
            System.out.println("waits for ever");
          }
          System.out.println(took(begin) < 2_000 ? "in time" : "after " + took(begin) + " ms");
        }
      });
    }
  }

  static final class IsKilled {

    public static void main(String[] args) throws Exception {
      warmUp();
      run(() -> {
        try (var exhausted = new Exhausted()) {
          var accepting = spawn(exhausted::acceptAll);
          sleep(SHORT);
          accepting.kill();
          System.out.println(accepting.isCancelled() ? "killed" : accepting.toString());
          exhausted.giveUpTheRest();
          System.out.println("accepted " + exhausted.acceptAll());
        }
      });
    }
  }

  /// The first record that is logged needs descriptors, and so does the first datagram socket.
  private static void warmUp() throws IOException {
    System.getLogger("warm up").log(System.Logger.Level.WARNING, "logging has what it needs");
    new GreenDatagramSocket().close();
  }

  private static long took(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
