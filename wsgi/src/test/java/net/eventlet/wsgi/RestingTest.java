package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.TPool;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;

/// Clients that rest hold no green thread, and what one leaves in a green thread meets no other.
@org.junit.jupiter.api.Timeout(60)
class RestingTest {

  private static final int CLIENTS = 100;

  @Test
  void manyThatRestHoldNoGreenThreads() throws Exception {
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, _ -> Response.text("here"))) {
        var before = Hub.current().statistics().alive();
        var clients = new ArrayList<GreenSocket>();
        for (var i = 0; i < CLIENTS; i++) {
          clients.add(Eventlet.connect(server.address()));
        }
        for (var client : clients) {
          assertEquals("here", ask(client, GET));
        }

        assertEquals(CLIENTS, server.statistics().resting());
        assertTrue(Hub.current().statistics().alive() <= before + 1);
        for (var client : clients) {
          assertEquals("here", ask(client, GET));
          client.close();
        }
      }
    });
  }

  @Test
  void thoseWhoComeTogetherAreServedByOneUntilItWaits() throws Exception {
    Eventlet.run(() -> {
      var go = new Event<String>();
      var threads = new ArrayList<Thread>();
      Application waitingOnce =
          request -> {
            threads.add(Thread.currentThread());
            return Response.text(request.path().equals("/wait") ? go.await() : "at once");
          };
      try (var server = Server.start(ANY, waitingOnce);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address());
          var third = Eventlet.connect(server.address());
          var fourth = Eventlet.connect(server.address())) {
        write(first, GET.replace("/ ", "/wait "));
        while (server.statistics().atWork() == 0) {
          Eventlet.sleep();
        }
        write(second, GET);
        write(third, GET);
        write(fourth, GET);

        assertEquals("at once", read(fourth));
        assertEquals("at once", read(third));
        assertEquals("at once", read(second));
        assertEquals(1, server.statistics().atWork());
        go.send("after a wait");
        assertEquals("after a wait", read(first));
        assertNotEquals(threads.get(0), threads.get(1));
        assertEquals(threads.get(1), threads.get(2));
        assertEquals(threads.get(1), threads.get(3));
      }
    });
  }

  @Test
  void aThreadLocalOfOneIsNotSeenByAnother() throws Exception {
    var local = new ThreadLocal<String>();
    Application leaving =
        request -> {
          var before = local.get();
          local.set(request.path());
          return Response.text(before == null ? "nothing" : before);
        };
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, leaving);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        assertEquals("nothing", ask(first, GET));
        assertEquals("nothing", ask(second, GET));
        assertEquals("nothing", ask(first, GET));
      }
    });
  }

  @Test
  void aTimeoutAndAHandleOfOneHarmNoOther() throws Exception {
    Eventlet.run(() -> {
      var handles = new ArrayList<GreenThread<?>>();
      Application leaving =
          request -> {
            switch (request.path()) {
              case "/timeout" -> {
                var _ = net.eventlet.Timeout.after(Duration.ofMillis(5));
              }
              case "/handle" -> handles.add(Eventlet.current());
              default -> Eventlet.sleep(Duration.ofMillis(20));
            }
            return Response.text("done");
          };
      try (var server = Server.start(ANY, leaving);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        assertEquals("done", ask(first, GET.replace("/ ", "/timeout ")));
        assertEquals("done", ask(second, GET));

        assertEquals("done", ask(first, GET.replace("/ ", "/handle ")));
        write(second, GET);
        while (server.statistics().atWork() == 0) {
          Eventlet.sleep();
        }
        handles.getFirst().kill();
        assertEquals("done", read(second));
        assertTrue(handles.getFirst().isDone());
        assertEquals(0, server.statistics().failed());
      }
    });
  }

  @Test
  void whatIsKeptOfAnAnswerOrARequestIsOfNoUseAfterwards() throws Exception {
    Eventlet.run(() -> {
      var outputs = new ArrayList<OutputStream>();
      var bodies = new ArrayList<InputStream>();
      Application keeping =
          request -> {
            bodies.add(request.body());
            return Response.written("text/plain", outputs::add);
          };
      try (var server = Server.start(ANY, keeping);
          var first = Eventlet.connect(server.address())) {
        assertEquals("", ask(first, GET));

        assertThrows(IOException.class, () -> outputs.getFirst().write('x'));
        assertThrows(IOException.class, () -> outputs.getFirst().flush());
        assertThrows(IOException.class, () -> bodies.getFirst().read());
        assertEquals("", ask(first, GET));
      }
    });
  }

  @Test
  void whoIsAtWorkInAThreadOfItsOwnWhenItsTimeIsUpTouchesNoOther() throws Exception {
    var times = TimeLimits.DEFAULT.withApplication(Duration.ofMillis(20));
    var options = ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
    Eventlet.run(() -> {
      var go = new CountDownLatch(1);
      var late = new CompletableFuture<Throwable>();
      Application elsewhere =
          request ->
              request.path().equals("/")
                  ? Response.text(new String(request.body().readAllBytes(), ISO_8859_1))
                  : TPool.execute(() -> {
                    go.await();
                    late.complete(
                        assertThrows(Throwable.class, () -> request.body().readAllBytes()));
                    return Response.text("too late");
                  });
      var post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
      try (var server = Server.start(ANY, elsewhere, options);
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        write(first, post.replace("/ HTTP", "/elsewhere HTTP"));
        assertEquals("HTTP/1.1 503 Service Unavailable", first.readLine());
        write(second, post);

        go.countDown();
        assertTrue(late.get() instanceof IllegalStateException, () -> late.join().toString());
        write(second, "mine");

        assertEquals("mine", read(second));
      }
    });
  }

  @Test
  void aHubThatClosesClosesWhoRests() throws Exception {
    var hub = Hub.start("short-lived");
    Eventlet.run(() -> {
      var server = Eventlet.spawn(hub, () -> Server.start(ANY, _ -> Response.text("here"))).await();
      var silent = Eventlet.connect(server.address());
      var resting = Eventlet.connect(server.address());
      assertEquals("here", ask(resting, GET));
      while (server.statistics().connections() < 2) {
        Eventlet.sleep(Duration.ofMillis(1));
      }

      hub.close();

      assertNull(silent.readLine());
      assertNull(resting.readLine());
      assertEquals(0, server.statistics().connections());
    });
  }

  @Test
  void eachMayRestForSoLongAfterItsOwnAnswer() throws Exception {
    var times =
        TimeLimits.DEFAULT.withFirstByte(Duration.ofMillis(40)).withIdle(Duration.ofMillis(150));
    var options = ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
    Eventlet.run(() -> {
      var begin = System.nanoTime();
      try (var server = Server.start(ANY, _ -> Response.text("here"), options);
          var silent = Eventlet.connect(server.address());
          var first = Eventlet.connect(server.address());
          var second = Eventlet.connect(server.address())) {
        assertEquals("here", ask(first, GET));
        assertEquals("here", ask(second, GET));
        assertNull(silent.readLine());
        assertEquals("here", ask(first, GET));
        assertNull(second.readLine());
        var secondGone = System.nanoTime();
        assertNull(first.readLine());

        assertTrue(secondGone - begin >= 150_000_000);
        assertTrue(System.nanoTime() - begin >= 190_000_000);
        assertEquals(0, server.statistics().connections());
      }
    });
  }

  private static String ask(GreenSocket client, String request) throws IOException {
    write(client, request);
    return read(client);
  }

  private static void write(GreenSocket client, String request) throws IOException {
    client.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  /// {@return the body of the next answer, which is sent as a whole or in one chunk at most}
  private static String read(GreenSocket client) throws IOException {
    var length = 0;
    var chunked = false;
    for (var line = line(client); !line.isEmpty(); line = line(client)) {
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
      chunked |= line.startsWith("transfer-encoding: ");
    }
    if (chunked) {
      assertEquals(List.of("0", ""), List.of(line(client), line(client)));
    }
    return new String(client.getInputStream().readNBytes(length), ISO_8859_1);
  }

  private static String line(GreenSocket client) throws IOException {
    return Objects.requireNonNull(client.readLine());
  }
}
