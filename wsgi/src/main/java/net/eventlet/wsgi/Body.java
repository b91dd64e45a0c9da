package net.eventlet.wsgi;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;

/// The body of a request, as an application reads it: so many bytes, or chunks.
///
/// Chunks are checked as strictly as the head: sizes are hexadecimal digits alone, lines end in CR
/// LF, extensions and trailers are bounded and dropped.
///
/// Source: RFC 9112 sections 6 and 7.1.
final class Body extends InputStream {

  private static final int SIZE_DIGITS_MAX = 15;
  private static final int EXTENSION_BYTES_MAX = 1024;

  private final Connection connection;
  private final ServerLimits limits;
  private boolean chunked;
  private boolean first; // no chunk has begun
  private long left; // of the body, or of the chunk
  private long total; // of all chunks
  private boolean ended;
  private boolean promised; // the client waits for a 100

  Body(Connection connection, ServerLimits limits) {
    this.connection = connection;
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
  }

  /// {@return whether all of it has been read}
  boolean ended() {
    return ended;
  }

  /// {@return whether the client has not been told to send it}
  boolean promised() {
    return promised;
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
      connection.sendContinue();
    }
    if (chunked && left == 0) {
      nextChunk();
      if (ended) {
        return -1;
      }
    }
    var count = connection.receive(bytes, offset, (int) Math.min(length, left));
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
    total += left;
    if (total > limits.bodyBytes()) {
      throw new BadRequest(413, "the body is longer than " + limits.bodyBytes());
    }
    if (left == 0) {
      trailers();
      ended = true;
    }
  }

  private long chunkSize() throws IOException {
    var size = 0L;
    var digits = 0;
    var c = next();
    for (; Head.hex(c) >= 0; c = next()) {
      size = 16 * size + Head.hex(c);
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
    for (var i = 0; i < EXTENSION_BYTES_MAX; i++) {
      var c = next();
      if (i == 0 && c != ' ' && c != '\t' && !Head.isToken(Character.toString(c))) {
        throw new BadRequest(400, "a chunk's extension has no name");
      }
      if (c == '\r') {
        return c;
      }
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new BadRequest(400, "there is a control character in a chunk's extension");
      }
    }
    throw new BadRequest(400, "a chunk's extension is longer than " + EXTENSION_BYTES_MAX);
  }

  private void trailers() throws IOException {
    var bytes = 0;
    for (var fields = 0; ; fields++) {
      var name = new StringBuilder();
      var c = next();
      if (c == '\r') {
        expect('\n');
        return;
      }
      if (fields == limits.fields()) {
        throw new BadRequest(431, "there are more than " + limits.fields() + " trailers");
      }
      for (; c != ':'; c = next()) {
        name.append((char) c);
        if (!Head.isToken(name.substring(name.length() - 1)) || ++bytes > limits.fieldBytes()) {
          throw new BadRequest(400, "a trailer does not begin with a name and a colon");
        }
      }
      switch (name.toString().toLowerCase(Locale.ROOT)) {
        case "content-length", "transfer-encoding", "host", "" ->
            throw new BadRequest(400, "the field '" + name + "' is no trailer");
        default -> {}
      }
      for (c = next(); c != '\r'; c = next()) {
        if ((c < ' ' && c != '\t') || c == 0x7f) {
          throw new BadRequest(400, "there is a control character in a trailer");
        }
        if (++bytes > limits.headBytes()) {
          throw new BadRequest(431, "the trailers are longer than " + limits.headBytes());
        }
      }
      expect('\n');
    }
  }

  private void expect(char wanted) throws IOException {
    if (next() != wanted) {
      throw new BadRequest(400, "a chunk is not as long as it says, or a line has no CR LF");
    }
  }

  private int next() throws IOException {
    var c = connection.receive();
    if (c < 0) {
      throw new BadRequest(400, "the body ends early");
    }
    return c;
  }
}
