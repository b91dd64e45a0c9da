package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.CLOSING;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where a server lives, and how it ends.
@Timeout(60)
class LifeTest {

  @Test
  void severalHubsShareThePort() throws Exception {
    var hubs = ConcurrentHashMap.<String>newKeySet();
    Application naming =
        _ -> {
          hubs.add(Hub.current().name());
          return Response.text("");
        };
    try (var server = Server.start(ANY, naming, ServerOptions.DEFAULT.withHubs(3))) {
      var clients = new ArrayList<Socket>();
      for (var i = 0; i < 9; i++) {
        clients.add(new Socket("localhost", server.port()));
      }
      for (var client : clients) {
        Raw.send(client, GET + CLOSING);
        assertArrayEquals(new int[] {200, 200}, Raw.statuses(Raw.readAll(client)));
      }

      assertEquals(3, hubs.size(), hubs.toString());
      assertEquals(18, server.statistics().requests());
      assertEquals(9, server.statistics().accepted());
    }
  }

  @Test
  void aConnectionThatMayRestIsAnsweredOnceMore() throws Exception {
    var server = Server.start(ANY, _ -> Response.text("here"), ServerOptions.DEFAULT);
    try (var client = new Socket("localhost", server.port())) {
      Raw.send(client, GET);
      var first = new byte[4096];
      assertTrue(client.getInputStream().read(first) > 0);
      var closing =
          Eventlet.spawn(() -> server.close(Duration.ofMinutes(1), Duration.ofMinutes(1)));
      while (server.accepting()) {
        Thread.onSpinWait();
      }

      Raw.send(client, GET);

      var answer = Raw.readAll(client);
      assertTrue(answer.contains("connection: close"), answer);
      assertTrue(answer.endsWith("here"), answer);
      assertEquals(0, closing.await().cut());
    }
  }

  @Test
  void oneThatStillRestsIsClosedInTheEnd() throws Exception {
    var server = Server.start(ANY, _ -> Response.text("here"), ServerOptions.DEFAULT);
    try (var client = new Socket("localhost", server.port())) {
      Raw.send(client, GET);
      var first = new byte[4096];
      assertTrue(client.getInputStream().read(first) > 0);

      var closed = server.close(Duration.ofMinutes(1), Duration.ofMillis(20));

      assertEquals("", Raw.readAll(client));
      assertEquals(1, closed.finished());
    }
  }

  @Test
  void anApplicationThatSaysItIsIdleIsNotWaitedFor() throws Exception {
    var begun = new Event<Void>();
    Application listening =
        request -> {
          request.idle(true);
          begun.send(null);
          Eventlet.sleep(Duration.ofHours(1));
          return Response.text("news");
        };
    var server = Server.start(ANY, listening, ServerOptions.DEFAULT);
    try (var client = new Socket("localhost", server.port())) {
      Raw.send(client, GET);
      begun.await();

      var closed = server.close(Duration.ofHours(1));

      assertEquals(1, closed.finished());
      assertEquals(0, closed.cut());
      assertEquals("", Raw.readAll(client));
    }
  }

  @Test
  void allHubsAreClosedTogether() throws Exception {
    var begun = ConcurrentHashMap.<String>newKeySet();
    Application waiting =
        _ -> {
          begun.add(Hub.current().name());
          Eventlet.sleep(Duration.ofHours(1));
          return Response.text("");
        };
    var server = Server.start(ANY, waiting, ServerOptions.DEFAULT.withHubs(2));
    try (var first = new Socket("localhost", server.port());
        var second = new Socket("localhost", server.port())) {
      Raw.send(first, GET);
      Raw.send(second, GET);
      while (begun.size() < 2) {
        Thread.onSpinWait();
      }

      var closed = server.close(Duration.ofMillis(50));

      assertEquals(0, closed.finished());
      assertEquals(2, closed.cut());
      assertEquals("", Raw.readAll(first));
      assertEquals("", Raw.readAll(second));
      assertFalse(server.accepting());
    }
  }

