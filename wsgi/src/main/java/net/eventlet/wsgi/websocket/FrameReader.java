package net.eventlet.wsgi.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes messages of frames, and answers pings.
///
/// Bytes come into a buffer that is lent; a frame that is there whole is taken from there, the rest
/// of a longer one is read straight into the message. While it waits for a frame of which nothing
/// has come, it holds neither. All that it knows about a frame that has not come whole is in its
/// fields, changed once bytes are there: whoever is unwound while waiting loses nothing.
///
/// Source: RFC 6455 section 5.
final class FrameReader {

  private static final byte[] NOTHING = new byte[0];
  private static final int CONTROL_BYTES_MAX = 125;
  private static final int FIRST_GROWTH = 16 * 1024;

  private final Wire wire;
  private final Kit kit;
  private final FrameWriter writer;
  private final @Nullable Deflate deflate; // null if it was not agreed
  private final boolean server;

  private byte @Nullable [] in; // null while it holds nothing
  private int start; // of what nobody has taken yet
  private int end; // of what came

  // the data frame that is being read, if one is
  private boolean inFrame;
  private boolean last; // of its message
  private long left; // bytes of it that have not come
  private int key; // of its mask
  private int phase; // of that

  // the message that is being read, if one is
  private int kind; // TEXT or BINARY; CONTINUATION for none
  private boolean compressed;
  private byte[] message = NOTHING;
  private int length; // of that
  private int utf8; // state of the check

  private long deadline; // in nanoseconds: for what has begun; 0 while nothing has
  private long endNanos; // 0 for none: when to give up, whatever comes
  private Duration limit = Duration.ZERO; // that the wire has
  private boolean asked; // nothing came, and a ping was sent
  private @Nullable CloseStatus heard; // in the close frame that came

  FrameReader(Wire wire, Kit kit, FrameWriter writer, @Nullable Deflate deflate, boolean server) {
    this.wire = wire;
    this.kit = kit;
    this.writer = writer;
    this.deflate = deflate;
    this.server = server;
  }

  /// {@return what the close frame said that came; null if none did}
  @Nullable CloseStatus heard() {
    return heard;
  }

  /// {@return whether bytes are there that nobody has read}
  boolean hasMore() {
    return start < end;
  }

  /// Gives up waiting at some time.
  ///
  /// @param nanos as `System.nanoTime()`
  void giveUpAt(long nanos) {
    endNanos = nanos;
  }

  /// {@return the next message; null if a close frame came}
  ///
  /// @throws Violation if the other end broke the rules
  /// @throws IOException if the connection is broken, or ends without a close frame
  @Nullable Message next() throws IOException {
    while (heard == null) {
      if (!inFrame) {
        readHeader();
      }
      if (inFrame && readPayload() && last) {
        return take();
      }
    }
    return null;
  }

  // --------------------------------------------------------------------------------- frame by
  // frame

  /// Reads a header: of a data frame up to its payload, of a control frame with all that it has.
  private void readHeader() throws IOException {
    require(2);
    var bytes = in();
    var first = bytes[start];
    var second = bytes[start + 1];
    var opcode = first & 0x0f;
    check(first, opcode, second);
    var size = 2;
    long payload = second & 0x7f;
    if (payload == 126) {
      size += 2;
      require(size);
      bytes = in();
      payload = minimal(number(bytes, start + 2, 2), 126);
    } else if (payload == 127) {
      size += 8;
      require(size);
      bytes = in();
      payload = minimal(number(bytes, start + 2, 8), 1 << 16);
    }
    if (opcode < FrameWriter.CLOSE) {
      checkSize(payload);
    }
    if (server) {
      size += 4;
    }
    require(opcode < FrameWriter.CLOSE ? size : size + (int) payload);
    key = server ? (int) number(in(), start + size - 4, 4) : 0;
    start += size;
    if (opcode >= FrameWriter.CLOSE) {
      control(opcode, (int) payload);
      return;
    }
    inFrame = true;
    last = first < 0;
    left = payload;
    phase = 0;
    if (opcode != FrameWriter.CONTINUATION) {
      kind = opcode;
      compressed = (first & 0x40) != 0;
    }
  }

