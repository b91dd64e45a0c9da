package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.CLOSING;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.TPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How answers are framed, and what becomes of those that break their word.
@Timeout(30)
class AnswersTest {

  private static final String OLD = "GET / HTTP/1.0\r\n\r\n";
  private static final String POST =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static String ask(Application application, String request) throws IOException {
    return Raw.ask(application, ServerOptions.DEFAULT, request);
  }

  // -------------------------------------------------------------------------------------- trailers

  @Test
  void trailersOfARequestAreThereOnceItsBodyHasBeenRead() throws IOException {
    var answer =
        ask(
            request -> {
              var before = request.trailer("sum").isPresent();
              request.body().readAllBytes();
              return Response.text(
                  before + " " + request.trailer("SUM").orElse("") + " " + request.trailerNames());
            },
            POST + "2\r\nab\r\n0\r\nSum: 42\r\nother:\r\n\r\n" + GET);

    assertTrue(answer.contains("false 42 [Sum, other]"), answer);
    assertTrue(answer.endsWith("false  []"), answer); // the next request has none
  }

  @Test
  void trailersOfAnAnswerFollowItsLastChunk() throws IOException {
    var count = new AtomicInteger();
    Application counting =
        _ ->
            Response.written(
                    "text/plain",
                    output -> {
                      output.write("body".getBytes(UTF_8));
                      count.set(4);
                    })
                .withTrailer("X-Count", () -> Integer.toString(count.get()));

    var answer = ask(counting, GET);

    assertTrue(answer.contains("trailer: x-count\r\n"), answer);
    assertEquals("4\r\nbody\r\n0\r\nx-count: 4\r\n\r\n", Raw.body(answer));
    assertEquals("body", Raw.body(ask(counting, OLD)));
  }

