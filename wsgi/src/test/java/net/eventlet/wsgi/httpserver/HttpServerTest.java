package net.eventlet.wsgi.httpserver;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpHandlers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.eventlet.Eventlet;
import net.eventlet.wsgi.Certificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What `com.sun.net.httpserver` promises, of the JDK's own server and of ours.
@Timeout(60)
class HttpServerTest {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /// Whose server.
  enum Whose {
    JDK {
      @Override
      HttpServer server() throws IOException {
        return HttpServer.create(ANY, 0);
      }
    },
    OURS {
      @Override
      HttpServer server() throws IOException {
        return new GreenHttpServerProvider().createHttpServer(ANY, 0);
      }
    };

    abstract HttpServer server() throws IOException;
  }

  private interface Client {
    void talk(URI root, HttpClient client) throws Exception;
  }

  private interface Setting {
    void up(HttpServer server) throws Exception;
  }

  private static void with(Whose whose, Setting setting, Client client) throws Exception {
    var server = whose.server();
    setting.up(server);
    server.start();
    try (var http = HttpClient.newHttpClient()) {
      client.talk(URI.create("http://localhost:" + server.getAddress().getPort() + "/"), http);
    } finally {
      server.stop(0);
    }
  }

  private static void serving(Whose whose, HttpHandler handler, Client client) throws Exception {
    with(whose, server -> server.createContext("/", handler), client);
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), ofString());
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      var bytes = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  // ------------------------------------------------------------------------------ what both
  // promise

  @ParameterizedTest
  @EnumSource
  void theContextWithTheLongestPathThatFitsAnswers(Whose whose) throws Exception {
    with(
        whose,
        server -> {
          server.createContext("/apps/", exchange -> answer(exchange, "apps"));
          server.createContext("/apps/foo/", exchange -> answer(exchange, "foo"));
          server.createContext("/b", exchange -> answer(exchange, "b"));
        },
        (root, client) -> {
          assertEquals("foo", get(client, root.resolve("apps/foo/bar")).body());
          assertEquals("apps", get(client, root.resolve("apps/Foo/bar")).body());
          assertEquals("apps", get(client, root.resolve("apps/?q=/apps/foo/")).body());
          assertEquals("b", get(client, root.resolve("bcd")).body());
          assertEquals(404, get(client, root.resolve("x")).statusCode());
        });
  }

  @ParameterizedTest
  @EnumSource
  void anExchangeTellsWhatWasAskedAndByWhom(Whose whose) throws Exception {
    serving(
        whose,
        exchange ->
            answer(
                exchange,
                String.join(
                    " ",
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getProtocol(),
                    exchange.getRequestHeaders().get("x-y").toString(),
                    exchange.getRequestHeaders().getFirst("Content-Length"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8),
                    exchange.getHttpContext().getPath(),
                    exchange.getRemoteAddress().getAddress().isLoopbackAddress()
                        + ":"
                        + (exchange.getLocalAddress().getPort()
                            == exchange.getHttpContext().getServer().getAddress().getPort()))),
        (root, client) -> {
          var request =
              HttpRequest.newBuilder(root.resolve("a%20b?c=d"))
                  .version(HttpClient.Version.HTTP_1_1)
                  .header("X-Y", "1")
                  .header("X-Y", "2")
                  .PUT(BodyPublishers.ofString("body"))
                  .build();

          assertEquals(
              "PUT /a%20b?c=d HTTP/1.1 [1, 2] 4 body / true:true",
              client.send(request, ofString()).body());
        });
  }

  @ParameterizedTest
  @CsvSource({"JDK, 0", "OURS, 0", "JDK, 100000", "OURS, 100000", "JDK, -1", "OURS, -1"})
  void aLengthOfZeroMeansChunksAndOneBelowMeansNone(Whose whose, int length) throws Exception {
    var text = length < 0 ? "" : "0123456789".repeat(10_000);
    serving(
        whose,
        exchange -> {
          exchange.getResponseHeaders().add("X-Z", "a");
          exchange.getResponseHeaders().add("X-Z", "b");
          exchange.getResponseHeaders().set("Content-Type", "text/x");
          exchange.sendResponseHeaders(201, length);
          for (var i = 0; i < text.length(); i += 1000) {
            exchange.getResponseBody().write(text.getBytes(UTF_8), i, 1000);
          }
          exchange.close();
          assertEquals(201, exchange.getResponseCode());
        },
        (root, client) -> {
          var response = get(client, root);

          assertEquals(201, response.statusCode());
          assertEquals(text, response.body());
          assertEquals("[a, b]", response.headers().allValues("x-z").toString());
          assertEquals("text/x", response.headers().firstValue("content-type").orElseThrow());
          assertEquals(
              length == 0 ? "[chunked]" : "[]",
              response.headers().allValues("transfer-encoding").toString());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aHeadHasNoBody(Whose whose) throws Exception {
    serving(
        whose,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Length", "17");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        },
        (root, client) -> {
          var request = HttpRequest.newBuilder(root).HEAD().build();

          var response = client.send(request, ofString());

          assertEquals("17", response.headers().firstValue("content-length").orElseThrow());
          assertEquals(200, get(client, root).statusCode());
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrongIsRefused(Whose whose) throws Exception {
    serving(
        whose,
        exchange -> {
          var early = assertThrows(IOException.class, () -> exchange.getResponseBody().write(1));
          exchange.sendResponseHeaders(200, 2);
          var twice = assertThrows(IOException.class, () -> exchange.sendResponseHeaders(200, 2));
          var many =
              assertThrows(IOException.class, () -> exchange.getResponseBody().write(new byte[3]));
          exchange.getResponseBody().write("ok".getBytes(UTF_8));
          exchange.close();
          assertEquals("headers already sent", twice.getMessage());
          assertEquals("response headers not sent yet", early.getMessage());
          assertEquals("too many bytes to write to stream", many.getMessage());
        },
        (root, client) -> assertEquals("ok", get(client, root).body()));
  }

  @ParameterizedTest
  @EnumSource
  void filtersAreAskedInOrderAndMayAnswer(Whose whose) throws Exception {
    with(
        whose,
        server -> {
          var context =
              server.createContext(
                  "/", exchange -> answer(exchange, "" + exchange.getAttribute("seen")));
          context
              .getFilters()
              .add(Filter.beforeHandler("first", exchange -> exchange.setAttribute("seen", "a")));
          context
              .getFilters()
              .add(
                  Filter.beforeHandler(
                      "second",
                      exchange ->
                          exchange.setAttribute("seen", exchange.getAttribute("seen") + "b")));
          context
              .getFilters()
              .add(Filter.adaptRequest("third", request -> request.with("X", List.of("y"))));
          server.createContext("/never", exchange -> answer(exchange, "never"));
        },
        (root, client) -> assertEquals("ab", get(client, root).body()));
  }

  @ParameterizedTest
  @EnumSource
  void whoIsNotLetInIsAskedForAPassword(Whose whose) throws Exception {
    with(
        whose,
        server ->
            server
                .createContext(
                    "/",
                    exchange ->
                        answer(
                            exchange,
                            exchange.getPrincipal().getUsername()
                                + "@"
                                + exchange.getPrincipal().getRealm()))
                .setAuthenticator(
                    new BasicAuthenticator("here") {
                      @Override
                      public boolean checkCredentials(String name, String password) {
                        return name.equals("ada") && password.equals("secret");
                      }
                    }),
        (root, client) -> {
          var refused = client.send(HttpRequest.newBuilder(root).build(), ofString());
          assertEquals(401, refused.statusCode());
          assertTrue(
              refused
                  .headers()
                  .firstValue("www-authenticate")
                  .orElseThrow()
                  .startsWith("Basic realm=\"here\""));

          var token = Base64.getEncoder().encodeToString("ada:secret".getBytes(UTF_8));
          var request = HttpRequest.newBuilder(root).header("Authorization", "Basic " + token);
          assertEquals("ada@here", client.send(request.build(), ofString()).body());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aServerIsBoundAndStartedOnce(Whose whose) throws Exception {
    var server = whose.server();
    try {
      assertThrows(BindException.class, () -> server.bind(ANY, 0));
      var context = server.createContext("/");
      assertThrows(IllegalArgumentException.class, () -> server.createContext("/"));
      assertThrows(IllegalArgumentException.class, () -> server.createContext("x"));
      context.setHandler(exchange -> answer(exchange, ""));
      assertThrows(IllegalArgumentException.class, () -> context.setHandler(context.getHandler()));
      server.removeContext("/");
      assertThrows(IllegalArgumentException.class, () -> server.removeContext("/"));
      server.start();
      assertThrows(IllegalStateException.class, server::start);
      assertThrows(IllegalStateException.class, () -> server.setExecutor(null));
      assertThrows(IllegalArgumentException.class, () -> server.stop(-1));
    } finally {
      server.stop(0);
    }
    assertThrows(IllegalStateException.class, server::start);
  }

  @ParameterizedTest
  @EnumSource
  void stopWaitsForWhatIsBeingAnswered(Whose whose) throws Exception {
    var asked = new CountDownLatch(1);
    var server = whose.server();
    server.createContext(
        "/",
        exchange -> {
          asked.countDown();
          Eventlet.sleep(Duration.ofMillis(100));
          answer(exchange, "done");
        });
    server.setExecutor(command -> Thread.ofPlatform().start(command));
    server.start();
    try (var client = HttpClient.newHttpClient()) {
      var root = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
      var answer = client.sendAsync(HttpRequest.newBuilder(root).build(), ofString());
      asked.await();

      server.stop(20);

      assertEquals("done", answer.get(10, TimeUnit.SECONDS).body());
      assertThrows(IOException.class, () -> get(client, root));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherThreadMayFinishTheAnswer(Whose whose) throws Exception {
    serving(
        whose,
        exchange ->
            CompletableFuture.runAsync(() -> {
              try {
                answer(exchange, "later");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            }),
        (root, client) -> assertEquals("later", get(client, root).body()));
  }

  @ParameterizedTest
  @EnumSource
  void filesAreServedByTheJdksOwnHandler(Whose whose, @TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a.txt"), "text".repeat(5000));
    serving(
        whose,
        SimpleFileServer.createFileHandler(folder.toRealPath()),
        (root, client) -> {
          assertEquals("text".repeat(5000), get(client, root.resolve("a.txt")).body());
          assertTrue(get(client, root).body().contains("a.txt"));
          assertEquals(404, get(client, root.resolve("b.txt")).statusCode());
        });
  }

  @ParameterizedTest
  @EnumSource
  void handlersOfTheJdksMakingWork(Whose whose) throws Exception {
    serving(
        whose,
        HttpHandlers.handleOrElse(
            request -> request.getRequestMethod().equals("GET"),
            HttpHandlers.of(203, Headers.of("X", "y"), "made"),
            HttpHandlers.of(405, Headers.of("Allow", "GET"), "")),
        (root, client) -> {
          var response = get(client, root);

          assertEquals("203 made", response.statusCode() + " " + response.body());
          var post = HttpRequest.newBuilder(root).POST(BodyPublishers.ofString("x")).build();
          assertEquals(405, client.send(post, ofString()).statusCode());
        });
  }

  // ------------------------------------------------------------------------------- what ours adds

  @Test
  void hundredsOfHandlersWaitAtOnce() throws Exception {
    var waiting = new CountDownLatch(300);
    serving(
        Whose.OURS,
        exchange -> {
          waiting.countDown();
          try {
            waiting.await(); // each waits for all the others
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          answer(exchange, "all here");
        },
        (root, client) -> {
          var request = HttpRequest.newBuilder(root).build();
          var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
          for (var i = 0; i < 300; i++) {
            answers.add(client.sendAsync(request, ofString()));
          }
          for (var answer : answers) {
            assertEquals("all here", answer.get(20, TimeUnit.SECONDS).body());
          }
        });
  }

  @Test
  void aHandlerThatFailsIsAnsweredFor() throws Exception {
    serving(
        Whose.OURS,
        exchange -> {
          throw new IOException("on purpose");
        },
        (root, client) -> assertEquals(500, get(client, root).statusCode()));
  }

  @Test
  void aBodyThatIsNotWholeIsCutOff() throws Exception {
    serving(
        Whose.OURS,
        exchange -> {
          exchange.sendResponseHeaders(200, 100_000);
          exchange.getResponseBody().write(new byte[50_000]);
          exchange.close();
        },
        (root, client) -> assertThrows(IOException.class, () -> get(client, root)));
  }

  @Test
  void aPropertyPutsItInThePlaceOfTheJdks() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-D%s=%s"
                    .formatted(
                        HttpServerProvider.class.getName().replace(".spi.", "."),
                        GreenHttpServerProvider.class.getName()),
                "-cp",
                System.getProperty("java.class.path"),
                Created.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      assertEquals(GreenHttpServer.class.getName(), output.readLine());
    }
  }

  /// Says whose server a program gets that asks for one.
  static final class Created {
    static void main() throws IOException {
      System.out.println(HttpServer.create().getClass().getName());
    }
  }

  @Test
  void theJdksOwnStaysWhereNothingIsSaid() throws IOException {
    assertEquals("sun.net.httpserver.HttpServerImpl", HttpServer.create().getClass().getName());
    assertInstanceOf(HttpServer.class, new GreenHttpServerProvider().createHttpServer(null, 0));
  }

  @ParameterizedTest
  @EnumSource
  void tlsIsUnderAServerOfHttps(Whose whose, @TempDir Path folder) throws Exception {
    var context = Certificates.context(folder, "here");
    var server =
        whose == Whose.JDK
            ? HttpsServer.create(ANY, 0)
            : new GreenHttpServerProvider().createHttpsServer(ANY, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange ->
            answer(
                exchange,
                assertInstanceOf(HttpsExchange.class, exchange).getSSLSession().getProtocol()
                    + exchange.getRequestURI()));
    server.start();
    try (var client = HttpClient.newBuilder().sslContext(context).build()) {
      var root = URI.create("https://localhost:" + server.getAddress().getPort() + "/");

      assertEquals("TLSv1.3/x", get(client, root.resolve("x")).body());
    } finally {
      server.stop(0);
    }
  }
}
