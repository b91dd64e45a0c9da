package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsEchoTest {

  private static final String PASSWORD = "password";

  @TempDir Path folder;

  @Test
  void aLineComesBackToWhomeverTrustsTheServer() throws Exception {
    var keys = keys();
    try (var server = Program.start(TlsEcho.class, "0", keys.toString(), PASSWORD)) {
      var port = Integer.toString(server.port());

      var said = Program.output(TlsAsk.class, "localhost", port, trusted(keys), "question");

      assertEquals(List.of("question"), said);
    }
  }

  @Test
  void aServerThatTheSystemDoesNotTrustIsRefused() throws Exception {
    try (var server = Program.start(TlsEcho.class, "0", keys().toString(), PASSWORD)) {
      var port = Integer.toString(server.port());

      var said = String.join(" ", Program.output(TlsAsk.class, "localhost", port));

      assertTrue(said.contains("SSLHandshakeException"), said);
    }
  }

  private Path keys() throws Exception {
    var file = folder.resolve("keys.p12");
    var keytool = System.getProperty("java.home") + File.separator + "bin/keytool";
    var made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start()
            .waitFor();
    assertEquals(0, made);
    return file;
  }

  private String trusted(Path keys) throws Exception {
    var store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    var certificate = store.getCertificate("mykey").getEncoded();
    return Files.writeString(
            folder.resolve("trusted.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n")
        .toString();
  }
}