  @Test
  void aWholeBodyWithTrailersGoesOutInChunks() throws IOException {
    var answer = ask(_ -> Response.text("body").withTrailer("a", () -> "b"), GET);

    assertFalse(answer.contains("content-length"), answer);
    assertEquals("4\r\nbody\r\n0\r\na: b\r\n\r\n", Raw.body(answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-length", "Transfer-Encoding", "a b", "", "trailer", "host"})
  void aFieldThatIsNoTrailerIsRefused(String name) {
    var response = Response.text("");

    assertThrows(IllegalArgumentException.class, () -> response.withTrailer(name, () -> ""));
  }

  // --------------------------------------------------------------------------------------- lengths

  @ParameterizedTest
  @ValueSource(ints = {204, 205, 304})
  void aStatusThatHasNoBodyGetsNone(int status) throws IOException {
    var answers = ask(_ -> Response.text("body").withStatus(status), GET + CLOSING);

    assertArrayEquals(new int[] {status, status}, Raw.statuses(answers));
    assertFalse(answers.contains("body"), answers);
    assertEquals(status == 205, answers.contains("content-length: 0\r\n"), answers);
  }

  @Test
  void aWriterThatDoesNotKeepItsLengthIsCutOffOnceItHasBegun() throws IOException {
    for (var more : new String[] {"", "de"}) {
      var answer =
          ask(
              _ ->
                  Response.written(
                      "text/plain",
                      4,
                      output -> {
                        output.write("abc".getBytes(UTF_8));
                        output.flush();
                        output.write(more.getBytes(UTF_8));
                      }),
              GET + GET);

      assertArrayEquals(new int[] {200}, Raw.statuses(answer));
      assertEquals("abc", Raw.body(answer));
    }
  }

  @Test
  void aWriterThatFailsBeforeAnythingWentIsAnsweredA500() throws IOException {
    var answer =
        ask(
            _ ->
                Response.written(
                    "text/plain",
                    output -> {
                      output.write("begun".getBytes(UTF_8));
                      throw new IOException("too early");
                    }),
            GET + GET);

    assertArrayEquals(new int[] {500}, Raw.statuses(answer));
    assertFalse(answer.contains("begun"), answer);
  }

  @Test
  void aWriterThatKeepsItsLengthGoesOutWithoutChunks() throws IOException {
    var answers =
        ask(
            _ -> Response.written("text/plain", 4, output -> output.write("body".getBytes(UTF_8))),
            GET + GET);

    assertArrayEquals(new int[] {200, 200}, Raw.statuses(answers));
    assertTrue(answers.endsWith("\r\n\r\nbody"), answers);
    assertFalse(answers.contains("chunked"), answers);
  }

  @Test
  void aWriterThatFailsIsCutOffAndTheFailureLoggedOnce() throws IOException {
    try (var server =
        Server.start(
            ANY,
            _ ->
                Response.written(
                    "text/plain",
                    output -> {
                      output.write("begun".getBytes(UTF_8));
                      output.flush();
                      throw new SocketTimeoutException("of something behind the application");
                    }))) {
      var answer = Raw.ask(server.port(), GET + GET);

      assertEquals("5\r\nbegun\r\n", Raw.body(answer));
      assertEquals(1, server.statistics().failed());
    }
  }

  @Test
  void anAnswerOfNothingIsAFailure() throws IOException {
    assertArrayEquals(new int[] {500}, Raw.statuses(ask(AnswersTest::nothing, GET)));
  }

  @SuppressWarnings("NullAway") // what a careless program does
  private static Response nothing(Request request) {
    return null;
  }

  @Test
  void whatIsToBeDoneAfterwardsIsDoneInOrderThoughOneFails() throws IOException {
    var done = Collections.synchronizedList(new ArrayList<String>());

    var answers =
        ask(
            request -> {
              request.afterwards(() -> done.add("first of " + request));
              request.afterwards(() -> {
                throw new IOException("afterwards");
              });
              request.afterwards(() -> done.add("last"));
              return Response.text("");
            },
            GET + GET);

    assertArrayEquals(new int[] {200, 200}, Raw.statuses(answers));
    assertEquals(
        List.of("first of Request[answered]", "last", "first of Request[answered]", "last"), done);
  }

  // ----------------------------------------------------------------------------------------- files

  @Test
  void aFileThatShrinksMeanwhileIsCutOff(@TempDir Path folder) throws IOException {
    var file = Files.write(folder.resolve("file"), new byte[1000]);
    var answer =
        ask(
            _ -> {
              var response = Response.file("text/plain", file);
              Files.write(file, new byte[10]);
              return response;
            },
            GET + GET);

    assertArrayEquals(new int[] {200}, Raw.statuses(answer));
    assertEquals(10, Raw.body(answer).length());
  }

  @Test
  void whatIsNoFileOrNotThereIsRefused(@TempDir Path folder) {
    assertThrows(IOException.class, () -> Response.file("text/plain", folder));
    assertThrows(
        NoSuchFileException.class, () -> Response.file("text/plain", folder.resolve("none")));
  }

  @Test
  void filesLeaveNoDescriptorBehind(@TempDir Path folder) throws IOException {
    var file = Files.write(folder.resolve("file"), new byte[100_000]);
    Application sending =
        request ->
            request.path().equals("/none")
                ? FileServer.send(request, file)
                : Response.file("text/plain", file);
    var requests =
        List.of(
            GET,
            "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /none HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n",
            "GET /none HTTP/1.1\r\nHost: x\r\nIf-Match: \"x\"\r\n\r\n",
            "GET /none HTTP/1.1\r\nHost: x\r\nRange: bytes=100000-\r\n\r\n");
    try (var server = Server.start(ANY, sending)) {
      for (var request : requests) {
        Raw.ask(server.port(), request);
      }
    }

    assertFalse(isOpen(file));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoSendsAFileIsKilledAndLeavesNoDescriptorBehind(int seed, @TempDir Path folder)
      throws Exception {
    var random = new Random(seed);
    var file = Files.write(folder.resolve("file"), new byte[3_000_000]);
    Eventlet.run(() -> {
      Application sending =
          request -> {
            var me = Eventlet.current();
            var _ =
                Eventlet.spawnAfter(Duration.ofNanos(random.nextInt(1_000_000)), () -> me.kill());
            return random.nextBoolean()
                ? FileServer.send(request, file)
                : Response.file("text/plain", file).withTrailer("a", () -> "b");
          };
      try (var server = Server.start(ANY, sending)) {
        for (var i = 0; i < 10; i++) {
          try (var client = Eventlet.connect(server.address())) {
            client.getOutputStream().write(GET.getBytes(UTF_8));
            client.readLine();
          } catch (IOException reset) {
            // it was killed
          }
        }
      }
    });

    while (isOpen(file)) { // a thread of the pool may still be about to close it
      Thread.sleep(1);
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, 20);
  }

  private static boolean isOpen(Path file) throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.anyMatch(fd -> leadsTo(fd, file));
    }
  }

  private static boolean leadsTo(Path fd, Path file) {
    try {
      return Files.readSymbolicLink(fd).equals(file.toRealPath());
    } catch (IOException gone) {
      return false;
    }
  }

  // ------------------------------------------------------------------------------------ elsewhere

  @Test
  void anApplicationInAThreadOfThePoolReadsAndAnswers() throws IOException {
    Application inner =
        request -> {
          var body = request.body().readAllBytes();
          return Response.stream("text/plain", new ByteArrayInputStream(body));
        };
    try (var server = Server.start(ANY, request -> TPool.execute(() -> inner.handle(request)))) {
      var body = "x".repeat(30_000);
      var request =
          "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 30000\r\n\r\n"
              + body;
      for (var i = 0; i < 20; i++) {
        var answers = Raw.ask(server.port(), request + request);

        assertArrayEquals(new int[] {200, 200}, Raw.statuses(answers));
      }
    }
  }

  @Test
  void aStreamThatIsNotSentIsClosed() throws IOException {
    var closed = new AtomicInteger();
    var stream =
        new InputStream() {
          @Override
          public int read() {
            return -1;
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };

    ask(_ -> Response.stream("text/plain", stream), "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    ask(_ -> Response.stream("text/plain", stream).withStatus(304), GET);
    ask(_ -> Response.stream("text/plain", stream), GET);

    assertEquals(3, closed.get());
  }
}
