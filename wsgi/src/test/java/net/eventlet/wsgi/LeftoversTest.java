package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import org.junit.jupiter.api.Test;

/// What a client leaves behind, in its socket, in the green thread and in the connection that
/// served it, harms neither itself nor others later.
@org.junit.jupiter.api.Timeout(60)
class LeftoversTest {

  private static final String POST = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
  private static final Duration LONG = Duration.ofSeconds(10);

  @Test
  void aClientWhoseBodyCameBeforeItWasAskedForStillRestsForSoLongAlone() throws Exception {
    var times = TimeLimits.DEFAULT.withIdle(Duration.ofMillis(100));
    var options = ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, LeftoversTest::readLate, options);
          var client = Eventlet.connect(server.address())) {
        assertEquals("body", askLate(server, client));
        client.readLimit(LONG);

        assertNull(client.readLine());
        assertEquals(0, server.statistics().connections());
      }
    });
  }

  @Test
  void aClientWhoseBodyCameBeforeItWasAskedForIsClosedWhenItRests() throws Exception {
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, LeftoversTest::readLate);
          var client = Eventlet.connect(server.address())) {
        assertEquals("body", askLate(server, client));
        var begin = System.nanoTime();

        var closed = server.close(LONG);

        assertEquals(0, closed.cut());
        assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2);
        assertNull(client.readLine());
      }
    });
  }

  @Test
  void aClientThatSendsUrgentBytesRestsForSoLongAlone() throws Exception {
    var times = TimeLimits.DEFAULT.withIdle(Duration.ofMillis(100));
    var options = ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, LeftoversTest::readLate, options);
          var client = Eventlet.connect(server.address())) {
        assertEquals("body", askLate(server, client));
        client.sendUrgentData('!');
        client.readLimit(LONG);

        assertNull(client.readLine());
        assertEquals(0, server.statistics().connections());
      }
    });
  }

  @Test
  void anInterruptThatComesAfterTheAnswerHoldsUpNobody() throws Exception {
    Eventlet.run(() -> {
      var threads = new ArrayList<Thread>();
      var go = new Event<String>();
      Application waiting =
          request -> {
            threads.add(Thread.currentThread());
            return Response.text(request.path().equals("/wait") ? go.await() : "at once");
          };
      try (var server = Server.start(ANY, waiting);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        assertEquals("at once", ask(first, GET));
        threads.getFirst().interrupt();
        Eventlet.sleep(Duration.ofMillis(1));

        write(first, GET.replace("/ ", "/wait "));
        second.readLimit(LONG);
        assertEquals("at once", ask(second, GET));
        go.send("waited");
        assertEquals("waited", read(first));
      }
    });
  }

  @Test
  void aNameThatOneGivesToItsThreadIsNotSeenByAnother() throws Exception {
    Application naming =
        request -> {
          var before = Thread.currentThread().getName();
          Thread.currentThread().setName("busy with " + request.path());
          return Response.text(before);
        };
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, naming);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        assertEquals("", ask(first, GET));
        assertEquals("", ask(second, GET));
      }
    });
  }

  @Test
  void whoStillReadsABodyAfterTheAnswerSlowsNobodyElse() throws Exception {
    var times = TimeLimits.DEFAULT.withRate(1_000_000, Duration.ofMillis(350));
    var options = ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
    Eventlet.run(() -> {
      var others = new ArrayList<GreenSocket>();
      Application careless =
          request -> {
            if (request.path().equals("/careless")) {
              var body = request.body();
              Eventlet.spawnN(() -> readAll(body));
              Eventlet.sleep(Duration.ofMillis(200));
              write(others.getFirst(), POST);
              Eventlet.sleep(); // it waits to be served now
              return Response.text("done");
            }
            return Response.text(new String(request.body().readAllBytes(), ISO_8859_1));
          };
      try (var server = Server.start(ANY, careless, options);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        others.add(second);
        write(first, POST.replace("/ ", "/careless "));
        assertNotNull(read(first));
        write(second, "bo");
        Eventlet.sleep(Duration.ofMillis(200));
        write(second, "dy");

        assertEquals("body", read(second));
      }
    });
  }

  @Test
  void whatItsCarrierInheritsIsNotSeenByApplications() throws Exception {
    var local = new InheritableThreadLocal<String>();
    local.set("of the main thread");
    Application telling = _ -> Response.text(Objects.requireNonNullElse(local.get(), "nothing"));
    try {
      Eventlet.run(() -> {
        try (var server = Server.start(ANY, telling);
            var first = Eventlet.connect(server.address())) {
          assertEquals("nothing", ask(first, GET));
          assertEquals("nothing", ask(first, GET));
        }
      });
    } finally {
      local.remove();
    }
  }

  @Test
  void whoWaitsToBeServedWhenTheGraceIsOverIsCutOff() throws Exception {
    Eventlet.run(() -> {
      var called = new ArrayList<String>();
      Application slow =
          request -> {
            called.add(request.path());
            Eventlet.sleep(LONG);
            return Response.text("late");
          };
      try (var server = Server.start(ANY, slow)) {
        var clients = new ArrayList<GreenSocket>();
        for (var i = 0; i < 20; i++) {
          clients.add(Eventlet.connect(server.address()));
        }
        while (server.statistics().connections() < 20) {
          Eventlet.sleep();
        }
        for (var client : clients) {
          write(client, GET);
        }
        while (server.statistics().atWork() == 0) {
          Eventlet.sleep();
        }

        var closed = server.close(Duration.ZERO);

        var before = called.size();
        assertEquals(0, server.statistics().connections());
        assertEquals(20, closed.cut() + closed.finished());
        for (var client : clients) {
          assertTrue(isGone(client));
          client.close();
        }
        assertEquals(before, called.size());
      }
    });
  }

  @Test
  void aHubThatIsClosedGetsNoMoreConnections() throws Exception {
    var options = ServerOptions.DEFAULT.withHubs(2);
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, _ -> Response.text("here"), options)) {
        server.hubs().getLast().close();
        for (var i = 0; i < 4; i++) {
          var client = Eventlet.connect(server.address());
          client.readLimit(LONG);
          assertEquals("here", ask(client, GET));
        }
        assertEquals(4, server.statistics().connections());
      }
    });
  }

  /// Answers with the body, and reads it when it has come.
  private static Response readLate(Request request) throws IOException {
    while (request.socket().getInputStream().available() == 0) {
      Eventlet.sleep(Duration.ofMillis(1));
    }
    Eventlet.sleep(); // the hub has heard of it
    return Response.text(new String(request.body().readAllBytes(), ISO_8859_1));
  }

  private static String askLate(Server server, GreenSocket client) throws IOException {
    write(client, POST);
    while (server.statistics().atWork() == 0) {
      Eventlet.sleep(Duration.ofMillis(1));
    }
    write(client, "body");
    return read(client);
  }

  private static boolean isGone(GreenSocket client) throws IOException {
    try {
      return client.readLine() == null;
    } catch (SocketException reset) { // what it sent was not read
      return true;
    }
  }

  private static void readAll(InputStream body) {
    try {
      body.readAllBytes();
    } catch (IOException over) {
      // the answer has gone
    }
  }

  private static String ask(GreenSocket client, String request) throws IOException {
    write(client, request);
    return read(client);
  }

  private static void write(GreenSocket client, String request) throws IOException {
    client.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  /// {@return the body of the next answer, which has a length}
  private static String read(GreenSocket client) throws IOException {
    var length = 0;
    for (var line = line(client); !line.isEmpty(); line = line(client)) {
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    return new String(client.getInputStream().readNBytes(length), ISO_8859_1);
  }

  private static String line(GreenSocket client) throws IOException {
    return Objects.requireNonNull(client.readLine());
  }
}
