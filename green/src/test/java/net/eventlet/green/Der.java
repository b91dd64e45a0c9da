package net.eventlet.green;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Pieces of DER, for certificates that tests make.
final class Der {

  private Der() {}

  static byte[] of(int tag, byte[]... contents) {
    var bytes = join(contents);
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (bytes.length < 128) {
      out.write(bytes.length);
    } else {
      var length = BigInteger.valueOf(bytes.length).toByteArray();
      var from = length[0] == 0 ? 1 : 0;
      out.write(0x80 | (length.length - from));
      out.write(length, from, length.length - from);
    }
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... contents) {
    return of(0x30, contents);
  }

  static byte[] integer(long value) {
    return of(2, BigInteger.valueOf(value).toByteArray());
  }

  static byte[] bits(byte[] bytes) {
    return of(3, new byte[1], bytes);
  }

  static byte[] octets(byte[] bytes) {
    return of(4, bytes);
  }

  static byte[] yes() {
    return of(1, new byte[] {-1});
  }

  static byte[] text(int tag, String text) {
    return of(tag, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] time(Instant time) {
    return text(
        0x18,
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(time));
  }

  /// An object identifier, such as `2.5.29.17`.
  static byte[] oid(String dotted) {
    var out = new ByteArrayOutputStream();
    var parts = dotted.split("\\.");
    out.write(40 * Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]));
    for (var i = 2; i < parts.length; i++) {
      var value = Integer.parseInt(parts[i]);
      for (var shift = 28; shift > 0; shift -= 7) {
        if (value >> shift != 0) {
          out.write(0x80 | (value >> shift & 0x7f));
        }
      }
      out.write(value & 0x7f);
    }
    return of(6, out.toByteArray());
  }
}
