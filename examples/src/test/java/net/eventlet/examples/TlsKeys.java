package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/// A server's key for `localhost`, which nobody trusts of himself.
final class TlsKeys {

  static final String PASSWORD = "password";

  private TlsKeys() {}

  /// {@return the file of a new key}
  static Path make(Path folder) throws Exception {
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

  /// {@return a PEM file, beside the key's, of what trusts it}
  static String trusted(Path keys) throws Exception {
    var store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    var certificate = store.getCertificate("mykey").getEncoded();
    return Files.writeString(
            keys.resolveSibling("trusted.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n")
        .toString();
  }
}
