package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;

/// Where the body of an answer goes that is not there at once: gathered into pieces, each a chunk
/// if it goes out in chunks. Of a promised length it keeps the promise, and takes no more.
final class Sink extends OutputStream {

  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n".getBytes(US_ASCII);

  private final Sender sender;
  private final Outbound out;
  private final boolean chunked;
  private final boolean bare; // nothing is sent
  private final long length; // promised; -1 if none is
  private final byte[] room;
  private int used;
  private volatile boolean over; // nothing can be added
  private long taken;
  private long sent;

  /// @param chunked whether it goes out in chunks
  /// @param bare whether nothing is sent at all: the answer to a `HEAD`
  /// @param length promised, or -1
  /// @param gather how many bytes make a piece, unless it is flushed; 0 for each by itself
  Sink(Sender sender, Outbound out, boolean chunked, boolean bare, long length, int gather) {
    this.sender = sender;
    this.out = out;
    this.chunked = chunked;
    this.bare = bare;
    this.length = length;
    room = new byte[bare ? 0 : gather];
  }

  /// {@return bytes of the body that went out, without chunks' sizes}
  long sent() {
    return sent;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    requireOpen();
    if (length >= 0 && count > length - taken) {
      throw new IOException("the body is longer than its length, " + length);
    }
    taken += count;
    if (bare) {
      return;
    }
    if (count > room.length - used) {
      pass();
    }
    if (count > room.length) {
      piece(bytes, offset, count);
    } else {
      System.arraycopy(bytes, offset, room, used, count);
      used += count;
    }
  }

  /// {@return whether bytes may go past it, from a file to the socket}
  boolean takesFiles() {
    return !chunked && !bare && out.isPlain();
  }

  /// Sends bytes of a file.
  ///
  /// @return how many: fewer at the file's end
  long sendFile(int file, long position, long count) throws IOException {
    pass();
    sender.head();
    var gone = out.sendFile(file, position, count);
    taken += gone;
    sent += gone;
    return gone;
  }

  /// Sends what was written, at once.
  @Override
  public void flush() throws IOException {
    requireOpen();
    sender.head();
    pass();
    out.flush();
  }

  private void requireOpen() throws IOException {
    if (over) {
      throw new IOException("the answer is over; write before the application returns");
    }
  }

  /// The answer is over: its connection may be somebody else's soon.
  void end() {
    over = true;
  }

  /// Does nothing: the server ends an answer.
  @Override
  public void close() {}

  /// Ends the body.
  ///
  /// @param trailers behind the last chunk
  /// @throws IOException if less came than was promised
  void finish(List<Response.Trailer> trailers) throws IOException {
    sender.head();
    pass();
    if (length > taken && !bare) {
      throw new IOException(
          "the body ended %d bytes before its length, %d".formatted(length - taken, length));
    }
    if (chunked && !bare) {
      out.put(LAST_CHUNK);
      for (var trailer : trailers) {
        out.put(trailer.line());
      }
      out.put(LINE_END);
    }
  }

  private void pass() throws IOException {
    var count = used;
    used = 0;
    piece(room, 0, count);
  }

  private void piece(byte[] bytes, int offset, int count) throws IOException {
    if (count == 0) {
      return; // an empty chunk would be the last
    }
    sender.head();
    if (chunked) {
      out.put((Integer.toHexString(count) + "\r\n").getBytes(US_ASCII));
    }
    out.put(bytes, offset, count);
    if (chunked) {
      out.put(LINE_END);
    }
    sent += count;
  }
}
