package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.ListenOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ServerTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String CLOSING = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private static String ask(Application application, String request) throws IOException {
    return ask(application, ServerOptions.DEFAULT, request);
  }

  private static String ask(Application application, ServerOptions options, String request)
      throws IOException {
    try (var server = Server.start(ANY, application, options)) {
      return Raw.ask(server.port(), request);
    }
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  // ------------------------------------------------------------------------------------- requests

  @Test
  void anApplicationSeesTheRequest() throws IOException {
    var answer =
        ask(
            request ->
                Response.text(
                    String.join(
                        " ",
                        request.method(),
                        request.path(),
                        request.query(),
                        request.version(),
                        request.header("x-one").orElseThrow(),
                        request.headers("X-TWO").toString(),
                        request.headerNames().toString(),
                        new String(request.body().readAllBytes(), UTF_8))),
            "PUT /a%20b/%C3%A4?c=%20 HTTP/1.1\r\nHost: x\r\nX-One:  1 \r\nx-two: a\r\nx-two: b\r\n"
                + "Content-Length: 4\r\nConnection: close\r\n\r\nbody");

    assertEquals(
        "PUT /a b/ä c=%20 HTTP/1.1 1 [a, b]"
            + " [Host, X-One, x-two, x-two, Content-Length, Connection] body",
        new String(body(answer).getBytes(ISO_8859_1), UTF_8));
  }

  @Test
  void aRequestIsOfNoUseOnceItIsAnswered() throws IOException {
    var kept = new AtomicReference<Request>();

    ask(
        request -> {
          kept.set(request);
          return Response.text("");
        },
        CLOSING);

    assertThrows(IllegalStateException.class, () -> kept.get().path());
    assertEquals("Request[answered]", kept.get().toString());
  }

  @Test
  void requestsThatCameTogetherAreAnsweredInOrder() throws IOException {
    var requests = new StringBuilder();
    for (var i = 0; i < 1000; i++) {
      requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    var answers = ask(request -> Response.text(request.path()), requests.toString());

    var paths = answers.split("HTTP/1.1 200 OK");
    assertEquals(1001, paths.length);
    for (var i = 0; i < 1000; i++) {
      assertTrue(paths[i + 1].endsWith("\r\n\r\n/" + i), paths[i + 1]);
    }
  }

  @Test
  void chunksAreABody() throws IOException {
    var answer =
        ask(
            request -> Response.text(new String(request.body().readAllBytes(), UTF_8)),
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n"
                + "5;a=b\r\nhello\r\n00001\r\n \r\n5\r\nworld\r\n0\r\ntrailer: x\r\n\r\n");

    assertEquals("hello world", body(answer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5 \r\nhello\r\n0\r\n\r\n",
        " 5\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "5;\r\nhello\r\n0\r\n\r\n",
        "5;a\u0000\r\nhello\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\ncontent-length: 3\r\n\r\n",
        "5\r\nhello\r\n0\r\n bad: 3\r\n\r\n",
        "5\r\nhello\r\n0\r\nbad : 3\r\n\r\n",
        "5\r\nhel"
      })
  void chunksThatAreNoneAreRefused(String chunks) throws IOException {
    var answer =
        ask(
            request -> Response.text("read " + request.body().readAllBytes().length),
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + GET);

    assertArrayEquals(new int[] {400}, Raw.statuses(answer), answer);
  }

  @Test
  void aBodyThatNobodyReadIsPassedOver() throws IOException {
    var answers =
        ask(
            request -> Response.text(request.path()),
            "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                + "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n");

    assertArrayEquals(new int[] {200, 200, 200}, Raw.statuses(answers));
    assertTrue(answers.endsWith("/3"), answers);
  }

  @Test
  void theClientIsToldToContinueWhenTheBodyIsReadAndNotBefore() throws Exception {
    try (var server =
            Server.start(
                ANY,
                request ->
                    request.path().equals("/read")
                        ? Response.text(new String(request.body().readAllBytes(), UTF_8))
                        : Response.of(403));
        var socket = new Socket("localhost", server.port())) {
      var expecting = " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
      socket.getOutputStream().write(("POST /read" + expecting).getBytes(ISO_8859_1));

      var continued = "HTTP/1.1 100 Continue\r\n\r\n";
      var first = socket.getInputStream().readNBytes(continued.length());
      assertEquals(continued, new String(first, ISO_8859_1));
      socket.getOutputStream().write("ok".getBytes(ISO_8859_1));
      socket.getOutputStream().write(("POST /not" + expecting).getBytes(ISO_8859_1));

      var rest = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertArrayEquals(new int[] {200, 403}, Raw.statuses(rest));
      assertFalse(rest.contains("100 Continue"), rest);
      assertTrue(rest.contains("connection: close"), rest);
    }
  }

  // ------------------------------------------------------------------------------------- refusals

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | GET / HTTP/1.1~~",
        "400 | GET / HTTP/1.1~Host: a~Host: a~~",
        "400 | GET / HTTP/1.1~Host: a b~~",
        "400 | GET / HTTP/1.1~Host: a,b~~",
        "400 | GET / HTTP/1.1~Host : a~~",
        "400 | GET / HTTP/1.1~Host: a~ folded~~",
        "400 | GET / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 1~~x",
        "400 | GET / HTTP/1.1~Host: a~Content-Length: 1, 1~~x",
        "400 | GET / HTTP/1.1~Host: a~Content-Length: +1~~x",
        "400 | GET / HTTP/1.1~Host: a~Content-Length: 0x1~~x",
        "400 | GET / HTTP/1.1~Host: a~Content-Length:~~x",
        "400 | GET / HTTP/1.1~Host: a~Content-Length: 1~Transfer-Encoding: chunked~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Content-Length: 1~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked, chunked~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: identity~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: xchunked~~0~~",
        "501 | GET / HTTP/1.1~Host: a~Transfer-Encoding: gzip, chunked~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked, gzip~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: chunked, gzip, chunked~~0~~",
        "400 | GET / HTTP/1.1~Host: a~Transfer-Encoding: , chunked~~0~~",
        "400 | GET / HTTP/1.0~Host: a~Transfer-Encoding: chunked~~0~~",
        "400 | GET  / HTTP/1.1~Host: a~~",
        "400 | GET /a b HTTP/1.1~Host: a~~",
        "400 | GET a HTTP/1.1~Host: a~~",
        "400 | GET /%zz HTTP/1.1~Host: a~~",
        "400 | GET /%0 HTTP/1.1~Host: a~~",
        "400 | GET /# HTTP/1.1~Host: a~~",
        "400 | GET * HTTP/1.1~Host: a~~",
        "400 | GET http://b/ HTTP/1.1~Host: a~~",
        "400 | GET http:/// HTTP/1.1~Host: a~~",
        "400 | GET http://u@a/ HTTP/1.1~Host: a~~",
        "400 | G(T / HTTP/1.1~Host: a~~",
        "400 | GET / http/1.1~Host: a~~",
        "400 | GET / HTTP/1.1 ~Host: a~~",
        "400 | GET /~Host: a~~",
        "505 | GET / HTTP/2.0~Host: a~~",
        "505 | GET / HTTP/1.2~Host: a~~",
        "400 | GET / HTTP/1.1~Host: a~: b~~",
        "400 | GET / HTTP/1.1~Host: a~b~~",
        "417 | GET / HTTP/1.1~Host: a~Expect: a cake~~",
        "400 | ~~GET / HTTP/1.1~Host: a~~",
        "501 | CONNECT a:80 HTTP/1.1~Host: a~~"
      })
  void whatCanBeReadInTwoWaysIsRefused(int status, String request) throws IOException {
    var answers = ask(_ -> Response.text("served"), request.replace("~", "\r\n") + GET);

    assertArrayEquals(new int[] {status}, Raw.statuses(answers), answers);
    assertTrue(answers.contains("\r\nconnection: close\r\n"), answers);
    assertFalse(answers.contains("served"), answers);
  }

  @Test
  void aListOfCodingsIsRefusedHoweverLongItIs() throws IOException {
    var codings = "a,".repeat(4000) + "chunked";

    var answers =
        ask(
            _ -> Response.text("served"),
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + codings + "\r\n\r\n" + GET);

    assertArrayEquals(new int[] {501}, Raw.statuses(answers), answers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n",
        "GET / HTTP/1.1\rHost: x\r\r",
        "GET / HTTP/1.1\r\nHost: x\r\na: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\na: b\u0000c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\na\u0001: b\r\n\r\n",
        "GET /\u007f HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n"
      })
  void controlCharactersAndBareLineEndsAreRefused(String request) throws IOException {
    var answers = ask(_ -> Response.text("served"), request + GET);

    assertArrayEquals(new int[] {400}, Raw.statuses(answers), answers);
  }

  // -------------------------------------------------------------------------------------- answers

  @Test
  void aHeadHasTheLengthAndNoBody() throws IOException {
    var answer = ask(_ -> Response.text("hello"), "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + CLOSING);

    assertTrue(answer.contains("content-length: 5\r\n"), answer);
    assertEquals(1, answer.split("hello", -1).length - 1, answer);
  }

  @Test
  void anAnswerHasADate() throws IOException {
    var answer = ask(_ -> Response.text(""), CLOSING);

    assertTrue(
        answer.matches(
            "(?s).*\r\ndate: \\w{3}, \\d{2} \\w{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT\r\n.*"),
        answer);
  }

  @Test
  void streamsPiecesAndWritersAreSentInChunks() throws IOException {
    var expected = "\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (var response :
        List.of(
            Response.stream("text/plain", new ByteArrayInputStream("hello".getBytes(UTF_8))),
            Response.pieces("text/plain", List.of("hello".getBytes(UTF_8), new byte[0]).iterator()),
            Response.written("text/plain", out -> out.write("hello".getBytes(UTF_8))))) {
      var answer = ask(_ -> response, CLOSING);

      assertTrue(answer.endsWith(expected), answer);
      assertTrue(answer.contains("transfer-encoding: chunked"), answer);
    }
  }

  @Test
  void anOldClientGetsAStreamToTheEndOfTheConnection() throws IOException {
    var answer =
        ask(
            _ -> Response.written("text/plain", out -> out.write("hello".getBytes(UTF_8))),
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
    assertFalse(answer.contains("chunked"), answer);
    assertTrue(answer.contains("connection: close"), answer);
  }

  @Test
  void anOldClientKeepsItsConnectionIfItAsks() throws IOException {
    var get = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    var answers = ask(_ -> Response.text("hello"), get + get + "GET / HTTP/1.0\r\n\r\n" + get);

    assertArrayEquals(new int[] {200, 200, 200}, Raw.statuses(answers));
    assertEquals(2, answers.split("connection: keep-alive", -1).length - 1);
  }

  @Test
  void aStreamThatIsShorterThanPromisedIsCutOff() throws IOException {
    var answers =
        ask(
            _ ->
                Response.stream("text/plain", new ByteArrayInputStream("hello".getBytes(UTF_8)), 9),
            GET + GET);

    assertArrayEquals(new int[] {200}, Raw.statuses(answers));
    assertTrue(answers.endsWith("\r\n\r\nhello"), answers);
  }

  @ParameterizedTest
  @CsvSource({
    "a b, c",
    "'', c",
    "a, 'b\r\nc: d'",
    "a, 'b\u0000'",
    "connection, close",
    "content-length, 5",
    "Transfer-Encoding, chunked",
    "a, \u20ac"
  })
  void aFieldThatWouldBreakTheAnswerIsRefused(String name, String value) {
    assertThrows(IllegalArgumentException.class, () -> Response.text("").with(name, value));
  }

  @Test
  void aFailureIsA500AndTheConnectionEnds() throws IOException {
    var answers =
        ask(
            _ -> {
              throw new IllegalStateException("on purpose");
            },
            GET + GET);

    assertArrayEquals(new int[] {500}, Raw.statuses(answers));
    assertFalse(answers.contains("on purpose"), answers);
  }

  @Test
  void anUpgradeHandsTheConnectionOver() throws IOException {
    var answer =
        ask(
            _ ->
                Response.upgrade(
                    Map.of("upgrade", "echo"), (input, output, _) -> input.transferTo(output)),
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello");

    assertTrue(answer.startsWith("HTTP/1.1 101 Switching Protocols\r\n"), answer);
    assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\n\r\n", // without Connection
        "GET / HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nContent-Length: 5\r\n\r\nhello",
      })
  void whoDoesNotAskForAnUpgradeOrNotYetGetsNone(String request) throws IOException {
    var answer =
        ask(
            _ ->
                Response.upgrade(
                    Map.of("upgrade", "echo"), (input, output, _) -> input.transferTo(output)),
            request);

    assertArrayEquals(new int[] {426}, Raw.statuses(answer));
  }

  @Test
  void theAccessLogHasALineForEachRequest() throws IOException {
    var lines = Collections.synchronizedList(new ArrayList<String>());

    ask(
        _ -> Response.text("hello"),
        ServerOptions.DEFAULT.withAccessLog((Consumer<String>) lines::add),
        GET + "GET nowhere HTTP/1.1\r\n\r\n");

    assertEquals(2, lines.size());
    assertTrue(
        lines
            .getFirst()
            .matches(
                "127\\.0\\.0\\.1 - - \\[\\d{2}/\\w{3}/\\d{4} [0-9:]{8}] \"GET / HTTP/1\\.1\" 200 5"
                    + " 0\\.\\d{6}"),
        lines::toString);
    assertTrue(lines.getLast().contains("\" 400 "), lines::toString);
  }

  // ------------------------------------------------------------------------------------- its life

  @Test
  void inTheEndRestingConnectionsAreClosedAndAnswersFinished() throws Exception {
    Eventlet.run(() -> {
      var go = new Event<String>();
      var server = Server.start(ANY, _ -> Response.text(go.await()));
      var resting = Eventlet.connect(server.address());
      var waiting = Eventlet.connect(server.address());
      waiting.write(GET.getBytes(ISO_8859_1), 0, GET.length());
      while (server.statistics().atWork() == 0) {
        sleep();
      }

      var closing = spawn(() -> server.close(Duration.ofSeconds(10)));
      assertEquals(-1, resting.getInputStream().read());
      assertThrows(IOException.class, () -> Eventlet.connect(server.address()));
      go.send("late");

      var answer = new String(waiting.getInputStream().readAllBytes(), ISO_8859_1);
      assertTrue(answer.endsWith("late"), answer);
      assertTrue(answer.contains("connection: close"), answer);
      assertEquals(new Closed(2, List.of()), closing.await());
    });
  }

  @Test
  void whatIsNotFinishedInTimeIsCutOff() throws Exception {
    Eventlet.run(() -> {
      var server =
          Server.start(
              ANY,
              _ -> {
                sleep(Duration.ofHours(1));
                return Response.text("");
              });
      var waiting = Eventlet.connect(server.address());
      waiting.write(GET.getBytes(ISO_8859_1), 0, GET.length());
      while (server.statistics().atWork() == 0) {
        sleep();
      }

      var closed = server.close(SHORT);

      assertEquals(0, closed.finished());
      assertTrue(
          closed.unfinished().getFirst().matches("GET / HTTP/1.1 from 127.0.0.1, for 0\\.\\d s"),
          closed.toString());
      assertEquals(-1, waiting.getInputStream().read());
    });
  }

  @Test
  void wsgiServesUntilItsListenerIsClosed() throws Exception {
    Eventlet.run(() -> {
      var listener = Eventlet.listen(ANY, ListenOptions.DEFAULT);
      var serving = spawn(() -> Wsgi.server(listener, _ -> Response.text("hello")));
      var address = listener.getLocalSocketAddress();
      var client = Eventlet.connect(address);
      client.write(CLOSING.getBytes(ISO_8859_1), 0, CLOSING.length());
      assertTrue(new String(client.getInputStream().readAllBytes(), ISO_8859_1).endsWith("hello"));

      listener.close();

      serving.await();
    });
  }

  // -------------------------------------------------------------------------------- real clients

  @Test
  void theJdksClientPostsAndReadsAMebibyte() throws Exception {
    var sent = new byte[1 << 20];
    new Random(1).nextBytes(sent);
    try (var server =
            Server.start(
                ANY, request -> Response.stream("application/octet-stream", request.body()));
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
              .POST(HttpRequest.BodyPublishers.ofByteArray(sent))
              .build();

      for (var i = 0; i < 3; i++) {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode());
        assertArrayEquals(sent, answer.body());
      }
    }
  }
}
