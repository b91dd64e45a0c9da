package net.eventlet.green;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawnN;
import static net.eventlet.green.TlsPair.AUTHORITY;
import static net.eventlet.green.TlsPair.LOCALHOST;
import static net.eventlet.green.TlsPair.LOOPBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS with OpenSSL and curl on the other side.
@Bounded
class GreenSslToolsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void opensslIsEchoed(String version) throws Exception {
    run(() -> {
      try (var listener = echoing();
          var openssl = client(listener, version, "-alpn", "none,echo")) {
        openssl.say("question");

        assertEquals("question", openssl.line("question"));
      }
    });
  }

  /// `K` has OpenSSL ask for new keys (TLS 1.3), `R` for another handshake (TLS 1.2).
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3 K", "-tls1_2 R"})
  void opensslRenewsTheKeys(String versionAndCommand) throws Exception {
    var words = versionAndCommand.split(" ");
    run(() -> {
      try (var listener = echoing();
          var openssl = client(listener, words[0])) {
        openssl.say("before");
        var before = openssl.line("before");
        for (var i = 0; i < 3; i++) {
          openssl.say(words[1]);
          assertNotNull(openssl.line(words[1].equals("K") ? "KEYUPDATE" : "RENEGOTIATING"));
          openssl.say("after " + i);

          assertEquals("after " + i, openssl.line("after"));
        }
        assertEquals("before", before);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void opensslResumesItsSession(String version) throws Exception {
    var session = folder.resolve("session").toString();
    run(() -> {
      try (var listener = echoing()) {
        try (var first = client(listener, version, "-sess_out", session)) {
          first.say("question");
          first.line("question");
          first.say("Q");
          first.rest();
        }
        try (var second = client(listener, version, "-sess_in", session)) {
          assertNotNull(second.line("Reused, TLSv1."));
          second.say("question");
          assertEquals("question", second.line("question"));
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void opensslServes(String version) throws Exception {
    var signed = PemText.file(folder, LOCALHOST).toString();
    run(() -> {
      try (var openssl =
          new Tool(
              "openssl",
              "s_server",
              "-accept",
              "127.0.0.1:0",
              "-rev",
              version,
              "-cert",
              signed,
              "-cert_chain",
              signed,
              "-key",
              signed,
              "-alpn",
              "reversed")) {
        var port = Integer.parseInt(openssl.line("ACCEPT").replaceAll(".*:", ""));
        try (var client = connected(port, AUTHORITY.context())) {
          client.getOutputStream().write("question\n".getBytes(UTF_8));

          assertEquals("noitseuq", reader(client).readLine());
          assertEquals("reversed", client.getApplicationProtocol());
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void aClientResumesItsSession(String version) throws Exception {
    var signed = PemText.file(folder, LOCALHOST).toString();
    run(() -> {
      try (var openssl =
          new Tool(
              "openssl",
              "s_server",
              "-accept",
              "127.0.0.1:0",
              version,
              "-cert",
              signed,
              "-cert_chain",
              signed,
              "-key",
              signed)) {
        var port = Integer.parseInt(openssl.line("ACCEPT").replaceAll(".*:", ""));
        var context = AUTHORITY.context();
        for (var known : List.of(false, true)) {
          try (var client = connected(port, context)) {
            client.getOutputStream().write("question\n".getBytes(UTF_8));
            if (known) {
              assertNotNull(openssl.line("Reused session-id"));
            }
            openssl.line("question");
            openssl.say("answer");

            assertEquals("answer", reader(client).readLine());
          }
        }
      }
    });
  }

  @Test
  void curlIsServed() throws Exception {
    var authority = PemText.file(folder, AUTHORITY).toString();
    run(() -> {
      try (var listener =
          GreenSsl.wrapListener(
              listen(LOOPBACK), AUTHORITY.context(LOCALHOST), SslOptions.DEFAULT)) {
        spawnN(() -> answer(listener.accept()));
        try (var curl =
            new Tool(
                "curl",
                "-sS",
                "--cacert",
                authority,
                "https://localhost:" + listener.getLocalPort() + "/")) {

          assertEquals(List.of("hello"), curl.rest());
        }
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  private Tool client(GreenSslServerSocket listener, String... arguments) throws Exception {
    var all =
        new ArrayList<>(
            List.of(
                "s_client",
                "-connect",
                "127.0.0.1:" + listener.getLocalPort(),
                "-servername",
                "localhost",
                "-verify_return_error",
                "-CAfile",
                PemText.file(folder, AUTHORITY).toString()));
    all.addAll(List.of(arguments));
    return new Tool("openssl", all.toArray(String[]::new));
  }

  private static GreenSslSocket connected(int port, SSLContext context) throws IOException {
    return GreenSsl.wrap(
        connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
        context,
        "localhost",
        SslOptions.DEFAULT.withApplicationProtocols("reversed"));
  }

  private static GreenSslServerSocket echoing() throws IOException {
    var listener =
        GreenSsl.wrapListener(
            listen(LOOPBACK),
            AUTHORITY.context(LOCALHOST),
            SslOptions.DEFAULT.withApplicationProtocols("echo"));
    spawnN(() -> {
      try {
        while (true) {
          var connection = listener.accept();
          spawnN(() -> {
            try (connection) {
              connection.getInputStream().transferTo(connection.getOutputStream());
            } catch (IOException gone) {
              // as its process was
            }
          });
        }
      } catch (IOException closed) {
        // by the test
      }
    });
    return listener;
  }

  private static void answer(GreenSslSocket connection) throws IOException {
    try (connection) {
      var reader = reader(connection);
      for (var line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {}
      var answer = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".getBytes(US_ASCII);
      connection.write(answer, 0, answer.length);
    }
  }

  private static BufferedReader reader(GreenSslSocket connection) throws IOException {
    return new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
  }
}
