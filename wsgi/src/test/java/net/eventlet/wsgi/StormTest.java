package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that rest, for too long at times, and applications that leave traces, fail, and are
/// killed, until the server is closed at any instant: what is answered is whole and in its place,
/// nobody sees what another left, and nothing remains.
class StormTest {

  private static final int CLIENTS = 16;
  private static final Duration LONG = Duration.ofSeconds(20);

  static IntStream seeds() {
    return IntStream.range(0, 6);
  }

  static IntStream manySeeds() {
    return IntStream.range(6, 800);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(60)
  void nothingRemains(int seed) throws Exception {
    Eventlet.run(() -> new Storm(seed).rage());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  @Tag("soak")
  @Timeout(60)
  void nothingRemainsLongAfter(int seed) throws Exception {
    Eventlet.run(() -> new Storm(seed).rage());
  }

  /// One server, its clients, and who kills.
  private static final class Storm {

    private final Random random;
    private final int seed;
    private final Set<Runnable> killing = ConcurrentHashMap.newKeySet(); // ways to kill one
    private final ThreadLocal<String> trace = new ThreadLocal<>();
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    Storm(int seed) {
      this.seed = seed;
      random = new Random(seed);
    }

    void rage() throws Exception {
      var before = Hub.current().statistics().alive();
      var times =
          TimeLimits.DEFAULT
              .withFirstByte(Duration.ofMillis(20))
              .withIdle(Duration.ofMillis(1 + random.nextInt(20)));
      var limits =
          ServerLimits.DEFAULT
              .withTimes(times)
              .withConnections(ConnectionLimits.DEFAULT.withPerAddress(1000));
      var options = ServerOptions.DEFAULT.withLimits(limits).withHubs(1 + random.nextInt(2));
      var server = Server.start(ANY, this::answer, options);
      var clients = new ArrayList<GreenThread<Integer>>();
      for (var i = 0; i < CLIENTS; i++) {
        var client = new Visitor(server.address(), "c" + i, new Random(random.nextLong()));
        clients.add(Eventlet.spawn(client::visit));
      }
      var killer = Eventlet.spawn(this::kill);
      Eventlet.sleep(Duration.ofMillis(random.nextInt(1, 300)));

      var closed = server.close(millis(), millis());

      killer.kill();
      for (var client : clients) {
        client.await(LONG);
      }
      assertEquals(null, wrong.get());
      assertTrue(closed.cut() + closed.finished() >= 0);
      var deadline = System.nanoTime() + LONG.toNanos();
      while (isAnythingLeft(server, before) && System.nanoTime() < deadline) {
        Eventlet.sleep(Duration.ofMillis(1));
      }
      assertEquals(0, server.statistics().connections());
      assertEquals(0, server.statistics().atWork());
      assertEquals(before, Hub.current().statistics().alive());
    }

    private static boolean isAnythingLeft(Server server, int before) {
      return server.statistics().connections() > 0
          || server.statistics().atWork() > 0
          || Hub.current().statistics().alive() > before;
    }

    private Duration millis() {
      return Duration.ofMillis(random.nextInt(30));
    }

    /// What it does depends on the path alone.
    private Response answer(Request request) throws Exception {
      var path = request.path();
      var who = path.substring(1, path.indexOf('-'));
      var dice = new Random(seed * 31L + path.hashCode());
      var left = trace.get();
      if (left != null && !left.equals(who)) {
        wrong.set(path + " sees what " + left + " left");
      }
      if (!Thread.currentThread().getName().isEmpty()
          && !Thread.currentThread().getName().equals(who)) {
        wrong.set(path + " runs in " + Thread.currentThread().getName());
      }
      var kill = killOfCurrent(dice);
      killing.add(kill);
      try {
        if (dice.nextBoolean()) {
          Eventlet.sleep(Duration.ofNanos(dice.nextInt(300_000)));
        }
        leaveSomething(dice, who);
        var body = new String(request.body().readAllBytes(), ISO_8859_1);
        if (dice.nextInt(4) == 0) {
          Eventlet.sleep(Duration.ofNanos(dice.nextInt(3_000_000)));
        }
        var text = path + body;
        return dice.nextBoolean()
            ? Response.text(text)
            : Response.written(
                "text/plain",
                output -> {
                  output.write(text.substring(0, text.length() / 2).getBytes(ISO_8859_1));
                  output.flush();
                  Eventlet.sleep();
                  output.write(text.substring(text.length() / 2).getBytes(ISO_8859_1));
                });
      } finally {
        killing.remove(kill);
      }
    }

    private Runnable killOfCurrent(Random dice) {
      return switch (dice.nextInt(20)) {
        case 0 -> Eventlet.current()::kill;
        case 1 -> Thread.currentThread()::interrupt;
        default -> new ArrayList<>()::clear;
      };
    }

    private void leaveSomething(Random dice, String who) {
      switch (dice.nextInt(40)) {
        case 0 -> trace.set(who);
        case 1 -> Thread.currentThread().setName(who);
        case 2 -> {
          var _ = net.eventlet.Timeout.after(Duration.ofNanos(dice.nextInt(2_000_000)));
        }
        case 3 -> Eventlet.current().kill();
        case 4 -> Thread.currentThread().interrupt();
        case 5 -> throw new Simulated();
        case 6 -> throw new IllegalStateException("simulated");
        default -> {}
      }
    }

    private void kill() {
      while (true) {
        Eventlet.sleep(Duration.ofNanos(random.nextInt(1, 1_000_000)));
        killing.stream()
            .skip(random.nextInt(1 + killing.size()))
            .findFirst()
            .ifPresent(Runnable::run);
      }
    }
  }

  /// Stands for what the JVM throws when it has no memory left.
  private static final class Simulated extends VirtualMachineError {
    private static final long serialVersionUID = 1;
  }

  /// Connects again and again, asks, and rests in between, until nobody listens.
  private record Visitor(SocketAddress address, String name, Random random) {

    /// Answers how many answers it got.
    int visit() throws Exception {
      var answers = 0;
      for (var i = 0; ; i++) {
        GreenSocket socket;
        try {
          socket = Eventlet.connect(address);
        } catch (IOException closed) {
          return answers;
        }
        try (socket) {
          socket.readLimit(LONG);
          var limit = random.nextInt(6);
          for (var j = 0; j < limit && ask(socket, "/" + name + "-" + i + "-" + j + "-"); j++) {
            answers++;
            if (random.nextInt(3) == 0) {
              Eventlet.sleep(Duration.ofNanos(random.nextInt(25_000_000)));
            }
          }
        } catch (SocketTimeoutException forgotten) {
          throw new AssertionError(name + " was neither answered nor closed", forgotten);
        } catch (IOException cutOff) {
          // the next one
        }
      }
    }

    /// Sends some requests at once, and reads the answers. Answers whether there may be more.
    private boolean ask(GreenSocket socket, String path) throws IOException {
      var count = random.nextInt(1, 4);
      var expected = new ArrayList<String>();
      for (var i = 0; i < count; i++) {
        var body = "x".repeat(random.nextInt(3) == 0 ? random.nextInt(3000) : 0);
        expected.add(path + i + body);
        var head = "POST %s%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n";
        write(socket, head.formatted(path, i, body.length()));
        if (random.nextBoolean()) {
          Eventlet.sleep(Duration.ofNanos(random.nextInt(500_000)));
        }
        write(socket, body);
      }
      for (var one : expected) {
        var status = socket.readLine();
        if (status == null || !status.endsWith(" 200 OK")) {
          return false;
        }
        var answer = body(socket);
        if (answer == null) {
          return false;
        }
        assertEquals(one, answer);
      }
      return true;
    }

    private static void write(GreenSocket socket, String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /// {@return what follows a status line; null if it is cut off}
    private static @Nullable String body(GreenSocket socket) throws IOException {
      var length = -1;
      for (var line = socket.readLine(); !"".equals(line); line = socket.readLine()) {
        if (line == null) {
          return null;
        }
        if (line.startsWith("content-length: ")) {
          length = Integer.parseInt(line.substring(16));
        }
      }
      if (length >= 0) {
        return bytes(socket, length);
      }
      var body = new StringBuilder();
      while (true) {
        var size = socket.readLine();
        if (size == null || size.isEmpty()) {
          return null;
        }
        var chunk = bytes(socket, Integer.parseInt(size, 16));
        if (chunk == null || !"".equals(socket.readLine())) {
          return null;
        }
        if (chunk.isEmpty()) {
          return body.toString();
        }
        body.append(chunk);
      }
    }

    private static @Nullable String bytes(GreenSocket socket, int length) throws IOException {
      var bytes = Objects.requireNonNull(socket.getInputStream().readNBytes(length));
      return bytes.length < length ? null : new String(bytes, ISO_8859_1);
    }
  }
}