  @Test
  void aPathOfTheFileSystemIsServed(@TempDir Path folder) throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    var lines = new ArrayList<String>();
    Application telling =
        request ->
            Response.text(
                request.client()
                    + " "
                    + Environ.of(request, Map.of(), List.of()).get("SERVER_NAME"));
    Eventlet.run(() -> {
      var options = ServerOptions.DEFAULT.withAccessLog(lines::add);
      try (var server = Server.start(address, telling, options);
          var client = Eventlet.connect(address)) {
        assertEquals(-1, server.port());
        client.getOutputStream().write(CLOSING.getBytes(ISO_8859_1));

        var answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);

        assertTrue(Raw.body(answer).startsWith("unix unix"), answer);
        assertTrue(lines.getFirst().startsWith("unix - - ["), lines.toString());
      }
    });
  }

  @Test
  void aClientThatResetsOrGoesAwayHarmsNobody() throws Exception {
    Eventlet.run(() -> {
      Application streaming =
          request ->
              switch (request.path()) {
                case "/read" -> Response.text("" + request.body().readAllBytes().length);
                default -> Response.written("text/plain", LifeTest::write);
              };
      try (var server = Server.start(ANY, streaming)) {
        for (var i = 0; i < 50; i++) {
          var client = Eventlet.connect(server.address());
          var request =
              i % 2 == 0
                  ? GET
                  : "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx";
          client.getOutputStream().write(request.getBytes(ISO_8859_1));
          if (i % 3 == 0) {
            Eventlet.sleep();
          }
          client.setSoLinger(i % 4 < 2, 0); // a reset
          client.close();
        }
        while (server.statistics().connections() > 0) {
          Eventlet.sleep(Duration.ofMillis(1));
        }

        assertEquals(0, server.statistics().failed());
        assertEquals(0, server.statistics().atWork());
        try (var client = Eventlet.connect(server.address())) {
          client.getOutputStream().write(GET.getBytes(ISO_8859_1));
          assertEquals("HTTP/1.1 200 OK", client.readLine());
        }
      }
    });
  }

  private static void write(OutputStream output) throws IOException {
    for (var i = 0; i < 100; i++) {
      output.write(new byte[100_000]);
    }
  }

  @Test
  void aServerWithoutDescriptorsTurnsClientsAwayAndServesThoseItHas() throws Exception {
    var few = new Descriptors(100);
    Eventlet.run(() -> {
      try (var listener = Eventlet.listen(ANY);
          var _ = Eventlet.connect(listener.getLocalSocketAddress());
          var accepted = listener.accept()) {
        var fileno = accepted.fileno();
        assertEquals(fileno >= 94, few.isScarce(accepted));
        assertTrue(new Descriptors(fileno).isScarce(accepted));
        assertFalse(new Descriptors(2 * fileno + 1000).isScarce(accepted));
      }
    });
    assertTrue(Descriptors.ofThisProcess().most() > 100);
  }

  @Test
  void aWaitingAnswerIsFinishedWhileTheListenerIsClosed() throws Exception {
    Eventlet.run(() -> {
      var go = new Event<String>();
      var server = Server.start(ANY, _ -> Response.text(go.await()));
      try (GreenSocket client = Eventlet.connect(server.address())) {
        client.getOutputStream().write((GET + GET).getBytes(ISO_8859_1));
        while (server.statistics().atWork() == 0) {
          Eventlet.sleep();
        }
        var closing = Eventlet.spawn(() -> server.close(Duration.ofSeconds(10)));
        while (server.accepting()) {
          Eventlet.sleep();
        }
        go.send("late");

        var answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);

        assertArrayEquals(new int[] {200}, Raw.statuses(answer)); // the second is not answered
        assertTrue(answer.contains("connection: close\r\n"), answer);
        assertEquals(new Closed(1, List.of()), closing.await());
      } catch (SocketException reset) {
        throw new AssertionError("the answer was taken back", reset);
      }
    });
  }
}
