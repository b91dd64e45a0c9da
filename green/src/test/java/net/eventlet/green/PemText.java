package net.eventlet.green;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// PEM, as tests write it into files.
final class PemText {

  private PemText() {}

  static String of(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %1$s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }

  static String of(List<X509Certificate> chain) throws CertificateEncodingException {
    var text = new StringBuilder();
    for (var certificate : chain) {
      text.append(of("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  /// A file with the key and its chain.
  static Path file(Path folder, Authority.Signed signed)
      throws IOException, CertificateEncodingException {
    return Files.writeString(
        folder.resolve("signed.pem"),
        of("PRIVATE KEY", signed.key().getEncoded()) + of(signed.chain()));
  }

  /// A file with an authority's certificate.
  static Path file(Path folder, Authority authority)
      throws IOException, CertificateEncodingException {
    return Files.writeString(folder.resolve("authority.pem"), of(List.of(authority.certificate())));
  }
}
