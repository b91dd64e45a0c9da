package net.eventlet.green;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A private key, and the certificates that say whose it is.
///
/// @param key in the clear
/// @param chain the key's own certificate first, then each one's issuer; the root need not be there
public record Identity(PrivateKey key, List<X509Certificate> chain) {

  private static final int DNS = 2;

  /// Checks the two.
  ///
  /// @throws IllegalArgumentException if there is no certificate, or the first is not the key's
  public Identity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("an identity needs a certificate");
    }
    if (!fits(key, chain.getFirst())) {
      throw new IllegalArgumentException(
          "the private key is not that of the certificate of "
              + chain.getFirst().getSubjectX500Principal());
    }
  }

  /// Reads a key and its certificates from PEM. On a hub the thread pool does it.
  ///
  /// @param chain the certificates, in the order of a chain
  /// @param key the private key: PKCS #8, PKCS #1, or SEC1; may be the same file
  /// @return both
  /// @throws IOException if a file cannot be read
  /// @throws GeneralSecurityException if what is in it cannot, or a password is missing
  public static Identity pem(Path chain, Path key) throws IOException, GeneralSecurityException {
    return pem(chain, key, null);
  }

  /// Reads an encrypted key and its certificates from PEM. On a hub the thread pool does it.
  ///
  /// @param chain the certificates, in the order of a chain
  /// @param key the private key; may be the same file
  /// @param password of the key; null if it is in the clear
  /// @return both
  /// @throws IOException if a file cannot be read
  /// @throws GeneralSecurityException if what is in it cannot, or the password is wrong
  public static Identity pem(Path chain, Path key, char @Nullable [] password)
      throws IOException, GeneralSecurityException {
    return InThreadPool.call(() ->
        new Identity(
            Pem.key(Files.readString(key), key.toString(), password),
            Pem.certificates(Files.readString(chain), chain.toString())));
  }

  /// Reads every key with its certificates from a key store. On a hub the thread pool does it.
  ///
  /// @param file in PKCS #12 or another of the JDK's formats
  /// @param password of the store and of its keys
  /// @return them, in the order of their aliases
  /// @throws IOException if the file cannot be read, or the password is wrong
  /// @throws GeneralSecurityException if what is in it cannot
  public static List<Identity> keyStore(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    return InThreadPool.call(() -> {
      var store = open(file, password);
      var found = new ArrayList<Identity>();
      for (var alias : Collections.list(store.aliases()).stream().sorted().toList()) {
        if (store.getKey(alias, password) instanceof PrivateKey key) {
          var chain = new ArrayList<X509Certificate>();
          for (var certificate : store.getCertificateChain(alias)) {
            chain.add((X509Certificate) certificate);
          }
          found.add(new Identity(key, chain));
        }
      }
      if (found.isEmpty()) {
        throw new InvalidKeyException(file + " has no private key");
      }
      return found;
    });
  }

  private static KeyStore open(Path file, char[] password)
      throws IOException, GeneralSecurityException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    try {
      return KeyStore.getInstance(file.toFile(), password);
    } catch (KeyStoreException unknown) {
      throw new KeyStoreException(
          file + " is no key store of a format that the JDK knows, such as PKCS #12", unknown);
    } catch (IOException failure) {
      throw failure.getCause() instanceof UnrecoverableKeyException
          ? new IOException(file + ": the password is not the key store's", failure)
          : failure;
    }
  }

  /// {@return whether the certificate is for a host}
  ///
  /// @param host its name
  boolean isFor(String host) {
    try {
      var names = chain.getFirst().getSubjectAlternativeNames();
      if (names == null) {
        return false;
      }
      for (var name : names) {
        if ((Integer) name.get(0) == DNS && matches((String) name.get(1), host)) {
          return true;
        }
      }
      return false;
    } catch (CertificateParsingException broken) {
      return false;
    }
  }

  private static boolean matches(String pattern, String host) {
    var wanted = host.toLowerCase(Locale.ROOT);
    var own = pattern.toLowerCase(Locale.ROOT);
    if (own.startsWith("*.")) {
      var dot = wanted.indexOf('.');
      return dot > 0 && wanted.substring(dot).equals(own.substring(1));
    }
    return wanted.equals(own);
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate) {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519", "Ed448" -> key.getAlgorithm();
          default -> null; // not one that this knows to try
        };
    if (algorithm == null) {
      return true;
    }
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update((byte) 1);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update((byte) 1);
      return signature.verify(signed);
    } catch (GeneralSecurityException other) { // of another kind than the certificate's
      return false;
    }
  }

  @Override
  public String toString() {
    return "Identity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
