package net.eventlet.green;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Certificates and keys in PEM, as files have them.
///
/// Source: RFC 7468; RFC 8017 appendix A.1.2 (PKCS #1); RFC 5915 (SEC1); RFC 5958 (PKCS #8).
final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final int INTEGER = 2;
  private static final int OCTETS = 4;
  private static final int OID = 6;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  private Pem() {}

  /// What stands between two lines of dashes.
  ///
  /// @param label such as `CERTIFICATE`
  /// @param text between them
  private record Block(String label, String text) {

    byte[] bytes(String source) throws InvalidKeyException {
      try {
        return Base64.getMimeDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw new InvalidKeyException(source + ": the " + label + " is no Base64", e);
      }
    }
  }

  /// {@return the certificates, in the order of the file}
  ///
  /// @param pem the file's text
  /// @param source what it is called in errors
  /// @throws CertificateException if there is none, or one is broken
  static List<X509Certificate> certificates(String pem, String source) throws CertificateException {
    var factory = CertificateFactory.getInstance("X.509");
    var found = new ArrayList<X509Certificate>();
    for (var block : blocks(pem)) {
      if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
        try {
          found.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.bytes(source))));
        } catch (CertificateException | InvalidKeyException broken) {
          throw new CertificateException(
              source + ": certificate " + (found.size() + 1) + " is broken", broken);
        }
      }
    }
    if (found.isEmpty()) {
      throw new CertificateException(source + " has no -----BEGIN CERTIFICATE-----");
    }
    return found;
  }

  /// {@return the first private key}
  ///
  /// @param pem the file's text
  /// @param source what it is called in errors
  /// @param password of an encrypted key; null if it is not encrypted
  /// @throws GeneralSecurityException if there is none, or one that cannot be read
  static PrivateKey key(String pem, String source, char @Nullable [] password)
      throws GeneralSecurityException {
    byte @Nullable [] parameters = null;
    for (var block : blocks(pem)) {
      if (block.text().contains("Proc-Type: 4,ENCRYPTED")) {
        throw new InvalidKeyException(
            source + ": this encryption is out of date; openssl pkcs8 -topk8 converts the key");
      }
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return decode(block.bytes(source), source);
        }
        case "ENCRYPTED PRIVATE KEY" -> {
          return decode(decrypt(block.bytes(source), source, password), source);
        }
        case "RSA PRIVATE KEY" -> {
          return decode(pkcs8(RSA, block.bytes(source)), source);
        }
        case "EC PARAMETERS" -> parameters = block.bytes(source);
        case "EC PRIVATE KEY" -> {
          var sec1 = block.bytes(source);
          return decode(pkcs8(ellipticCurve(sec1, parameters, source), sec1), source);
        }
        default -> {
          if (block.label().endsWith("PRIVATE KEY")) {
            throw new InvalidKeyException(
                "%s: a key of the kind \"%s\" cannot be read; openssl pkcs8 -topk8 converts it"
                    .formatted(source, block.label()));
          }
        }
      }
    }
    throw new InvalidKeyException(source + " has no -----BEGIN PRIVATE KEY-----");
  }

  private static List<Block> blocks(String pem) {
    return BLOCK.matcher(pem).results().map(m -> new Block(m.group(1), m.group(2))).toList();
  }

  private static PrivateKey decode(byte[] pkcs8, String source) throws GeneralSecurityException {
    try {
      var whole = open(ByteBuffer.wrap(pkcs8), SEQUENCE);
      open(whole, INTEGER);
      var algorithm = dotted(open(open(whole, SEQUENCE), OID));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException broken) {
      throw new InvalidKeyException(source + ": the private key is broken", broken);
    }
  }

  private static byte[] decrypt(byte[] encrypted, String source, char @Nullable [] password)
      throws GeneralSecurityException {
    if (password == null) {
      throw new InvalidKeyException(source + ": the private key is encrypted; give its password");
    }
    try {
      var info = new EncryptedPrivateKeyInfo(encrypted);
      var parameters = info.getAlgParameters();
      var algorithm =
          info.getAlgName().equals("PBES2") && parameters != null
              ? parameters.toString()
              : info.getAlgName();
      var cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
          parameters);
      return cipher.doFinal(info.getEncryptedData());
    } catch (BadPaddingException wrong) {
      throw new InvalidKeyException(source + ": the password is not the private key's", wrong);
    } catch (IOException broken) {
      throw new InvalidKeyException(source + ": the private key is broken", broken);
    }
  }

  /// {@return the algorithm of a key in SEC1's form, which has the curve in itself, or before it}
  private static byte[] ellipticCurve(byte[] sec1, byte @Nullable [] before, String source)
      throws InvalidKeyException {
    var curve = before;
    try {
      var key = open(ByteBuffer.wrap(sec1), SEQUENCE);
      open(key, INTEGER);
      open(key, OCTETS);
      if (key.hasRemaining() && Byte.toUnsignedInt(key.get(key.position())) == PARAMETERS) {
        var parameters = open(key, PARAMETERS);
        curve = new byte[parameters.remaining()];
        parameters.get(curve);
      }
    } catch (IllegalArgumentException broken) {
      throw new InvalidKeyException(source + ": the private key is broken", broken);
    }
    if (curve == null) {
      throw new InvalidKeyException(source + ": the private key does not say which curve it is of");
    }
    return sequence(join(EC, curve));
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return sequence(join(new byte[] {INTEGER, 1, 0}, algorithm, wrapped(OCTETS, key)));
  }

  // ----------------------------------------------------------------------------------------- DER

  /// {@return what is in the next value, which is passed over}
  ///
  /// @throws IllegalArgumentException if it has another tag, or is cut short
  private static ByteBuffer open(ByteBuffer der, int tag) {
    if (der.remaining() < 2 || Byte.toUnsignedInt(der.get()) != tag) {
      throw new IllegalArgumentException("no value with the tag " + tag);
    }
    var length = Byte.toUnsignedInt(der.get());
    if (length >= 0x80) {
      var bytes = length & 0x7f;
      if (bytes == 0 || bytes > 3 || bytes > der.remaining()) {
        throw new IllegalArgumentException("a length of " + bytes + " bytes");
      }
      length = 0;
      for (var i = 0; i < bytes; i++) {
        length = length << 8 | Byte.toUnsignedInt(der.get());
      }
    }
    if (length > der.remaining()) {
      throw new IllegalArgumentException("the value is cut short");
    }
    var content = der.slice(der.position(), length);
    der.position(der.position() + length);
    return content;
  }

  private static String dotted(ByteBuffer oid) {
    var text = new StringBuilder();
    var value = 0L;
    while (oid.hasRemaining()) {
      var next = oid.get();
      value = (value << 7) | (next & 0x7f);
      if (next >= 0) {
        if (text.isEmpty()) {
          var first = Math.min(value / 40, 2);
          text.append(first).append('.').append(value - 40 * first);
        } else {
          text.append('.').append(value);
        }
        value = 0;
      }
    }
    return text.toString();
  }

  private static byte[] sequence(byte[] content) {
    return wrapped(SEQUENCE, content);
  }

  private static byte[] wrapped(int tag, byte[] content) {
    var length = BigInteger.valueOf(content.length).toByteArray(); // a 0 in front, or not
    var from = length[0] == 0 && length.length > 1 ? 1 : 0;
    var header = new ByteArrayOutputStream();
    header.write(tag);
    if (content.length >= 0x80) {
      header.write(0x80 | (length.length - from));
    }
    header.write(length, from, length.length - from);
    return join(header.toByteArray(), content);
  }

  private static byte[] join(byte[]... parts) {
    var length = 0;
    for (var part : parts) {
      length += part.length;
    }
    var joined = ByteBuffer.allocate(length);
    for (var part : parts) {
      joined.put(part);
    }
    return joined.array();
  }
}
