package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random clients, and kills of whoever answers them: every request is answered once, in its place
/// and whole, or its connection is closed; and nothing is left in the end.
class KillsTest {

  private static final int CLIENTS = 20;

  static IntStream seeds() {
    return IntStream.range(0, 10);
  }

  static IntStream manySeeds() {
    return IntStream.range(10, 500);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(60)
  void everyRequestIsAnsweredOnceOrItsConnectionClosed(int seed) throws Exception {
    Eventlet.run(() -> new Storm(seed).rage());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  @Tag("soak")
  @Timeout(60)
  void everyRequestIsAnsweredOnceOrItsConnectionClosedLongAfter(int seed) throws Exception {
    Eventlet.run(() -> new Storm(seed).rage());
  }

  /// One server, its clients, and who kills.
  private static final class Storm {

    private final Random random;
    private final List<Runnable> answering = new ArrayList<>(); // ways to kill one
    private int kills;

    Storm(int seed) {
      random = new Random(seed);
    }

    void rage() throws Exception {
      var server = Server.start(ANY, this::answer);
      var clients = new ArrayList<GreenThread<Integer>>();
      for (var i = 0; i < CLIENTS; i++) {
        var name = "c" + i;
        var seed = random.nextLong();
        clients.add(
            Eventlet.spawn(() -> new Client(server.address(), name, new Random(seed)).converse()));
      }
      var killer = Eventlet.spawn(this::kill);
      var cut = 0;
      for (var client : clients) {
        cut += client.await();
      }
      killer.kill();

      assertTrue(cut <= kills, cut + " connections were closed by " + kills + " kills");
      assertEquals(0, server.close(Duration.ofSeconds(10)).cut());
      assertEquals(0, server.statistics().atWork());
      assertEquals(0, server.statistics().connections());
      assertEquals(0, server.statistics().failed());
    }

    private Response answer(Request request) throws Exception {
      var me = killOfCurrent();
      answering.add(me);
      try {
        var text = request.path() + new String(request.body().readAllBytes(), ISO_8859_1);
        if (random.nextInt(4) == 0) {
          Eventlet.sleep(Duration.ofNanos(random.nextInt(300_000)));
        }
        var bytes = text.getBytes(ISO_8859_1);
        return switch (random.nextInt(4)) {
          case 0 -> Response.text(text);
          case 1 -> Response.stream("text/plain", new ByteArrayInputStream(bytes));
          case 2 -> Response.stream("text/plain", new ByteArrayInputStream(bytes), bytes.length);
          default ->
              Response.written(
                  "text/plain",
                  output -> {
                    for (var b : bytes) {
                      output.write(b);
                      if (random.nextInt(20) == 0) {
                        output.flush();
                        Eventlet.sleep();
                      }
                    }
                  });
        };
      } finally {
        answering.remove(me);
      }
    }

    /// By its handle, after which it serves nobody else; or by what leaves no trace in it.
    private Runnable killOfCurrent() {
      if (random.nextBoolean()) {
        return Eventlet.current()::kill;
      }
      var fiber = Objects.requireNonNull(Fiber.currentOrNull());
      return () -> fiber.unwind(new GreenThreadExit());
    }

    private void kill() {
      while (true) {
        Eventlet.sleep(Duration.ofNanos(random.nextInt(1, 2_000_000)));
        if (!answering.isEmpty()) {
          kills++;
          answering.get(random.nextInt(answering.size())).run();
        }
      }
    }
  }

  /// Sends requests in random pieces, some together, and reads the answers.
  private record Client(SocketAddress address, String name, Random random) {

    /// Answers 1 if the connection was closed before the end, and 0 if not.
    int converse() throws Exception {
      var expected = new ArrayList<String>();
      var requests = new ByteArrayOutputStream();
      var count = random.nextInt(1, 30);
      for (var i = 0; i < count; i++) {
        var path = "/" + name + "-" + i;
        var body = "x".repeat(random.nextInt(4) == 0 ? random.nextInt(20_000) : 0);
        expected.add(path + body);
        requests.writeBytes(request(path, body, i == count - 1).getBytes(ISO_8859_1));
      }
      try (var socket = Eventlet.connect(address)) {
        var sending = Eventlet.spawn(() -> send(socket, requests.toByteArray()));
        var answers = new ArrayList<String>();
        try {
          for (var answer = read(socket); answer != null; answer = read(socket)) {
            answers.add(answer);
          }
        } catch (IOException cutOff) {
          // an answer that had begun does not count
        }
        sending.kill();
        assertEquals(expected.subList(0, answers.size()), answers);
        return answers.size() < count ? 1 : 0;
      }
    }

    private String request(String path, String body, boolean last) {
      var head =
          "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + (last ? "Connection: close\r\n" : "");
      return random.nextBoolean()
          ? head + "Content-Length: " + body.length() + "\r\n\r\n" + body
          : head
              + "Transfer-Encoding: chunked\r\n\r\n"
              + (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
              + "0\r\n\r\n";
    }

    private void send(GreenSocket socket, byte[] bytes) {
      try {
        for (var at = 0; at < bytes.length; ) {
          var length = Math.min(bytes.length - at, random.nextInt(1, 6000));
          socket.write(bytes, at, length);
          at += length;
          if (random.nextInt(3) == 0) {
            Eventlet.sleep();
          }
        }
      } catch (IOException closed) {
        // the answers tell
      }
    }

    /// {@return the body of the next answer; null at the end}
    private static @Nullable String read(GreenSocket socket) throws IOException {
      var status = socket.readLine();
      if (status == null) {
        return null;
      }
      assertEquals("HTTP/1.1 200 OK", status);
      var length = -1;
      for (var line = socket.readLine(); ; line = socket.readLine()) {
        if (line == null) {
          throw new IOException("cut off in a head");
        }
        if (line.isEmpty()) {
          break;
        }
        if (line.startsWith("content-length: ")) {
          length = Integer.parseInt(line.substring(16));
        }
      }
      return length >= 0 ? readBytes(socket, length) : readChunks(socket);
    }

    private static String readBytes(GreenSocket socket, int length) throws IOException {
      var bytes = new byte[length];
      for (var had = 0; had < length; ) {
        var more = socket.read(bytes, had, length - had);
        if (more < 0) {
          throw new IOException("cut off in a body");
        }
        had += more;
      }
      return new String(bytes, ISO_8859_1);
    }

    private static String readChunks(GreenSocket socket) throws IOException {
      var body = new StringBuilder();
      while (true) {
        var size = socket.readLine();
        if (size == null || size.isEmpty()) {
          throw new IOException("cut off between chunks");
        }
        var chunk = readBytes(socket, Integer.parseInt(size, 16));
        if (!"".equals(socket.readLine())) {
          throw new IOException("cut off behind a chunk");
        }
        if (chunk.isEmpty()) {
          return body.toString();
        }
        body.append(chunk);
      }
    }
  }
}
