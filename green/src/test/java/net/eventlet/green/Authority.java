package net.eventlet.green;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority that signs certificates for tests, and contexts that trust it.
final class Authority {

  private static final String EC = "1.2.840.10045.4.3.2";
  private static final String RSA = "1.2.840.113549.1.1.11";

  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  /// A key and the certificates from its own to the authority's.
  record Signed(PrivateKey key, List<X509Certificate> chain) {}

  Authority(String name) {
    this.name = name;
    keys = keys("EC");
    certificate = sign(name, keys, Instant.now(), Duration.ofDays(1), true);
  }

  X509Certificate certificate() {
    return certificate;
  }

  Signed sign(String... hosts) {
    return sign("EC", Instant.now(), hosts);
  }

  Signed expired(String... hosts) {
    return sign("EC", Instant.now().minus(Duration.ofDays(30)), hosts);
  }

  Signed sign(String algorithm, Instant from, String... hosts) {
    var own = keys(algorithm);
    return new Signed(
        own.getPrivate(),
        List.of(sign(hosts[0], own, from, Duration.ofDays(1), false, hosts), certificate));
  }

  /// A certificate that nobody but its own key signed.
  static Signed selfSigned(String host) {
    var alone = new Authority(host);
    var itself = alone.sign(host, alone.keys, Instant.now(), Duration.ofDays(1), false, host);
    return new Signed(alone.keys.getPrivate(), List.of(itself));
  }

  /// A context that trusts this authority and shows what is given.
  SSLContext context(Signed... own) {
    try {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", certificate);
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      var keys =
          new Identities(
              Arrays.stream(own).map(one -> new Identity(one.key(), one.chain())).toList());
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair keys(String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      switch (algorithm) {
        case "EC" -> generator.initialize(256);
        case "RSA" -> generator.initialize(2048);
        default -> {}
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      String subject,
      KeyPair own,
      Instant from,
      Duration valid,
      boolean authority,
      String... hosts) {
    try {
      var algorithm =
          keys.getPrivate().getAlgorithm().equals("EC")
              ? Der.sequence(Der.oid(EC))
              : Der.sequence(Der.oid(RSA), Der.of(5));
      var extensions =
          authority
              ? extension("2.5.29.19", Der.sequence(Der.yes()))
              : extension(
                  "2.5.29.17",
                  Der.sequence(
                      Arrays.stream(hosts).map(Authority::alternative).toArray(byte[][]::new)));
      var body =
          Der.sequence(
              Der.of(0xa0, Der.integer(2)),
              Der.integer(new SecureRandom().nextLong() >>> 1),
              algorithm,
              named(name),
              Der.sequence(Der.time(from.minusSeconds(60)), Der.time(from.plus(valid))),
              named(subject),
              own.getPublic().getEncoded(),
              Der.of(0xa3, Der.sequence(extensions)));
      var signature =
          Signature.getInstance(
              keys.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      var whole = Der.sequence(body, algorithm, Der.bits(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] alternative(String host) {
    return Character.isDigit(host.charAt(0))
        ? Der.of(0x87, InetAddress.ofLiteral(host).getAddress())
        : Der.text(0x82, host);
  }

  private static byte[] named(String commonName) {
    return Der.sequence(Der.of(0x31, Der.sequence(Der.oid("2.5.4.3"), Der.text(0x0c, commonName))));
  }
}
