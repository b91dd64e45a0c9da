package net.eventlet.wsgi;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The body of a request, as an application reads it: so many bytes, or chunks.
///
/// Chunks are checked as strictly as the head: sizes are hexadecimal digits alone, lines end in CR
/// LF, extensions and trailers are bounded. Extensions are dropped.
///
/// Source: RFC 9112 sections 6 and 7.1.
final class Body extends InputStream {

  private static final int SIZE_DIGITS_MAX = 15;
  private static final List<String> NO_TRAILERS =
      List.of("content-length", "transfer-encoding", "host");

  private final Continue go;
  private final Inbound in;
  private final BodyLimits limits;
  private final Fields trailers = new Fields();
  private boolean chunked;
  private boolean first; // no chunk has begun
  private long left; // of the body, or of the chunk
  private long total; // of all chunks
  private boolean ended;
  private boolean promised; // the client waits for a 100

  /// Tells the client to go on.
  interface Continue {
    void send() throws IOException;
  }

  Body(Continue go, Inbound in, BodyLimits limits) {
    this.go = go;
    this.in = in;
    this.limits = limits;
  }

  /// Begins anew.
  void reset(Head head) {
    chunked = head.length() == Head.CHUNKED;
    first = true;
    left = chunked ? 0 : head.length();
    total = 0;
    ended = !chunked && left == 0;
    promised = head.expects() && !ended;
    trailers.reset();
  }

  /// {@return whether all of it has been read}
  boolean ended() {
    return ended;
  }

  /// {@return whether the client has not been told to send it}
  boolean promised() {
    return promised;
  }

  /// {@return what came behind it; nothing before its end}
  Fields trailers() {
    return trailers;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    if (promised) {
      promised = false;
      go.send();
    }
    if (chunked && left == 0) {
      nextChunk();
      if (ended) {
        return -1;
      }
    }
    var count = in.take(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new BadRequest(400, "the body ends early");
    }
    left -= count;
    ended = !chunked && left == 0;
    return count;
  }

  private void nextChunk() throws IOException {
    if (!first) {
      expect('\r');
      expect('\n');
    }
    first = false;
    left = chunkSize();
    if (left > limits.bytes() - total) {
      throw new BadRequest(413, "the body is longer than " + limits.bytes());
    }
    total += left;
    if (left == 0) {
      readTrailers();
      ended = true;
    }
  }

  private long chunkSize() throws IOException {
    var size = 0L;
    var digits = 0;
    var c = next();
    for (; Grammar.hex(c) >= 0; c = next()) {
      size = 16 * size + Grammar.hex(c);
      if (++digits > SIZE_DIGITS_MAX) {
        throw new BadRequest(400, "the size of a chunk has too many digits");
      }
    }
    if (digits == 0) {
      throw new BadRequest(400, "a chunk does not begin with its size");
    }
    if (c == ';') {
      c = extension();
    }
    if (c != '\r') {
      throw new BadRequest(400, "something follows the size of a chunk");
    }
    expect('\n');
    return size;
  }

  /// Passes over what follows a chunk's size. Answers what stands behind it.
  private int extension() throws IOException {
    for (var i = 0; ; i++) {
      var c = next();
      if (i == 0 && c != ' ' && c != '\t' && !Grammar.isToken((byte) c)) {
        throw new BadRequest(400, "a chunk's extension has no name");
      }
      if (c == '\r') {
        return c;
      }
      if (Grammar.isControl(c)) {
        throw new BadRequest(400, "there is a control character in a chunk's extension");
      }
      if (i == limits.chunkExtensionBytes()) {
        throw new BadRequest(
            400, "a chunk's extension is longer than " + limits.chunkExtensionBytes());
      }
    }
  }

  private void readTrailers() throws IOException {
    var lines = new byte[256];
    var end = 0;
    for (var line = 0; ; line = end) {
      for (var c = next(); c != '\r'; c = next()) {
        if (c == '\n') {
          throw new BadRequest(400, "a trailer ends in LF without CR");
        }
        if (end == limits.trailerBytes()) {
          throw new BadRequest(431, "the trailers are longer than " + limits.trailerBytes());
        }
        if (end == lines.length) {
          lines = Arrays.copyOf(lines, 2 * end);
        }
        lines[end++] = (byte) c;
      }
      expect('\n');
      if (line == end) {
        return;
      }
      if (trailers.count() == limits.trailers()) {
        throw new BadRequest(431, "there are more than " + limits.trailers() + " trailers");
      }
      trailers.add(lines, line, end);
      for (var name : NO_TRAILERS) {
        if (trailers.nameIs(trailers.count() - 1, name)) {
          throw new BadRequest(400, "the field " + name + " is no trailer");
        }
      }
    }
  }

  private void expect(char wanted) throws IOException {
    if (next() != wanted) {
      throw new BadRequest(400, "a chunk is not as long as it says, or a line has no CR LF");
    }
  }

  private int next() throws IOException {
    var c = in.take();
    if (c < 0) {
      throw new BadRequest(400, "the body ends early");
    }
    return c;
  }
}
