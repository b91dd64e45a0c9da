package net.eventlet.wsgi.websocket;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Compresses and decompresses the messages of one connection, as was agreed.
///
/// Source: RFC 7692 section 7.2.
final class Deflate {

  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private final Kit kit;
  private final boolean keepsOwn; // what is sent refers to what was sent before
  private final boolean keepsPeers;
  private final int compressedMax; // longer messages look back further than was agreed
  private @Nullable Deflater deflater; // null unless it keeps its context, and has one
  private @Nullable Inflater inflater; // null unless it keeps its context, and has one

  /// @param windowBits of what is sent
  Deflate(Kit kit, boolean keepsOwn, boolean keepsPeers, int windowBits) {
    this.kit = kit;
    this.keepsOwn = keepsOwn;
    this.keepsPeers = keepsPeers;
    compressedMax = windowBits == Extension.BITS_MAX ? Integer.MAX_VALUE : 1 << windowBits;
  }

  /// {@return a message compressed, without the tail; null if it had better be sent as it is}
  byte @Nullable [] compress(byte[] bytes, int length) {
    if (length < Math.max(1, kit.compression().thresholdBytes()) || length > compressedMax) {
      return null;
    }
    var coder = deflater == null ? kit.deflaters().lend() : deflater;
    coder.setInput(bytes, 0, length);
    var out = new byte[length + 64];
    var size = 0;
    while (true) {
      var count = coder.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
      size += count;
      if (size < out.length) {
        break;
      }
      out = Arrays.copyOf(out, 2 * out.length);
    }
    if (keepsOwn) {
      deflater = coder;
    } else {
      giveBack(coder);
      if (size - TAIL.length >= length) {
        return null;
      }
    }
    return Arrays.copyOf(out, size - TAIL.length);
  }

  /// {@return a message decompressed}
  ///
  /// @throws Violation if it is broken, or too large
  byte[] decompress(byte[] bytes, int offset, int length) throws Violation {
    var coder = inflater == null ? kit.inflaters().lend() : inflater;
    inflater = coder;
    var max = kit.limits().messageBytes();
    var out = new byte[(int) Math.min(max + 1L, 4L * length + 64)];
    var size = 0;
    try {
      coder.setInput(bytes, offset, length);
      for (var tail = false; ; ) {
        if (size == out.length) {
          if (size > max) {
            throw new Violation(
                CloseStatus.TOO_LARGE, "a message is larger than %d bytes".formatted(max));
          }
          out = Arrays.copyOf(out, (int) Math.min(max + 1L, 2L * size));
        }
        var count = coder.inflate(out, size, out.length - size);
        size += count;
        if (coder.finished()) { // a last block, and perhaps others behind it
          var left = coder.getRemaining();
          coder.reset();
          if (tail) {
            coder.setInput(TAIL, TAIL.length - left, left);
          } else {
            coder.setInput(bytes, offset + length - left, left);
          }
        } else if (coder.needsDictionary()) {
          throw new DataFormatException();
        }
        if (count == 0 && coder.needsInput()) {
          if (tail) {
            break;
          }
          tail = true;
          coder.setInput(TAIL);
        }
      }
    } catch (DataFormatException broken) {
      throw new Violation(CloseStatus.NOT_CONSISTENT, "a message cannot be decompressed");
    } finally {
      if (!keepsPeers) {
        endInflater();
      }
    }
    if (size > max) {
      throw new Violation(
          CloseStatus.TOO_LARGE, "a message is larger than %d bytes".formatted(max));
    }
    return Arrays.copyOf(out, size);
  }

  /// Gives the inflater back; nothing is decompressed afterwards.
  void endInflater() {
    var coder = inflater;
    inflater = null;
    if (coder != null) {
      coder.reset();
      if (!kit.inflaters().giveBack(coder)) {
        coder.end();
      }
    }
  }

  /// Gives the deflater back; nothing is compressed afterwards.
  void endDeflater() {
    var coder = deflater;
    deflater = null;
    if (coder != null) {
      giveBack(coder);
    }
  }

  private void giveBack(Deflater coder) {
    coder.reset();
    if (!kit.deflaters().giveBack(coder)) {
      coder.end();
    }
  }
}