  private void check(byte first, int opcode, byte second) throws Violation {
    var reserved = first & 0x70;
    if (reserved != 0 && (reserved != 0x40 || deflate == null)) {
      throw broken("a reserved bit is set, and no extension was agreed that uses it");
    }
    switch (opcode) {
      case FrameWriter.CONTINUATION -> {
        if (kind == FrameWriter.CONTINUATION) {
          throw broken("a frame continues a message that was not begun");
        }
        if (reserved != 0) {
          throw broken("a message is compressed from its first frame on, or not at all");
        }
      }
      case FrameWriter.TEXT, FrameWriter.BINARY -> {
        if (kind != FrameWriter.CONTINUATION) {
          throw broken("a message begins before the one before it ends");
        }
      }
      case FrameWriter.CLOSE, FrameWriter.PING, FrameWriter.PONG -> {
        if (first >= 0 || reserved != 0 || (second & 0x7f) > CONTROL_BYTES_MAX) {
          throw broken("a control frame is fragmented, compressed, or longer than 125 bytes");
        }
      }
      default -> throw broken("a frame has the opcode " + opcode);
    }
    if (second < 0 != server) {
      throw broken(server ? "a client's frame has no mask" : "a server's frame has a mask");
    }
  }

  private static Violation broken(String reason) {
    return new Violation(CloseStatus.PROTOCOL_ERROR, reason);
  }

  private void checkSize(long payload) throws Violation {
    var limits = kit.limits();
    if (payload > limits.frameBytes()) {
      throw new Violation(
          CloseStatus.TOO_LARGE,
          "a frame of %d bytes is larger than %d".formatted(payload, limits.frameBytes()));
    }
    if (length + payload > limits.messageBytes()) {
      throw new Violation(
          CloseStatus.TOO_LARGE,
          "a message is larger than %d bytes".formatted(limits.messageBytes()));
    }
  }

  private static long minimal(long payload, long least) throws Violation {
    if (payload < least) { // or it is negative: its highest bit is set
      throw broken("the length of a frame is not written as short as can be");
    }
    return payload;
  }

  private static long number(byte[] bytes, int from, int size) {
    var number = 0L;
    for (var i = from; i < from + size; i++) {
      number = number << 8 | Byte.toUnsignedLong(bytes[i]);
    }
    return number;
  }

  private void control(int opcode, int size) throws IOException {
    var payload = Arrays.copyOfRange(in(), start, start + size);
    Masks.apply(key, 0, payload, 0, size);
    start += size;
    if (kind == FrameWriter.CONTINUATION) {
      deadline = 0;
    }
    switch (opcode) {
      case FrameWriter.CLOSE -> heard = CloseStatus.parse(payload);
      case FrameWriter.PING -> {
        if (writer.said() == null) {
          writer.control(FrameWriter.PONG, payload);
        }
      }
      default -> {} // a pong: that something came is all that counts
    }
  }

  /// Reads the rest of a data frame. Answers true: it is there then.
  private boolean readPayload() throws IOException {
    if (length == 0 && last && left <= end - start) {
      return true; // it is taken from where it is
    }
    while (left > 0) {
      if (length == message.length) {
        message =
            Arrays.copyOf(
                message, (int) Math.min(length + left, Math.max(FIRST_GROWTH, 2L * length)));
      }
      var room = (int) Math.min(left, message.length - length);
      int count;
      if (start < end) {
        count = Math.min(room, end - start);
        System.arraycopy(in(), start, message, length, count);
        start += count;
      } else {
        count = receive(message, length, room);
      }
      unmask(message, length, count);
      length += count;
      left -= count;
    }
    inFrame = false;
    return true;
  }

  private void unmask(byte[] bytes, int from, int count) throws Violation {
    if (server) {
      Masks.apply(key, phase, bytes, from, from + count);
      phase = phase + count & 3;
    }
    if (kind == FrameWriter.TEXT && !compressed) {
      utf8 = Utf8.check(utf8, bytes, from, from + count);
      if (utf8 == Utf8.BROKEN) {
        throw notUtf8();
      }
    }
  }

  private static Violation notUtf8() {
    return new Violation(CloseStatus.NOT_CONSISTENT, "a text is not UTF-8");
  }

