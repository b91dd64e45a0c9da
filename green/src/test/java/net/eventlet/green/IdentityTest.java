package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.green.TlsPair.AUTHORITY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys and certificates from files, some of which OpenSSL writes.
@Bounded
class IdentityTest {

  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void readsAKeyAndItsChainFromOneFile(String algorithm) throws Exception {
    var signed = AUTHORITY.sign(algorithm, Instant.now(), "localhost");
    var file = PemText.file(folder, signed);

    var identity = Identity.pem(file, file);

    assertEquals(signed.key(), identity.key());
    assertEquals(signed.chain(), identity.chain());
  }

  static Stream<Arguments> conversions() {
    return Stream.of(
        arguments("RSA", "RSA PRIVATE KEY", "rsa -traditional"),
        arguments("EC", "EC PRIVATE KEY", "ec"),
        arguments("RSA", "ENCRYPTED PRIVATE KEY", "pkcs8 -topk8 -passout pass:password"),
        arguments("EC", "ENCRYPTED PRIVATE KEY", "pkcs8 -topk8 -passout pass:password"),
        arguments(
            "EC",
            "ENCRYPTED PRIVATE KEY",
            "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512 -passout pass:password"));
  }

  @ParameterizedTest
  @MethodSource("conversions")
  void readsWhatOpensslWrites(String algorithm, String label, String command) throws Exception {
    var signed = AUTHORITY.sign(algorithm, Instant.now(), "localhost");
    var chain = PemText.file(folder, signed);
    var key = convert(chain, command);
    assertTrue(Files.readString(key).contains("BEGIN " + label), Files.readString(key));

    var identity = Identity.pem(chain, key, PASSWORD); // which tries whether the key fits

    assertEquals(algorithm, identity.key().getAlgorithm());
    assertEquals(signed.chain(), identity.chain());
  }

  @Test
  void saysThatAPasswordIsMissingOrWrong() throws Exception {
    var chain = PemText.file(folder, AUTHORITY.sign("localhost"));
    var key = convert(chain, "pkcs8 -topk8 -passout pass:password");

    assertRefused("give its password", chain, key, null);
    assertRefused("the password is not", chain, key, "other".toCharArray());
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    var chain = PemText.file(folder, AUTHORITY.sign("RSA", Instant.now(), "localhost"));
    var old = convert(chain, "rsa -traditional -aes128 -passout pass:password");
    var other = Files.writeString(folder.resolve("o"), PemText.of("OPENSSH PRIVATE KEY", PASS));
    var broken = Files.writeString(folder.resolve("b"), PemText.of("PRIVATE KEY", PASS));
    var noCurve = Files.writeString(folder.resolve("c"), PemText.of("EC PRIVATE KEY", EC_KEY));
    var none = Files.writeString(folder.resolve("n"), "hello");

    assertRefused("out of date", chain, old, PASSWORD);
    assertRefused("OPENSSH PRIVATE KEY", chain, other, null);
    assertRefused("is broken", chain, broken, null);
    assertRefused("which curve", chain, noCurve, null);
    assertRefused("has no -----BEGIN PRIVATE KEY-----", chain, none, null);
    assertRefused("has no -----BEGIN CERTIFICATE-----", none, chain, null);
  }

  @Test
  void refusesAKeyThatIsNotTheCertificates() {
    var one = AUTHORITY.sign("localhost");
    var other = AUTHORITY.sign("localhost");
    var rsa = AUTHORITY.sign("RSA", Instant.now(), "localhost");

    for (var key : List.of(other.key(), rsa.key())) {
      var refused =
          assertThrows(IllegalArgumentException.class, () -> new Identity(key, one.chain()));
      assertTrue(refused.getMessage().contains("CN=localhost"), refused.getMessage());
    }
  }

  @Test
  void readsAKeyStore() throws Exception {
    var first = AUTHORITY.sign("first.example");
    var second = AUTHORITY.sign("second.example");
    var file = folder.resolve("keys.p12");
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("b", second.key(), PASSWORD, second.chain().toArray(X509Certificate[]::new));
    store.setKeyEntry("a", first.key(), PASSWORD, first.chain().toArray(X509Certificate[]::new));
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }

    var identities = Identity.keyStore(file, PASSWORD);

