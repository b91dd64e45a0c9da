package net.eventlet.green;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.serve;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import net.eventlet.GreenPool;
import net.eventlet.ListenOptions;
import net.eventlet.hubs.Hub;

/// What does a request cost the client, in CPU time, by each of the JDK's two HTTP clients on a
/// hub?
///
/// A process of its own serves; both clients ask in turn, for several rounds. ADR 8 has the answer.
///
/// Run: `java FLAGS -cp CLASSPATH net.eventlet.green.HttpClientCost`
public final class HttpClientCost {

  private static final int REQUESTS = 8_000;
  private static final int ROUNDS = 7;

  private HttpClientCost() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      serveHello();
      return;
    }
    var server =
        new ProcessBuilder(
                Objects.requireNonNull(ProcessHandle.current().info().command().orElse(null)),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HttpClientCost.class.getName(),
                "serve")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = server.inputReader()) {
      var uri = URI.create("http://127.0.0.1:" + output.readLine() + "/");
      run(() -> {
        var client =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Hub.current().executor())
                .build();
        var request = HttpRequest.newBuilder(uri).build();
        for (var atOnce : new int[] {1, 5, 50}) {
          for (var round = 0; round < ROUNDS; round++) {
            measure(
                "HttpClient",
                atOnce,
                () -> client.send(request, BodyHandlers.ofByteArray()).body());
            measure("HttpURLConnection", atOnce, () -> old(uri));
          }
        }
      });
    } finally {
      server.destroyForcibly();
    }
  }

  private static byte[] old(URI uri) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    try (var body = connection.getInputStream()) {
      return body.readAllBytes();
    }
  }

  private static void measure(String name, int atOnce, Callable<byte[]> ask) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var before = system.getProcessCpuTime();
    var begun = System.nanoTime();
    var pool = new GreenPool(atOnce);
    try (var results =
        pool.imapUnordered(_ -> ask.call().length, IntStream.range(0, REQUESTS).boxed().toList())) {
      var bytes = 0L;
      for (var length : results) {
        bytes += length;
      }
      if (bytes != 5L * REQUESTS) {
        throw new AssertionError("not what was served: " + bytes);
      }
    }
    IO.println(
        "%-18s %2d at once: %6.1f us of CPU, %6.1f us of time a request"
            .formatted(
                name,
                atOnce,
                (system.getProcessCpuTime() - before) / 1e3 / REQUESTS,
                (System.nanoTime() - begun) / 1e3 / REQUESTS));
  }

  private static void serveHello() throws Exception {
    run(() -> {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (var listener = listen(address, ListenOptions.DEFAULT.withBacklog(1000))) {
        IO.println(listener.getLocalPort());
        serve(
            listener,
            connection -> {
              for (var line = connection.readLine(); line != null; line = connection.readLine()) {
                if (line.isEmpty()) {
                  connection.write(
                      US_ASCII.encode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
                }
              }
            });
      }
    });
  }
}