  /// {@return the message, which has come whole}
  private Message take() throws Violation {
    byte[] bytes;
    int from;
    int to;
    if (inFrame) {
      bytes = in == null ? NOTHING : in;
      from = in == null ? 0 : start;
      to = from + (int) left;
      unmask(bytes, from, (int) left);
      start += (int) left;
      inFrame = false;
    } else {
      bytes = message;
      from = 0;
      to = length;
      message = NOTHING;
      length = 0;
    }
    deadline = 0;
    var ends = utf8 == 0;
    utf8 = 0;
    var text = kind == FrameWriter.TEXT;
    kind = FrameWriter.CONTINUATION;
    if (compressed && deflate != null) {
      bytes = deflate.decompress(bytes, from, to - from);
      from = 0;
      to = bytes.length;
      ends = !text || Utf8.check(0, bytes, 0, to) == 0;
    }
    if (!ends) {
      throw notUtf8();
    }
    return text
        ? new Message.Text(new String(bytes, from, to - from, UTF_8))
        : new Message.Binary(
            bytes != in && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to));
  }

  // -------------------------------------------------------------------------------- byte by byte

  private byte[] in() {
    var bytes = in;
    if (bytes == null) {
      bytes = kit.buffers().lend();
      in = bytes;
    }
    return bytes;
  }

  /// Gives back what it holds; nothing is read afterwards.
  void end() {
    var bytes = in;
    in = null;
    start = 0;
    end = 0;
    message = NOTHING;
    if (bytes != null) {
      kit.buffers().giveBack(bytes);
    }
    if (deflate != null) {
      deflate.endInflater();
    }
  }

  /// Reads until so many bytes are there, in one piece. They are far fewer than a buffer has.
  private void require(int count) throws IOException {
    while (end - start < count) {
      if (start == end) {
        rest();
      } else if (start + count > in().length) {
        System.arraycopy(in(), start, in(), 0, end - start);
        end -= start;
        start = 0;
      }
      end += receive(in(), end, in().length - end);
    }
  }

  /// Waits for a byte without a buffer.
  private void rest() throws IOException {
    start = 0;
    end = 0;
    var bytes = in;
    if (bytes != null) {
      in = null;
      kit.buffers().giveBack(bytes);
    }
    while (true) {
      bound();
      try {
        wire.awaitReadable();
        return;
      } catch (SocketTimeoutException nothing) {
        overdue();
      }
    }
  }

  private int receive(byte[] bytes, int offset, int count) throws IOException {
    while (true) {
      bound();
      try {
        var received = wire.read(bytes, offset, count);
        if (received < 0) {
          throw new EOFException("the connection ended without a close frame");
        }
        asked = false;
        return received;
      } catch (SocketTimeoutException nothing) {
        overdue();
      }
    }
  }

  /// Sets how long the next wait may take.
  private void bound() {
    var next = kit.limits().ping();
    var begun = inFrame || kind != FrameWriter.CONTINUATION || start < end;
    if (begun || endNanos != 0) {
      var now = System.nanoTime();
      if (begun && deadline == 0) {
        deadline = now + kit.limits().message().toNanos();
      }
      var until = begun ? deadline - now : Long.MAX_VALUE;
      if (endNanos != 0) {
        until = Math.min(until, endNanos - now);
      }
      if (next.isZero() || next.toNanos() > until) {
        next = Duration.ofNanos(Math.max(1, until));
      }
    }
    if (next != limit) {
      limit = next;
      wire.readLimit(next);
    }
  }

  /// Nothing came within the limit.
  private void overdue() throws IOException {
    var now = System.nanoTime();
    if (endNanos != 0 && now - endNanos >= 0) {
      throw new SocketTimeoutException("the other end did not close");
    }
    if (deadline != 0 && now - deadline >= 0) {
      throw new Violation(
          CloseStatus.POLICY, "a message took longer than " + kit.limits().message());
    }
    var ping = kit.limits().ping();
    if (!ping.isZero() && limit == ping) {
      if (asked) {
        throw new SocketTimeoutException("nothing came for %s after a ping".formatted(ping));
      }
      if (writer.said() == null) {
        writer.control(FrameWriter.PING, NOTHING);
      }
      asked = true;
    }
  }
}