    assertEquals(
        List.<PrivateKey>of(first.key(), second.key()),
        identities.stream().map(Identity::key).toList());
  }

  @Test
  void aKeyStoreThatCannotBeReadIsNamed() throws Exception {
    var file = folder.resolve("keys.p12");

    assertEquals(
        file.toString(),
        assertThrows(NoSuchFileException.class, () -> Identity.keyStore(file, PASSWORD))
            .getMessage());

    Files.writeString(file, "no keys");
    assertEquals(
        file + " is no key store of a format that the JDK knows, such as PKCS #12",
        assertThrows(KeyStoreException.class, () -> Identity.keyStore(file, PASSWORD))
            .getMessage());

    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
    assertEquals(
        file + ": the password is not the key store's",
        assertThrows(IOException.class, () -> Identity.keyStore(file, new char[] {'x'}))
            .getMessage());
  }

  // ------------------------------------------------------------------------- which one is shown

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void showsTheCertificateForTheNameThatIsAskedFor(String protocol) throws Exception {
    var identities =
        new Identities(
            of(AUTHORITY.sign("first.example")),
            of(AUTHORITY.sign("RSA", Instant.now(), "second.example", "*.third.example")));

    assertEquals("CN=first.example", shown(identities, "first.example", protocol));
    assertEquals("CN=second.example", shown(identities, "SECOND.example", protocol));
    assertEquals("CN=second.example", shown(identities, "deep.third.example", protocol));
    assertEquals("CN=first.example", shown(identities, "a.deep.third.example", protocol));
    assertEquals("CN=first.example", shown(identities, "other.example", protocol));
  }

  @Test
  void showsOthersAfterTheyWereReplaced() throws Exception {
    var identities = new Identities(of(AUTHORITY.sign("old.example")));
    var before = shown(identities, "x.example", "TLSv1.3");

    identities.replace(List.of(of(AUTHORITY.sign("new.example"))));

    assertEquals("CN=old.example", before);
    assertEquals("CN=new.example", shown(identities, "x.example", "TLSv1.3"));
  }

  @Test
  void aHandshakeThatHasChosenKeepsWhatItChoseAsOthersTakeItsPlace() {
    var old = of(AUTHORITY.sign("old.example"));
    var identities = new Identities(old);
    var alias = identities.chooseEngineServerAlias("EC", null, null);

    identities.replace(List.of(of(AUTHORITY.sign("new.example"))));

    assertEquals(old.key(), identities.getPrivateKey(alias));
    assertEquals(old.chain(), List.of(identities.getCertificateChain(alias)));
  }

  @Test
  void aClientShowsWhatAnAuthorityThatTheServerTrustsHasSigned() throws Exception {
    var other = new Authority("other").sign("stranger");
    var clients = new Identities(of(other), of(AUTHORITY.sign("member")));
    run(() -> {
      try (var pair =
          new TlsPair(
              GreenSsl.context(clients, List.of(AUTHORITY.certificate())),
              "localhost",
              SslOptions.DEFAULT,
              AUTHORITY.context(TlsPair.LOCALHOST),
              SslOptions.DEFAULT.withClientCertificate(SslOptions.ClientCertificate.NEEDED))) {
        var handshake = spawn(() -> pair.client().startHandshake());

        var member = pair.server().getSession().getPeerPrincipal().getName();

        handshake.await();
        assertEquals("CN=member", member);
      }
    });
  }

  @Test
  void theSystemsAuthoritiesAreTrustedByDefault() throws Exception {
    run(() -> {
      try (var pair =
          new TlsPair(
              GreenSsl.context(),
              "localhost",
              SslOptions.DEFAULT,
              AUTHORITY.context(TlsPair.LOCALHOST),
              SslOptions.DEFAULT)) {
        spawn(() -> pair.server().startHandshake());

        assertThrows(
            javax.net.ssl.SSLHandshakeException.class, () -> pair.client().startHandshake());
      }
    });
  }

  // ------------------------------------------------------------------------------------- helpers

  private static final byte[] PASS = {1, 2, 3};
  private static final byte[] EC_KEY =
      Der.sequence(Der.integer(1), Der.octets(new byte[] {1, 2, 3}));

  private static String shown(Identities identities, String host, String protocol)
      throws Exception {
    var found = new ArrayList<String>();
    run(() -> {
      try (var pair =
          new TlsPair(
              GreenSsl.context(new Identities(), List.of(AUTHORITY.certificate())),
              host,
              SslOptions.DEFAULT.withAnyHostName(),
              GreenSsl.context(identities),
              SslOptions.DEFAULT)) {
        pair.client().setEnabledProtocols(new String[] {protocol});
        var handshake = spawn(() -> pair.server().startHandshake());
        found.add(pair.client().getSession().getPeerPrincipal().getName());
        handshake.await();
      }
    });
    return found.getFirst();
  }

  private static Identity of(Authority.Signed signed) {
    return new Identity(signed.key(), signed.chain());
  }

  private static void assertRefused(String message, Path chain, Path key, char[] password) {
    var refused =
        assertThrows(GeneralSecurityException.class, () -> Identity.pem(chain, key, password));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  private Path convert(Path key, String command) throws Exception {
    var to = folder.resolve("converted");
    var words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("-in", key.toString(), "-out", to.toString()));
    try (var openssl = new Tool("openssl", words.toArray(String[]::new))) {
      var said = openssl.rest();
      assertTrue(Files.exists(to), said::toString);
    }
    return to;
  }
}
