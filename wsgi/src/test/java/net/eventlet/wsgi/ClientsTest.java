package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.wsgi.Raw.ANY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request.Builder;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that others wrote.
@Timeout(120)
class ClientsTest {

  private static final Application ECHO =
      request -> Response.stream("application/octet-stream", request.body());

  @TempDir private Path folder;

  private record Ended(int status, String said) {}

  /// Runs a program of Debian's.
  private static Ended run(String program, Object... arguments) throws Exception {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, program))),
        () ->
            program.toUpperCase(Locale.ROOT)
                + " IS NOT INSTALLED: apt-get install curl nghttp2-client slowhttptest");
    var command = new ArrayList<>(List.of(program));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      var said = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ended(process.waitFor(), said.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", ""));
    } finally {
      process.destroyForcibly();
    }
  }

  // ------------------------------------------------------------------------------------------ curl

  @Test
  void curlUploadsAfterBeingToldToContinueAndInChunks() throws Exception {
    var content = new byte[3_000_000];
    new Random(1).nextBytes(content);
    var file = Files.write(folder.resolve("sent"), content);
    var back = folder.resolve("back");
    try (var server = Server.start(ANY, ECHO)) {
      var url = "http://localhost:" + server.port() + "/";

      var sized =
          run(
              "curl",
              "-sv",
              "--http1.1",
              "-H",
              "Expect: 100-continue",
              "-T",
              file,
              "-o",
              back,
              url);
      assertEquals(0, sized.status(), sized.said());
      assertTrue(sized.said().contains("< HTTP/1.1 100 Continue"), sized.said());
      assertArrayEquals(content, Files.readAllBytes(back));

      var chunks =
          run("curl", "-s", "-H", "Transfer-Encoding: chunked", "-T", file, "-o", back, url);
      assertEquals(0, chunks.status(), chunks.said());
      assertArrayEquals(content, Files.readAllBytes(back));
    }
  }

  @Test
  void curlGoesOnWithADownloadAndAsksWhetherItChanged() throws Exception {
    var content = new byte[1_000_000];
    new Random(2).nextBytes(content);
    Files.write(folder.resolve("file"), content);
    var back = Files.write(folder.resolve("back"), Arrays.copyOf(content, 300_001));
    try (var server = Server.start(ANY, new FileServer(folder))) {
      var url = "http://localhost:" + server.port() + "/file";

      assertEquals(0, run("curl", "-s", "-C", "-", "-o", back, url).status());
      assertArrayEquals(content, Files.readAllBytes(back));

      var tags = folder.resolve("tags");
      var first = run("curl", "-s", "--etag-save", tags, "-o", back, "-w", "%{http_code}", url);
      var again = run("curl", "-s", "--etag-compare", tags, "-o", back, "-w", "%{http_code}", url);
      assertEquals("200 304", first.said() + " " + again.said());
    }
  }

  @Test
  void curlTellsOfAProxyAndOfACloseAfterHttp10() throws Exception {
    var options = ServerOptions.DEFAULT.withProxyProtocol(true);
    try (var server =
        Server.start(
            ANY, request -> Response.text(request.client() + request.version()), options)) {
      var url = "http://127.0.0.1:" + server.port() + "/";

      var ended = run("curl", "-s", "--haproxy-protocol", "--http1.0", url, url);

      assertEquals("127.0.0.1HTTP/1.0".repeat(2), ended.said());
    }
  }

  // ---------------------------------------------------------------------------------------- OkHttp

  @Test
  void okHttpKeepsItsConnection() throws Exception {
    var client = new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(30)).build();
    try (var server = Server.start(ANY, ECHO)) {
      var sent = new byte[200_000];
      new Random(3).nextBytes(sent);
      for (var i = 0; i < 20; i++) {
        var request =
            new Builder()
                .url("http://localhost:" + server.port() + "/" + i)
                .post(RequestBody.create(sent, MediaType.get("application/octet-stream")))
                .build();
        try (var answer = client.newCall(request).execute()) {
          assertEquals(200, answer.code());
          assertArrayEquals(sent, answer.body().bytes());
        }
      }

      assertEquals(1, server.statistics().accepted());
    } finally {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    }
  }

  // ---------------------------------------------------------------------------------------- h2load

  @Test
  void h2loadGetsAnAnswerToEveryRequest() throws Exception {
    try (var server =
        Server.start(ANY, _ -> Response.text("hello"), ServerOptions.DEFAULT.withHubs(2))) {
      var url = "http://127.0.0.1:" + server.port() + "/";

      var ended = run("h2load", "--h1", "-n", 5000, "-c", 50, "-m", 16, url);

      assertTrue(ended.said().contains("5000 succeeded, 0 failed, 0 errored"), ended.said());
      assertEquals(5000, server.statistics().statuses().get(200));
    }
  }

  // ---------------------------------------------------------------------------------- slowhttptest

  @ParameterizedTest
  @ValueSource(strings = {"-H", "-B", "-R", "-X"})
  void slowClientsAreSentAwayAndOthersServedMeanwhile(String mode) throws Exception {
    var times =
        TimeLimits.DEFAULT
            .withFirstByte(Duration.ofSeconds(1))
            .withHead(Duration.ofSeconds(1))
            .withRead(Duration.ofSeconds(1))
            .withWrite(Duration.ofSeconds(1))
            .withIdle(Duration.ofSeconds(1));
    var options = ServerOptions.DEFAULT.withLimits(ServerLimits.DEFAULT.withTimes(times));
    var file = Files.write(folder.resolve("file"), new byte[10_000_000]);
    Application serving =
        request -> {
          request.body().readAllBytes();
          return FileServer.send(request, file);
        };
    try (var server = Server.start(ANY, serving, options)) {
      var ended =
          run(
              "slowhttptest",
              mode,
              "-c",
              100,
              "-r",
              100,
              "-i",
              2,
              "-l",
              6,
              "-p",
              3,
              "-k",
              3,
              "-w",
              1,
              "-y",
              2,
              "-n",
              5,
              "-z",
              1,
              "-u",
              "http://127.0.0.1:" + server.port() + "/");

      assertTrue(
          ended.said().replaceAll(" +", " ").contains("service available: YES"), ended.said());
      for (var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
          server.statistics().connections() > 0 && System.nanoTime() < end; ) {
        Thread.sleep(20);
      }
      assertEquals(0, server.statistics().connections());
      assertEquals(0, server.statistics().failed());
    }
  }
}
