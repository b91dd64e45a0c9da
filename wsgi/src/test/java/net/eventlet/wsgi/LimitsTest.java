package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.CLOSING;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// Every limit, at the bound and one over.
@Timeout(30)
class LimitsTest {

  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Application READING =
      request -> Response.text("read " + request.body().readAllBytes().length);
  private static final String CHUNKS =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static ServerOptions options(HeadLimits head) {
    return ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withHead(head));
  }

  private static ServerOptions options(BodyLimits body) {
    return ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withBody(body));
  }

  private static ServerOptions options(TimeLimits times) {
    return ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
  }

  private static ServerOptions options(ConnectionLimits connections) {
    return ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withConnections(connections));
  }

  private static void assertLimit(ServerOptions options, int status, String atTheBound, String over)
      throws IOException {
    assertArrayEquals(new int[] {200}, Raw.statuses(Raw.ask(READING, options, atTheBound)));
    assertArrayEquals(new int[] {status}, Raw.statuses(Raw.ask(READING, options, over)));
  }

  // ----------------------------------------------------------------------------------- application

  @Test
  void anApplicationThatTakesTooLongIsEndedWhereverItWaits() throws Exception {
    var ended = new ArrayList<String>();
    Application slow =
        request -> {
          try {
            switch (request.path()) {
              case "/ours" -> sleep(Duration.ofHours(1));
              case "/jdk" -> Thread.sleep(Duration.ofHours(1));
              case "/body" -> request.body().readAllBytes();
              default -> {}
            }
          } finally {
            ended.add(request.path());
          }
          return Response.text("in time");
        };
    var options = options(TimeLimits.DEFAULT.withApplication(SHORT));
    try (var server = Server.start(ANY, slow, options)) {
      for (var path : List.of("/ours", "/jdk", "/body")) {
        try (var client = new Socket("localhost", server.port())) {
          Raw.send(client, "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
          var answer = Raw.readAll(client);
          assertArrayEquals(new int[] {503}, Raw.statuses(answer), path);
          assertTrue(answer.contains("connection: close\r\n"), answer);
        }
      }
      assertArrayEquals(new int[] {200, 200}, Raw.statuses(Raw.ask(server.port(), GET + CLOSING)));
      assertEquals(3, server.statistics().failed());
    }
    assertEquals(List.of("/ours", "/jdk", "/body", "/", "/"), ended);
  }

  @Test
  void anAnswerThatHasBegunIsCutOffWhenItsApplicationTakesTooLong() throws Exception {
    WsgiApplication slow =
        (_, startResponse) -> {
          startResponse.call("200 OK", List.of()).write("begun".getBytes(ISO_8859_1));
          sleep(Duration.ofHours(1));
          return List.of();
        };
    var options = options(TimeLimits.DEFAULT.withApplication(SHORT));

    var answer = Raw.ask(Wsgi.application(slow), options, GET);

    assertArrayEquals(new int[] {200}, Raw.statuses(answer));
    assertTrue(answer.endsWith("begun\r\n"), answer); // and no last chunk
  }

  @Test
  void aTimeoutOfTheApplicationsOwnIsAFailureOfItsOwn() throws Exception {
    Application failing =
        _ -> {
          try (var _ = net.eventlet.Timeout.after(Duration.ofMillis(1))) {
            sleep(Duration.ofHours(1));
          }
          return Response.text("");
        };
    var options = options(TimeLimits.DEFAULT.withApplication(Duration.ofMinutes(1)));

    assertArrayEquals(new int[] {500}, Raw.statuses(Raw.ask(failing, options, GET)));
  }

  // ----------------------------------------------------------------------------------------- bytes

  @Test
  void theRequestLine() throws IOException {
    var path = "/".repeat(40 - "GET  HTTP/1.1".length());

    assertLimit(
        options(HeadLimits.DEFAULT.withRequestLineBytes(40)),
        414,
        "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /" + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  @Test
  void oneField() throws IOException {
    var field = "GET / HTTP/1.1\r\nHost: x\r\na: " + "b".repeat(27);

    assertLimit(
        options(HeadLimits.DEFAULT.withFieldBytes(30)),
        431,
        field + "\r\n\r\n",
        field + "b\r\n\r\n");
  }

  @Test
  void theNumberOfFields() throws IOException {
    assertLimit(
        options(HeadLimits.DEFAULT.withFields(5)),
        431,
        "GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(4) + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(5) + "\r\n");
  }

  @Test
  void theWholeHead() throws IOException {
    var begin = "GET / HTTP/1.1\r\nHost: x\r\na: ";
    var head = begin + "b".repeat(200 - begin.length() - 4);

    assertLimit(
        options(HeadLimits.DEFAULT.withBytes(200)), 431, head + "\r\n\r\n", head + "b\r\n\r\n");
  }

  @Test
  void aHeadWithoutEndIsRefusedBeforeItEnds() throws IOException {
    var answer =
        Raw.ask(READING, options(HeadLimits.DEFAULT.withBytes(200)), "GET /" + "a".repeat(300));

    assertArrayEquals(new int[] {431}, Raw.statuses(answer));
  }

  @Test
  void theBody() throws IOException {
    var begin = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";
    var options = options(BodyLimits.DEFAULT.withBytes(10));

    assertLimit(options, 413, begin + "10\r\n\r\n0123456789", begin + "11\r\n\r\n0123456789a");
    assertLimit(
        options,
        413,
        CHUNKS + "5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n",
        CHUNKS + "5\r\nhello\r\n6\r\nhello!\r\n0\r\n\r\n");
  }

  @Test
  void aChunksExtension() throws IOException {
    assertLimit(
        options(BodyLimits.DEFAULT.withChunkExtensionBytes(5)),
        400,
        CHUNKS + "1;abcde\r\nx\r\n0;a=bcd\r\n\r\n",
        CHUNKS + "1;abcdef\r\nx\r\n0\r\n\r\n");
  }

  @Test
  void trailers() throws IOException {
    var options = options(BodyLimits.DEFAULT.withTrailers(20, 2));

    assertLimit(
        options,
        431,
        CHUNKS + "0\r\na: 4567890\r\nb: 4567890\r\n\r\n",
        CHUNKS + "0\r\na: 4567890\r\nb: 4567890x\r\n\r\n");
    assertLimit(
        options,
        431,
        CHUNKS + "0\r\na: b\r\nc: d\r\n\r\n",
        CHUNKS + "0\r\na:b\r\nc:d\r\ne:f\r\n\r\n");
  }

  // ------------------------------------------------------------------------------------------ time

  @Test
  void aSilentClientIsSentAwayAndASlowHeadRefused() throws Exception {
    var times = TimeLimits.DEFAULT.withFirstByte(SHORT).withHead(SHORT);
    try (var server = Server.start(ANY, READING, options(times));
        var silent = new Socket("localhost", server.port());
        var slow = new Socket("localhost", server.port())) {
      Raw.send(slow, "GET / HT");

      assertEquals("", Raw.readAll(silent));
      assertArrayEquals(new int[] {408}, Raw.statuses(Raw.readAll(slow)));
    }
  }

  @Test
  void aHeadThatDripsIsRefusedThoughSomethingAlwaysComes() throws Exception {
    Eventlet.run(() -> {
      try (var server = Server.start(ANY, READING, options(TimeLimits.DEFAULT.withHead(SHORT)));
          var client = connect(server.address())) {
        var dripping =
            spawn(() -> {
              for (var i = 0; i < 2000; i++) {
                send(client, i == 0 ? "GET / HTTP/1.1\r\nHost: x\r\n" : "a: b\r\n");
                sleep(Duration.ofMillis(10));
              }
            });

        var answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);

        assertArrayEquals(new int[] {408}, Raw.statuses(answer));
        dripping.kill();
      }
    });
  }

  @Test
  void aConnectionThatRestsIsClosedWithoutAWord() throws Exception {
    try (var server = Server.start(ANY, READING, options(TimeLimits.DEFAULT.withIdle(SHORT)));
        var client = new Socket("localhost", server.port())) {
      Raw.send(client, GET);

      assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(client)));
    }
  }

  @Test
  void aBodyThatStallsIsRefused() throws Exception {
    try (var server = Server.start(ANY, READING, options(TimeLimits.DEFAULT.withRead(SHORT)));
        var client = new Socket("localhost", server.port())) {
      Raw.send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx");

      assertArrayEquals(new int[] {408}, Raw.statuses(Raw.readAll(client)));
    }
  }

  @Test
  void aBodyThatComesTooSlowlyIsRefusedThoughSomethingAlwaysComes() throws Exception {
    Eventlet.run(() -> {
      var times = TimeLimits.DEFAULT.withRate(1 << 20, SHORT);
      try (var server = Server.start(ANY, READING, options(times));
          var client = connect(server.address())) {
        send(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
        var dripping =
            spawn(() -> {
              for (var i = 0; i < 2000; i++) {
                send(client, "0123456789");
                sleep(Duration.ofMillis(10));
              }
            });

        var answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);

        assertArrayEquals(new int[] {408}, Raw.statuses(answer));
        dripping.kill();
      }
    });
  }

  @Test
  void anAnswerThatNobodyReadsIsGivenUp() throws Exception {
    assertGivenUp(TimeLimits.DEFAULT.withWrite(SHORT), Duration.ofHours(1));
  }

  @Test
  void anAnswerThatIsTakenTooSlowlyIsGivenUpThoughItIsAlwaysTaken() throws Exception {
    assertGivenUp(TimeLimits.DEFAULT.withRate(100 << 20, SHORT), Duration.ofMillis(10));
  }

  private static void assertGivenUp(TimeLimits times, Duration between) throws Exception {
    Eventlet.run(() -> {
      var ended = new Event<Throwable>();
      Application endless =
          _ ->
              Response.written(
                  "text/plain",
                  output -> {
                    try {
                      while (true) {
                        output.write(new byte[1 << 20]);
                      }
                    } catch (IOException gone) {
                      ended.send(gone);
                      throw gone;
                    }
                  });
      try (var server = Server.start(ANY, endless, options(times));
          var client = connect(server.address())) {
        send(client, GET);
        var reading =
            spawn(() -> {
              while (client.read(new byte[60_000], 0, 60_000) > 0) {
                sleep(between);
              }
            });

        assertTrue(ended.await(Duration.ofSeconds(20)) instanceof IOException);
        reading.kill();
      }
    });
  }

  // ----------------------------------------------------------------------------------- how many

  @Test
  void connections() throws Exception {
    var options = options(ConnectionLimits.DEFAULT.withOpen(2));
    try (var server = Server.start(ANY, READING, options);
        var first = new Socket("localhost", server.port());
        var second = new Socket("localhost", server.port());
        var third = new Socket("localhost", server.port())) {
      var turnedAway = Raw.readAll(third);
      assertArrayEquals(new int[] {503}, Raw.statuses(turnedAway));
      assertTrue(turnedAway.contains("retry-after: "), turnedAway);
      Raw.send(first, CLOSING);
      Raw.send(second, CLOSING);
      assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(first)));
      assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(second)));
      assertEquals(1, server.statistics().turnedAway());
    }
  }

  @Test
  void connectionsFromOneAddress() throws Exception {
    var options = options(ConnectionLimits.DEFAULT.withPerAddress(1));
    try (var server = Server.start(ANY, READING, options);
        var first = new Socket("127.0.0.1", server.port());
        var second = new Socket("127.0.0.1", server.port());
        var other = from("127.0.0.2", server.port())) {
      assertArrayEquals(new int[] {503}, Raw.statuses(Raw.readAll(second)));
      for (var served : new Socket[] {first, other}) {
        Raw.send(served, CLOSING);
        assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(served)));
      }
      try (var third = new Socket("127.0.0.1", server.port())) {
        Raw.send(third, CLOSING);
        assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(third)));
      }
    }
  }

  private static Socket from(String address, int port) throws IOException {
    return new Socket("127.0.0.1", port, InetAddress.ofLiteral(address), 0);
  }

  @Test
  void requestsAtWorkAmongConnectionsThatRest() throws Exception {
    Eventlet.run(() -> {
      var go = new Event<String>();
      Application waiting =
          request -> Response.text(request.path().equals("/wait") ? go.await() : "at once");
      var options = options(ConnectionLimits.DEFAULT.withAtWork(1));
      try (var server = Server.start(ANY, waiting, options)) {
        var all = new ArrayList<GreenSocket>();
        for (var i = 0; i < 3; i++) {
          all.add(connect(server.address()));
        }
        send(all.get(0), "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        while (server.statistics().atWork() == 0) {
          sleep();
        }
        send(all.get(1), CLOSING);
        assertArrayEquals(new int[] {503}, Raw.statuses(readAll(all.get(1))));

        go.send("done");

        assertEquals("HTTP/1.1 200 OK", all.get(0).readLine());
        while (server.statistics().atWork() == 1) {
          sleep();
        }
        send(all.get(2), CLOSING);
        assertArrayEquals(new int[] {200}, Raw.statuses(readAll(all.get(2))));
        all.forEach(GreenSocket::close);
      }
    });
  }

  @Test
  void requestsOnOneConnection() throws IOException {
    var options = options(ConnectionLimits.DEFAULT.withRequests(2));

    var answers = Raw.ask(READING, options, GET + GET + GET);

    assertArrayEquals(new int[] {200, 200}, Raw.statuses(answers));
    assertTrue(answers.lastIndexOf("connection: close") > answers.lastIndexOf("HTTP/1.1"), answers);
  }

  @Test
  void aLimitThatIsNoneIsRefused() {
    for (Executable wrong :
        new Executable[] {
          () -> HeadLimits.DEFAULT.withRequestLineBytes(0),
          () -> HeadLimits.DEFAULT.withFields(-1),
          () -> BodyLimits.DEFAULT.withBytes(-1),
          () -> BodyLimits.DEFAULT.withTrailers(-1, 0),
          () -> TimeLimits.DEFAULT.withIdle(Duration.ZERO),
          () -> TimeLimits.DEFAULT.withRate(-1, SHORT),
          () -> ConnectionLimits.DEFAULT.withOpen(0),
          () -> ConnectionLimits.DEFAULT.withRequests(0),
          () -> ServerOptions.DEFAULT.withHubs(0)
        }) {
      assertThrows(IllegalArgumentException.class, wrong);
    }
  }

  private static void send(GreenSocket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private static String readAll(GreenSocket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }
}
