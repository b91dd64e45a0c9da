package net.eventlet.wsgi;

import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.CLOSING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server behind TLS, with the JDK's clients at the other end.
@Timeout(60)
class TlsTest {

  private static final Application SCHEME =
      request -> Response.text(request.scheme() + " " + request.host());

  @TempDir private static Path folder;
  private static SSLContext first;
  private static SSLContext second;

  @BeforeAll
  static void makeCertificates() throws Exception {
    first = context("first");
    second = context("second");
  }

  private static SSLContext context(String name) throws Exception {
    return Certificates.context(folder, name);
  }

  private static String nameShown(Server server, SSLContext trust) throws IOException {
    try (var socket =
        (SSLSocket) trust.getSocketFactory().createSocket("localhost", server.port())) {
      socket.startHandshake();
      Raw.send(socket, CLOSING);
      assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(socket)));
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  @Test
  void theJdksClientsAreServedAndChooseHttp11() throws Exception {
    var options = ServerOptions.DEFAULT.withTls(first);
    try (var server = Server.start(ANY, SCHEME, options);
        var client = HttpClient.newBuilder().sslContext(first).build()) {
      var uri = URI.create("https://localhost:" + server.port() + "/");
      for (var i = 0; i < 3; i++) {
        var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

        assertEquals("https localhost:" + server.port(), answer.body());
        assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
      }
      assertEquals(1, server.statistics().accepted());
    }
  }

  @Test
  void aCertificateIsReplacedWhileItServes() throws Exception {
    var current = new AtomicReference<>(first);
    var options = ServerOptions.DEFAULT.withTls(Tls.of(current::get));
    try (var server = Server.start(ANY, SCHEME, options)) {
      assertEquals("CN=first", nameShown(server, first));

      current.set(second);

      assertEquals("CN=second", nameShown(server, second));
      assertThrows(SSLException.class, () -> nameShown(server, first));
    }
  }

  @Test
  void aFileGoesThroughItWhole() throws Exception {
    var content = new byte[1_000_003];
    new Random(1).nextBytes(content);
    var file = Files.write(folder.resolve("file"), content);
    var options = ServerOptions.DEFAULT.withTls(first);
    try (var server = Server.start(ANY, request -> FileServer.send(request, file), options);
        var client = HttpClient.newBuilder().sslContext(first).build()) {
      var uri = URI.create("https://localhost:" + server.port() + "/");

      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());

      assertArrayEquals(content, answer.body());
    }
  }

  @Test
  void aClientWithoutTlsOrWithoutAWordIsSentAway() throws Exception {
    var times = TimeLimits.DEFAULT.withFirstByte(Duration.ofMillis(200));
    var options =
        ServerOptions.DEFAULT.withTls(first).withLimits(ServerLimits.DEFAULT.withTimes(times));
    try (var server = Server.start(ANY, SCHEME, options);
        var plain = new Socket("localhost", server.port());
        var silent = new Socket("localhost", server.port())) {
      Raw.send(plain, CLOSING);

      assertArrayEquals(new int[0], Raw.statuses(Raw.readAll(plain)));
      assertEquals("", Raw.readAll(silent));
      assertEquals("CN=first", nameShown(server, first));
    }
  }
}
