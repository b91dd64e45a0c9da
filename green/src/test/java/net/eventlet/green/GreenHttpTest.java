package net.eventlet.green;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against the JDK's own web server, which runs in platform threads.
class GreenHttpTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Queue<String> connections = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private String here;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(ANY, 100);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    here = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress().toString());
    var path = exchange.getRequestURI().getPath();
    var body = exchange.getRequestBody().readAllBytes();
    switch (path) {
      case "/slow" -> {
        try {
          Thread.sleep(200);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        reply(exchange, 200, "slow".getBytes(UTF_8));
      }
      case "/echo" -> {
        var head =
            "%s %s %s|"
                .formatted(
                    exchange.getRequestMethod(),
                    exchange.getRequestHeaders().getFirst("content-type"),
                    exchange.getRequestHeaders().getFirst("authorization"));
        reply(exchange, 200, (head + new String(body, UTF_8)).getBytes(UTF_8));
      }
      case "/latin" -> {
        exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=\"iso-8859-1\"");
        reply(exchange, 200, "grün".getBytes(ISO_8859_1));
      }
      case "/many" -> {
        exchange.getResponseHeaders().add("X-Value", "first");
        exchange.getResponseHeaders().add("X-Value", "second");
        reply(exchange, 404, "not here".getBytes(UTF_8));
      }
      case "/loop" -> redirect(exchange, 302, "/loop");
      case "/see-other" -> redirect(exchange, 303, "/echo");
      case "/keep" -> redirect(exchange, 307, "/echo");
      case "/elsewhere" ->
          redirect(exchange, 302, here.replace("127.0.0.1", "localhost") + "/echo");
      case "/nowhere" -> redirect(exchange, 302, "ftp://host.test/");
      case "/large" -> reply(exchange, 200, new byte[100_000]);
      case "/empty" -> exchange.sendResponseHeaders(204, -1);
      default -> reply(exchange, 200, ("hello from " + path).getBytes(UTF_8));
    }
    exchange.close();
  }

  private static void redirect(HttpExchange exchange, int status, String to) throws IOException {
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(status, -1);
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Test
  void aPageInOneLine() throws Exception {
    run(() -> assertEquals("hello from /page", GreenHttp.DEFAULT.get(here + "/page").text()));
  }

  @Test
  void waitingForAPageLetsTheHubGoOn() throws Exception {
    assertEquals("slow", Ticker.during(() -> GreenHttp.DEFAULT.get(here + "/slow").text()));
  }

  @Test
  void theJdksOwnClientsLetTheHubGoOnAsWell() throws Exception {
    var uri = URI.create(here + "/slow");
    assertEquals(
        "slow", Ticker.during(() -> new String(uri.toURL().openStream().readAllBytes(), UTF_8)));
    assertEquals(
        200,
        Ticker.during(() -> ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode()));
    assertEquals(
        "slow",
        Ticker.during(() -> {
          try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
          }
        }));
  }

  @Test
  void aPostSendsItsBodyAndType() throws Exception {
    run(() ->
        assertEquals(
            "POST application/json null|{\"a\": \"ü\"}",
            GreenHttp.DEFAULT.post(here + "/echo", "application/json", "{\"a\": \"ü\"}").text()));
  }

  @Test
  void anyStatusIsAnAnswerWithAllItsHeaders() throws Exception {
    run(() -> {
      var answer = GreenHttp.DEFAULT.get(here + "/many");

      assertEquals(404, answer.status());
      assertEquals("not here", answer.text());
      assertEquals(List.of("first", "second"), answer.headers().get("x-value"));
      assertEquals("first", answer.header("X-VALUE").orElseThrow());
      assertEquals(0, GreenHttp.DEFAULT.get(here + "/empty").body().length);
    });
  }

  @Test
  void theTextIsInTheCharsetThatTheAnswerNames() throws Exception {
    run(() -> assertEquals("grün", GreenHttp.DEFAULT.get(here + "/latin").text()));
  }

  @Test
  void redirectsAreFollowedWithTheMethodThatTheyAskFor() throws Exception {
    run(() -> {
      var http = GreenHttp.DEFAULT;

      assertEquals("GET null null|", http.post(here + "/see-other", "text/plain", "x").text());
      assertEquals("POST text/plain null|x", http.post(here + "/keep", "text/plain", "x").text());
      assertEquals(here + "/echo", http.get(here + "/see-other").uri().toString());
      assertEquals(303, http.withRedirects(0).get(here + "/see-other").status());
    });
  }

  @Test
  void secretsAreNotSentOnToAnotherServer() throws Exception {
    run(() -> {
      var http = GreenHttp.DEFAULT.withHeader("authorization", "secret");

      assertEquals("GET null secret|", http.get(here + "/echo").text());
      assertEquals("GET null null|", http.get(here + "/elsewhere").text());
    });
  }

  @Test
  void redirectsWithoutEndAndToNowhereAreFailures() throws Exception {
    run(() -> {
      var loop = assertThrows(IOException.class, () -> GreenHttp.DEFAULT.get(here + "/loop"));
      assertTrue(loop.getMessage().contains("for more than 10 times"), loop.getMessage());
      assertThrows(IOException.class, () -> GreenHttp.DEFAULT.get(here + "/nowhere"));
    });
  }

  @Test
  void anAnswerThatIsTooLongIsAFailureAndTheNextOneComes() throws Exception {
    run(() -> {
      var http = GreenHttp.DEFAULT.withBodyMax(99_999);

      assertThrows(IOException.class, () -> http.get(here + "/large"));

      assertEquals(100_000, http.withBodyMax(100_000).get(here + "/large").body().length);
    });
  }

  @Test
  void connectionsAreUsedAgain() throws Exception {
    run(() -> {
      for (var i = 0; i < 10; i++) {
        GreenHttp.DEFAULT.get(here + "/");
      }
    });
    assertEquals(1, Set.copyOf(connections).size());
  }

  @Test
  void aSilentServerEndsTheRequestInTime() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var uri = "http://127.0.0.1:" + silent.getLocalPort() + "/";

      var failure =
          assertThrows(
              SocketTimeoutException.class,
              () -> Ticker.during(() -> GreenHttp.DEFAULT.withLimit(ofMillis(200)).get(uri)));

      assertEquals(uri + " did not answer within 0.2 s", failure.getMessage());
    }
  }

  @Test
  void aServerThatSendsAByteNowAndThenDoesNotStretchTheLimit() throws Exception {
    try (var trickle = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var uri = "http://127.0.0.1:" + trickle.getLocalPort() + "/";
      Thread.startVirtualThread(() -> trickle(trickle));

      assertThrows(
          SocketTimeoutException.class,
          () -> Ticker.during(() -> GreenHttp.DEFAULT.withLimit(ofMillis(200)).get(uri)));
    }
  }

  @Test
  void aKillAndAnOuterTimeoutComeThroughAsTheyAre() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var uri = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      run(() -> {
        var asking = spawn(() -> GreenHttp.DEFAULT.get(uri));
        sleep(ofMillis(50));

        asking.kill();

        assertThrows(GreenThreadExit.class, asking::await);
        assertThrows(
            Timeout.class, () -> Timeout.call(ofMillis(50), () -> GreenHttp.DEFAULT.get(uri)));
      });
    }
  }

  @Test
  void aProxyIsAskedInTheServersPlace() throws Exception {
    run(() -> {
      var http = GreenHttp.DEFAULT.withProxy(server.getAddress());

      assertEquals("hello from /through", http.get("http://host.test/through").text());
    });
  }

  @Test
  void plainThreadsMayAskToo() throws Exception {
    assertEquals("hello from /plain", GreenHttp.DEFAULT.get(here + "/plain").text());
    assertArrayEquals("slow".getBytes(UTF_8), GreenHttp.DEFAULT.get(here + "/slow").body());
  }

  @Test
  void wrongCallsAreRefused() throws Exception {
    run(() -> {
      var http = GreenHttp.DEFAULT;
      assertThrows(IllegalArgumentException.class, () -> http.get("ftp://host.test/"));
      assertThrows(IllegalArgumentException.class, () -> http.get("/page"));
      assertThrows(IllegalArgumentException.class, () -> http.withLimit(ofSeconds(0)));
      assertThrows(IllegalArgumentException.class, () -> http.withBodyMax(-1));
      assertThrows(ProtocolException.class, () -> http.send("PATCH", URI.create(here), null, null));
      server.stop(0);
      assertThrows(ConnectException.class, () -> http.get(here + "/"));
    });
  }

  @Test
  void aGetWithABodyIsRefusedRatherThanPosted() throws Exception {
    run(() ->
        assertThrows(
            IllegalArgumentException.class,
            () -> GreenHttp.DEFAULT.send("GET", URI.create(here), "text/plain", new byte[1])));
  }

  @Test
  void otherLettersOfAnAddressAreEscaped() throws Exception {
    run(() -> assertEquals("hello from /grün", GreenHttp.DEFAULT.get(here + "/grün?q=ö").text()));
  }

  @Test
  void valuesOfHeadersAreNotShown() {
    assertEquals(
        "GreenHttp[limit=PT1M, redirects=10, bodyMax=10485760, headers=[Authorization],"
            + " proxy=null]",
        GreenHttp.DEFAULT.withHeader("Authorization", "Bearer secret").toString());
  }

  private static void trickle(ServerSocket server) {
    try (var client = server.accept()) {
      client
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
      while (true) {
        client.getOutputStream().write('x');
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      // the client has gone
    }
  }
}
