package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// WSGI's own shape.
@Timeout(30)
class WsgiTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final List<Map.Entry<String, String>> PLAIN =
      List.of(Map.entry("Content-Type", "text/plain"));
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private static String ask(WsgiApplication application, String request) throws IOException {
    try (var server = Server.start(ANY, Wsgi.application(application))) {
      return Raw.ask(server.port(), request);
    }
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void theSlidesApplicationAnswers404WhereItMeansTo() throws IOException {
    WsgiApplication hello =
        (environ, startResponse) -> {
          if (!"/".equals(environ.get("PATH_INFO"))) {
            startResponse.call("404 Not Here", PLAIN);
            return List.of(bytes("Not Found\r\n"));
          }
          startResponse.call("200 OK", PLAIN);
          return List.of(bytes("Hello, World!\r\n"));
        };

    var answers = ask(hello, GET + "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");

    assertArrayEquals(new int[] {200, 404}, Raw.statuses(answers));
    assertTrue(answers.contains("HTTP/1.1 404 Not Here\r\n"), answers);
    assertTrue(answers.contains("content-length: 15\r\n"), answers);
    assertTrue(answers.endsWith("Not Found\r\n"), answers);
  }

  @Test
  void toStartTwiceIsAFailure() throws IOException {
    var answer =
        ask(
            (_, startResponse) -> {
              startResponse.call("404 Not Found", PLAIN);
              startResponse.call("200 OK", PLAIN);
              return List.of();
            },
            GET);

    assertArrayEquals(new int[] {500}, Raw.statuses(answer));
  }

  @Test
  void afterAFailureAnotherStartTakesItsPlace() throws IOException {
    var answer =
        ask(
            (_, startResponse) -> {
              startResponse.call("200 OK", PLAIN);
              startResponse.call("503 Later", PLAIN, new IllegalStateException("broken"));
              return List.of(bytes("sorry"));
            },
            GET);

    assertTrue(answer.startsWith("HTTP/1.1 503 Later\r\n"), answer);
    assertEquals("sorry", body(answer));
  }

  @Test
  void onceTheHeadHasGoneTheFailureIsThrownAgainAndTheAnswerCutOff() throws IOException {
    var seen = new AtomicReference<Throwable>();

    var answer =
        ask(
            (_, startResponse) -> {
              startResponse.call("200 OK", PLAIN).write(bytes("begun"));
              var failure = new IllegalStateException("broken");
              try {
                startResponse.call("500 Broken", PLAIN, failure);
              } catch (IllegalStateException again) {
                seen.set(again);
                throw again;
              }
              return List.of();
            },
            GET + GET);

    assertEquals("broken", seen.get().getMessage());
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
    assertEquals("5\r\nbegun\r\n", body(answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OK", "99 Low", "600 High", "200OK", "200 O\r\nK"})
  void aStatusThatIsNoneIsAFailure(String status) throws IOException {
    var answer =
        ask(
            (_, startResponse) -> {
              startResponse.call(status, PLAIN);
              return List.of();
            },
            GET);

    assertArrayEquals(new int[] {500}, Raw.statuses(answer));
  }

  @Test
  void notToStartIsAFailure() throws IOException {
    assertArrayEquals(new int[] {500}, Raw.statuses(ask((_, _) -> List.of(bytes("x")), GET)));
  }

  @Test
  void theEnvironSaysWhatIsAsked() throws IOException {
    var seen = new AtomicReference<Map<String, Object>>();
    var body = new AtomicReference<String>();

    ask(
        (environ, startResponse) -> {
          seen.set(Map.copyOf(environ));
          body.set(new String(((InputStream) environ.get("wsgi.input")).readAllBytes(), UTF_8));
          startResponse.call("200 OK", PLAIN);
          return List.of();
        },
        "POST /a%20b?c=d HTTP/1.0\r\nHost: x\r\nContent-Type: text/x\r\nContent-Length: 4\r\n"
            + "X-Two: 1\r\nx-two: 2\r\nx_two: 3\r\n\r\nbody");

    var environ = seen.get();
    assertEquals("POST", environ.get("REQUEST_METHOD"));
    assertEquals("", environ.get("SCRIPT_NAME"));
    assertEquals("/a b", environ.get("PATH_INFO"));
    assertEquals("/a%20b", environ.get("RAW_PATH_INFO"));
    assertEquals("c=d", environ.get("QUERY_STRING"));
    assertEquals("text/x", environ.get("CONTENT_TYPE"));
    assertEquals("4", environ.get("CONTENT_LENGTH"));
    assertEquals("127.0.0.1", environ.get("SERVER_NAME"));
    assertTrue(((String) environ.get("SERVER_PORT")).matches("\\d+"));
    assertEquals("HTTP/1.0", environ.get("SERVER_PROTOCOL"));
    assertEquals("127.0.0.1", environ.get("REMOTE_ADDR"));
    assertTrue(((String) environ.get("REMOTE_PORT")).matches("\\d+"));
    assertEquals("CGI/1.1", environ.get("GATEWAY_INTERFACE"));
    assertEquals("x", environ.get("HTTP_HOST"));
    assertEquals("1,2", environ.get("HTTP_X_TWO"));
    assertEquals(6, ((List<?>) environ.get("headers_raw")).size());
    assertEquals(List.of(1, 0), environ.get("wsgi.version"));
    assertEquals("http", environ.get("wsgi.url_scheme"));
    assertEquals(true, environ.get("wsgi.multithread"));
    assertEquals(false, environ.get("wsgi.multiprocess"));
    assertEquals(false, environ.get("wsgi.run_once"));
    assertEquals(System.err, environ.get("wsgi.errors"));
    assertEquals(environ.get("wsgi.input"), environ.get("eventlet.input"));
    assertFalse(environ.containsKey("HTTPS"));
    assertEquals("body", body.get());
  }

  @Test
  void moreEntriesTakeThePlaceOfTheServers() throws IOException {
    var application =
        Wsgi.application(
            (environ, startResponse) -> {
              startResponse.call("200 OK", PLAIN);
              return List.of(bytes(environ.get("wsgi.url_scheme") + " " + environ.get("mine")));
            },
            Map.of("wsgi.url_scheme", "https", "mine", 7));
    try (var server = Server.start(ANY, application)) {
      assertEquals("https 7", body(Raw.ask(server.port(), GET)));
    }
  }

  /// Pieces that count how often they were closed.
  private static final class Closing implements Iterable<byte[]>, AutoCloseable {

    final AtomicInteger closed = new AtomicInteger();
    final List<byte[]> pieces;

    Closing(String... pieces) {
      this.pieces = List.of(pieces).stream().map(WsgiTest::bytes).toList();
    }

    @Override
    public Iterator<byte[]> iterator() {
      return pieces.iterator();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @Test
  void whatIsReturnedIsClosedOnceWhateverHappens() throws IOException {
    var good = new Closing("a", "", "b");
    var unstarted = new Closing("a");
    var short0 = new Closing("a");
    var head = new Closing("a");
    var all = List.of(good, unstarted, short0, head).iterator();
    WsgiApplication application =
        (environ, startResponse) -> {
          var result = all.next();
          if (result == short0) {
            startResponse.call("200 OK", List.of(Map.entry("Content-Length", "2")));
          } else if (result != unstarted) {
            startResponse.call("200 OK", PLAIN);
          }
          return result;
        };
    try (var server = Server.start(ANY, Wsgi.application(application))) {
      assertEquals("2\r\nab\r\n0\r\n\r\n", body(Raw.ask(server.port(), GET)));
      assertArrayEquals(new int[] {500}, Raw.statuses(Raw.ask(server.port(), GET)));
      assertEquals("a", body(Raw.ask(server.port(), GET + GET)));
      assertEquals("", body(Raw.ask(server.port(), "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")));
    }

    assertEquals(
        List.of(1, 1, 1, 1),
        List.of(good, unstarted, short0, head).stream().map(one -> one.closed.get()).toList());
  }

  @Test
  void aBodyThatIsLongerThanItsLengthIsCutAtIt() throws IOException {
    var answer =
        ask(
            (_, startResponse) -> {
              startResponse.call("200 OK", List.of(Map.entry("Content-Length", "3")));
              return List.of(bytes("abc"), bytes("def"));
            },
            GET + GET);

    assertArrayEquals(new int[] {200}, Raw.statuses(answer));
    assertEquals("abc", body(answer));
  }

  @Test
  void posthooksRunOnceTheAnswerHasGoneThoughOneFails() throws IOException {
    var done = Collections.synchronizedList(new ArrayList<Object>());

    var answers =
        ask(
            (environ, startResponse) -> {
              Wsgi.posthooks(environ).add(told -> done.add(told.get("PATH_INFO")));
              Wsgi.posthooks(environ)
                  .add(_ -> {
                    throw new IllegalStateException("a hook");
                  });
              Wsgi.posthooks(environ).add(_ -> done.add("last"));
              startResponse.call("200 OK", PLAIN);
              return List.of();
            },
            GET + GET);

    assertArrayEquals(new int[] {200, 200}, Raw.statuses(answers));
    assertEquals(List.of("/", "last", "/", "last"), done);
  }

  @Test
  void piecesAreGatheredUnlessTheApplicationSaysOtherwise() throws Exception {
    Eventlet.run(() -> {
      var go = new Event<String>();
      WsgiApplication application =
          (environ, startResponse) -> {
            if (!"/gathered".equals(environ.get("PATH_INFO"))) {
              environ.put("eventlet.minimum_write_chunk_size", 0);
            }
            startResponse.call("200 OK", PLAIN);
            return () ->
                new Iterator<>() {
                  private int asked;

                  @Override
                  public boolean hasNext() {
                    return asked < 2;
                  }

                  @Override
                  public byte[] next() {
                    try {
                      return bytes(asked++ == 0 ? "one" : go.await());
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  }
                };
          };
      try (var server = Server.start(ANY, Wsgi.application(application));
          var client = Eventlet.connect(server.address())) {
        client.getOutputStream().write(GET.getBytes(ISO_8859_1));
        for (var line = client.readLine(); !"one".equals(line); line = client.readLine()) {
          assertFalse(go.ready());
        }
        go.send("two");
        client
            .getOutputStream()
            .write(
                "GET /gathered HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                    .getBytes(ISO_8859_1));
        var rest = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
        assertTrue(rest.contains("3\r\ntwo\r\n0\r\n\r\n"), rest);
        assertTrue(rest.endsWith("6\r\nonetwo\r\n0\r\n\r\n"), rest);
      }
    });
  }

  @Test
  void whatIsWrittenGoesAtOnceAndBeforeWhatIsReturned() throws IOException {
    var answer =
        ask(
            (_, startResponse) -> {
              var write = startResponse.call("200 OK", PLAIN);
              write.write(bytes("one"));
              write.write(bytes("two"));
              return List.of(bytes("three"));
            },
            GET);

    assertEquals("3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n", body(answer));
  }

  @Test
  void aRequestThatIsIdleIsNotWaitedFor() throws Exception {
    Eventlet.run(() -> {
      var never = new Event<String>();
      WsgiApplication application =
          (environ, startResponse) -> {
            ((Runnable) environ.get("eventlet.set_idle")).run();
            startResponse.call("200 OK", PLAIN);
            return List.of(bytes(never.await()));
          };
      var server = Server.start(ANY, Wsgi.application(application));
      var client = Eventlet.connect(server.address());
      client.getOutputStream().write(GET.getBytes(ISO_8859_1));
      while (server.statistics().atWork() == 0) {
        Eventlet.sleep();
      }

      var closed = server.close(Duration.ofMillis(100));

      assertEquals(-1, client.getInputStream().read());
      assertEquals(1, closed.finished() + closed.cut());
    });
  }

  @Test
  void middlewareGoesAround() throws IOException {
    Application inner = request -> Response.text("inner " + request.path());
    var application =
        inner
            .within(within -> request -> within.handle(request).with("x-first", "1"))
            .within(within ->
                request ->
                    request.path().equals("/no")
                        ? Response.of(403)
                        : within.handle(request).with("x-second", "2"));
    try (var server = Server.start(ANY, application)) {
      var answer = Raw.ask(server.port(), "GET /yes HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(answer.contains("x-first: 1\r\nx-second: 2\r\n"), answer);
      assertArrayEquals(
          new int[] {403},
          Raw.statuses(Raw.ask(server.port(), "GET /no HTTP/1.1\r\nHost: x\r\n\r\n")));
    }
  }
}
