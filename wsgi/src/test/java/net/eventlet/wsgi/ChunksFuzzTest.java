package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;
import net.eventlet.GreenSocket;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Any bytes for a body in chunks: read alike in whatever pieces, and as a model reads them that is
/// obviously right.
///
/// Run: `JAZZER_FUZZ=1 mvn test -pl wsgi -am -Djazzer.hooks=true -Dtest=ChunksFuzzTest`. Without
/// that variable, what is in `ChunksFuzzTestInputs` is tried again.
class ChunksFuzzTest {

  private static final String HEAD =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final BodyLimits LIMITS = new BodyLimits(300, 20, 60, 3);
  private static final Pattern SIZE =
      Pattern.compile(
          "\\G([0-9A-Fa-f]{1,15})(;[!#$%&'*+.^_`|~0-9A-Za-z\t -][\t -~\u0080-\u00ff]{0,19})?\r\n");
  private static final Pattern TRAILER =
      Pattern.compile("\\G([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t -~\u0080-\u00ff]*\r\n");

  /// {@return the body, with what follows it behind a bar; null if it is none, or cut short}
  private static @Nullable String model(String text) {
    var body = new StringBuilder();
    var at = 0;
    var size = SIZE.matcher(text);
    while (size.find(at)) {
      var length = Long.parseLong(size.group(1), 16);
      at = size.end();
      if (length > LIMITS.bytes() - body.length()) {
        return null;
      }
      if (length == 0) {
        return trailers(text, at, body.toString());
      }
      if (!text.startsWith("\r\n", (int) Math.min(at + length, text.length()))) {
        return null;
      }
      body.append(text, at, at + (int) length);
      at += (int) length + 2;
    }
    return null;
  }

  private static @Nullable String trailers(String text, int from, String body) {
    var at = from;
    var bytes = 0;
    var trailer = TRAILER.matcher(text);
    for (var count = 1; trailer.find(at); count++) {
      bytes += trailer.end() - at - 2;
      at = trailer.end();
      if (count > LIMITS.trailers()
          || bytes > LIMITS.trailerBytes()
          || trailer.group(1).matches("(?i)content-length|transfer-encoding|host")) {
        return null;
      }
    }
    return text.startsWith("\r\n", at) ? body + "|" + text.substring(at + 2) : null;
  }

  private static @Nullable String read(byte[] bytes, int most) throws IOException {
    var wire = new Fed(bytes, most);
    var socket = new GreenSocket();
    var times = TimeLimits.DEFAULT;
    var buffers = new Buffers(Hub.shared());
    var in = new Inbound(socket, wire, new Outbound(socket, wire, buffers, times), buffers, times);
    var head = new Head(ServerLimits.DEFAULT);
    head.reset(0);
    for (var end = -1; end < 0; end = head.parse(in.bytes(), in.end())) {
      in.fill();
    }
    in.head(HEAD.length());
    var body = new Body(() -> {}, in, LIMITS);
    body.reset(head);
    var read = new ByteArrayOutputStream();
    try {
      body.transferTo(read);
    } catch (BadRequest refused) {
      return null;
    }
    read.write('|');
    read.write(in.remainder());
    var rest = new byte[bytes.length];
    for (var count = wire.read(rest, 0, rest.length); count > 0; ) {
      read.write(rest, 0, count);
      count = wire.read(rest, 0, rest.length);
    }
    return read.toString(ISO_8859_1);
  }

  @FuzzTest(maxDuration = "2m")
  void isReadAsTheModelReadsItInWhateverPieces(byte[] bytes) throws IOException {
    var text = new String(bytes, ISO_8859_1);
    var request = (HEAD + text).getBytes(ISO_8859_1);

    for (var most : new int[] {request.length, 1, 13}) {
      assertEquals(model(text), read(request, most));
    }
  }
}
