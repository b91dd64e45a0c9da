package net.eventlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The JDK's TLS, layered over our sockets: it takes any [Socket].
@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class SocketTlsTest {

  // keytool -genkeypair -alias k -keyalg EC -groupname secp256r1 -validity 36500 -dname
  // CN=localhost
  //     -ext san=dns:localhost -storetype PKCS12 -keystore k.p12 -storepass password
  private static final String KEY_STORE =
      """
      MIID9gIBAzCCA6AGCSqGSIb3DQEHAaCCA5EEggONMIIDiTCCASAGCSqGSIb3DQEHAaCCAREEggEN
      MIIBCTCCAQUGCyqGSIb3DQEMCgECoIG9MIG6MGYGCSqGSIb3DQEFDTBZMDgGCSqGSIb3DQEFDDAr
      BBSz8acUTTuuTsJ38ctZm9cxPv9J+QICJxACASAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoE
      ECu2UHvxlO40NmwqJbTmKHoEUFw9AGjsUwpFEo1q7w5/hgIdnsri4KAE6Tsa/VMmD8cZwVyTcPPy
      Xn5YyH8kR1l93Ma/rV5iWOxdRx3g96WzFe+5F7zn/Hm1AHHHMB+ZmSUxMTYwEQYJKoZIhvcNAQkU
      MQQeAgBrMCEGCSqGSIb3DQEJFTEUBBJUaW1lIDE3OTU0MjI4NDQ0NDYwggJhBgkqhkiG9w0BBwag
      ggJSMIICTgIBADCCAkcGCSqGSIb3DQEHATBmBgkqhkiG9w0BBQ0wWTA4BgkqhkiG9w0BBQwwKwQU
      r6I++xCM/h0YXmxqSDNBPDWTA1gCAicQAgEgMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBDk
      c4cLMU7zvglL8UrdIMQqgIIB0MFxIOiVY8xyA5lzXW6YMDtJpIWY3roxfC9K6i2H7YJWAnMAmzp4
      mUjUtut+LFK0c7Pt6FV4ww2xU06zQ3DFLPE4QSl2pmCeFJgaqlFqsc9r8/FIPHLyo8E/0vgeO+go
      9xjONBSlgsSB2nMmzxnmzQjgt0BanE/atGUr7vgZAnb/cjRCIgp0tj9OQu46taBwkzdTOhi3Asmt
      OG1OckBfrE48/l/oIauCmjfJsSvxNYhoPptR46mzUZW97TJ2EpovIwVXXRkALzpPEUhpXprRykIS
      iWVc6qLrh2BI6pW+gliGs049asHnp0f9WCxRkzDDj5kV21wu8A+X5SKVg8DMuKGjAkMXTmP5AxwC
      9lUBwjkYJgDLLzFQvICa8AtPzDSUxQVun1AiC9PVabLyzNLwouBIlbWexHo6uK5PnofkXn1lIXsS
      9XsvXh6k5mvXRfwh8X7gFTtjtgSYFqGYEzOubnZtq0Q4mdSfdpAfyElUjX690TfYd3XDVMhNrrJ9
      QfGJWMe3GEkeYRRKoiDQiBp4HUL6PthgOH6jmuGlV+tvoXeMpxTx5cJubSg5VUnQxHEIJVFAG6qs
      IilYXwgurLcWxjG6MwxmRtiXupFr/dldMYGrME0wMTANBglghkgBZQMEAgEFAAQgdJ2F0zff7RtI
      RS5e+ABFsb6RM6u31Ksb+UT41lzYkG8EFHIR8z1G/zK6c95OZbfUo7fpy/gvAgInEA==
      """;

  private final SSLContext tls = tls();

  SocketTlsTest() throws Exception {}

  @Test
  void echoesThroughTls() throws Exception {
    onPair((here, there) -> {
      spawn(() -> echo(there));

      for (var line : new String[] {"question", "x".repeat(100_000), "last"}) {
        here.getOutputStream().write((line + "\n").getBytes(UTF_8));
      }

      var reader = new BufferedReader(new InputStreamReader(here.getInputStream(), UTF_8));
      assertEquals("question", reader.readLine());
      assertEquals("x".repeat(100_000), reader.readLine());
      assertEquals("last", reader.readLine());
      assertTrue(here.getSession().isValid());
    });
  }

  @Test
  void manyShakeHandsAtOnce() throws Exception {
    run(() -> {
      var answers = new ArrayList<GreenThread<Integer>>();
      for (var i = 0; i < 20; i++) {
        var pair = new Connected();
        spawn(() -> {
          try (var there = server(pair.accepted())) {
            echo(there);
          }
        });
        var value = i;
        answers.add(
            spawn(() -> {
              try (var here = client(pair.connected())) {
                here.getOutputStream().write(value);
                return here.getInputStream().read();
              }
            }));
      }

      for (var i = 0; i < answers.size(); i++) {
        assertEquals(i, answers.get(i).await());
      }
    });
  }

  @Test
  void aSilentPeerIsTimedOut() throws Exception {
    onPair((here, there) -> {
      spawn(() -> there.getInputStream().read());

      assertFalse(Timeout.run(Duration.ofMillis(50), () -> here.getInputStream().read()));
    });
  }

  @Test
  void oneThatReadsIsKilled() throws Exception {
    onPair((here, there) -> {
      spawn(() -> there.getInputStream().read());
      here.startHandshake();
      var reader = spawn(() -> here.getInputStream().read());
      sleep();

      reader.kill();

      assertThrows(GreenThreadExit.class, reader::await);
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  /// What is done with the two ends of a connection.
  private interface OnPair {

    void with(SSLSocket here, SSLSocket there) throws Exception;
  }

  private void onPair(OnPair body) throws Exception {
    run(() -> {
      try (var pair = new Connected()) {
        body.with(client(pair.connected()), server(pair.accepted()));
      }
    });
  }

  private SSLSocket client(Socket socket) throws IOException {
    return (SSLSocket)
        tls.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
  }

  private SSLSocket server(Socket socket) throws IOException {
    return (SSLSocket)
        tls.getSocketFactory().createSocket(socket, InputStream.nullInputStream(), true);
  }

  private static void echo(Socket socket) throws IOException {
    var bytes = new byte[1_000];
    var input = socket.getInputStream();
    for (var count = input.read(bytes); count >= 0; count = input.read(bytes)) {
      socket.getOutputStream().write(bytes, 0, count);
    }
  }

  private static SSLContext tls() throws Exception {
    var password = "password".toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Base64.getMimeDecoder().decode(KEY_STORE)), password);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("k", store.getCertificate("k"));
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }
}
