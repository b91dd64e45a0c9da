package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import net.eventlet.GreenSocket;
import net.eventlet.Timeout;
import net.eventlet.Unwind;
import net.eventlet.wsgi.Response.Pieces;
import net.eventlet.wsgi.Response.Streamed;
import net.eventlet.wsgi.Response.Switched;
import net.eventlet.wsgi.Response.Whole;
import net.eventlet.wsgi.Response.Written;
import org.jspecify.annotations.Nullable;

/// A client's connection: reads a request, has it answered, sends the answer, and again.
///
/// Bytes come into one array, from its front on; a request's head stays there until it is answered.
/// Answers to requests that came together leave together. While it rests between two requests it
/// holds neither array.
///
/// Source: `eventlet/wsgi.py`, `HttpProtocol.handle`; RFC 9112 sections 9.3 and 9.6.
final class Connection {

  private static final byte[] CLOSE = "connection: close\r\n".getBytes(US_ASCII);
  private static final byte[] KEEP = "connection: keep-alive\r\n".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(US_ASCII);
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
  private static final int PASS_OVER_MAX = 256 * 1024; // bytes of a body that nobody read
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Server server;
  private final ServerLimits limits;
  private final GreenSocket socket;
  private final Head head;
  private final Body body;
  private byte @Nullable [] in; // null while it rests
  private int start; // of what nobody has taken yet
  private int end; // of what came
  private byte @Nullable [] out; // null while there is nothing to send
  private int filled; // of that
  private long requests;
  private boolean resting = true;
  private boolean closing; // after this answer
  private boolean sent; // the head of this answer
  private @Nullable Upgraded upgraded; // null while it speaks HTTP
  private long bodyBytes; // of this answer

  Connection(Server server, GreenSocket socket) {
    this.server = server;
    this.limits = server.options().limits();
    this.socket = socket;
    head = new Head(limits);
    body = new Body(this, limits);
  }

  GreenSocket socket() {
    return socket;
  }

  InputStream body() {
    return body;
  }

  /// {@return whether it waits for a request of which nothing has come}
  boolean resting() {
    return resting;
  }

  /// Lets what it speaks in place of HTTP know that the server closes.
  void ending() {
    if (upgraded != null) {
      upgraded.ending();
    }
  }

  // -------------------------------------------------------------------------------------- its life

  void serve() throws Exception {
    socket.writeLimit(limits.stall());
    try {
      do {
        closing = false;
      } while (oneRequest());
    } catch (BadRequest refused) {
      refuse(refused);
    } catch (SocketException | SocketTimeoutException gone) {
      // the client went away, or said nothing for too long
    } finally {
      server.buffers().giveBack(in);
      server.buffers().giveBack(out);
      in = null;
      out = null;
      socket.close();
    }
  }

  private boolean oneRequest() throws Exception {
    sent = false;
    if (!readHead()) {
      return false;
    }
    var began = System.nanoTime();
    server.began();
    try {
      body.reset(head);
      bodyBytes = 0;
      requests++;
      closing =
          !head.keepsAlive()
              || !server.options().keepAlive()
              || requests >= limits.requestsPerConnection();
      var request = new Request(head, this);
      Response response;
      try {
        response = answer(request);
        send(response);
      } finally {
        request.answered();
      }
      server.log(this, head, response.status(), bodyBytes, System.nanoTime() - began);
      return response.content() instanceof Switched(var handler) ? hijack(handler) : finish();
    } finally {
      server.ended(System.nanoTime() - began);
    }
  }

  /// Gets ready for the next request. Answers whether there can be one.
  private boolean finish() throws IOException {
    if (!closing && !body.ended()) {
      closing = body.promised() || !passOver();
    }
    if (closing || server.closing()) {
      flush();
      if (!body.ended() || start < end) {
        linger();
      }
      return false;
    }
    return true;
  }

  /// Passes over a body that the application did not read. Answers whether it came to its end.
  private boolean passOver() throws IOException {
    flush(); // the client may wait for the answer before it goes on
    var room = new byte[8192];
    for (var left = PASS_OVER_MAX; left > 0; ) {
      var count = body.read(room, 0, room.length);
      if (count < 0) {
        return true;
      }
      left -= count;
    }
    return body.ended();
  }

  private boolean hijack(Upgraded handler) throws Exception {
    flush();
    var before = new ByteArrayInputStream(Arrays.copyOfRange(input(), start, end));
    server.buffers().giveBack(in);
    in = null;
    head.forget();
    socket.readLimit(null);
    socket.writeLimit(null);
    upgraded = handler;
    handler.run(
        before.available() == 0
            ? socket.getInputStream()
            : new SequenceInputStream(before, socket.getInputStream()),
        socket.getOutputStream(),
        socket);
    return false;
  }

  /// Lets the client read the last answer: to close while bytes of it are unread here would take
  /// the answer back.
  private void linger() throws IOException {
    socket.shutdownOutput();
    socket.readLimit(LINGER);
    var room = new byte[8192];
    for (var left = PASS_OVER_MAX; left > 0; ) {
      var count = socket.read(room, 0, room.length);
      if (count < 0) {
        return;
      }
      left -= count;
    }
  }

  private void refuse(BadRequest refused) throws Exception {
    server.refused();
    if (!sent) {
      closing = true;
      var response = Response.text(refused.getMessage() + "\n").withStatus(refused.status());
      try {
        put(response.head());
        put(HttpDate.now());
        put(CLOSE);
        put(LINE_END);
        bodyBytes = ((Whole) response.content()).bytes().length;
        put(((Whole) response.content()).bytes());
        server.log(this, head, response.status(), bodyBytes, 0);
      } catch (SocketException | SocketTimeoutException gone) {
        return;
      }
    }
    flush();
    linger();
  }

  // -------------------------------------------------------------------------------------- reading

  /// Reads a head. Answers false if there is none: the client went, or rested for too long.
  private boolean readHead() throws IOException {
    if (start == end) {
      flush();
      if (!rest()) {
        return false;
      }
    } else if (start > 0) {
      System.arraycopy(input(), start, input(), 0, end - start);
      end -= start;
      start = 0;
    }
    resting = false;
    head.reset(0);
    var deadline = 0L;
    while (true) {
      var at = head.parse(input(), end);
      if (at >= 0) {
        start = at;
        return true;
      }
      flush();
      var now = System.nanoTime();
      if (deadline == 0) {
        deadline = now + limits.head().toNanos();
      }
      if (end > 0) {
        socket.readLimit(Duration.ofNanos(Math.max(1, deadline - now)));
      }
      try {
        if (!fill()) {
          if (head.begun(end)) {
            throw new BadRequest(400, "the request ends early");
          }
          return false;
        }
      } catch (SocketTimeoutException tooSlow) {
        throw new BadRequest(408, "the request took longer than " + limits.head());
      }
    }
  }

  /// Waits for the first byte of a request, without room for it. Answers whether to read on.
  private boolean rest() throws IOException {
    start = 0;
    end = 0;
    resting = true;
    server.buffers().giveBack(in);
    in = null;
    if (server.closing() && requests > 0) {
      return false;
    }
    socket.readLimit(requests == 0 ? limits.head() : limits.idle());
    try {
      socket.awaitReadable();
      return true;
    } catch (SocketTimeoutException rested) {
      return false;
    }
  }

  private byte[] input() {
    var bytes = in;
    if (bytes == null) {
      bytes = server.buffers().lend();
      in = bytes;
    }
    return bytes;
  }

  /// Reads what is there, behind what came. Answers false at the end.
  private boolean fill() throws IOException {
    var bytes = input();
    if (end == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      in = bytes;
    }
    var count = socket.read(bytes, end, bytes.length - end);
    if (count < 0) {
      return false;
    }
    end += count;
    return true;
  }

  /// Reads bytes of a body: those that came with the head, and then from the socket.
  ///
  /// @return how many; -1 at the end
  int receive(byte[] bytes, int offset, int length) throws IOException {
    if (start < end) {
      var count = Math.min(length, end - start);
      System.arraycopy(input(), start, bytes, offset, count);
      start += count;
      return count;
    }
    return stalls(() -> socket.read(bytes, offset, length));
  }

  /// Reads a byte of a body.
  ///
  /// @return it; -1 at the end
  int receive() throws IOException {
    if (start == end) {
      if (end > input().length / 2) { // keep the head, and let the body begin anew behind it
        var one = new byte[1];
        return receive(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }
      if (stalls(() -> fill() ? 1 : -1) < 0) {
        return -1;
      }
    }
    return input()[start++] & 0xff;
  }

  private interface Reading {
    int read() throws IOException;
  }

  private int stalls(Reading reading) throws IOException {
    flush();
    socket.readLimit(limits.stall());
    try {
      return reading.read();
    } catch (SocketTimeoutException stalled) {
      throw new BadRequest(408, "nothing of the body came for " + limits.stall());
    }
  }

  void sendContinue() throws IOException {
    if (!sent) {
      put(CONTINUE);
      flush();
    }
  }

  // ------------------------------------------------------------------------------------ answering

  private Response answer(Request request) throws IOException {
    try {
      var response = server.application().handle(request);
      if (response.content() instanceof Switched && !head.upgrades()) {
        response.giveUp();
        return Response.text("this resource wants an upgrade\n").withStatus(426);
      }
      return response;
    } catch (BadRequest refused) {
      throw refused;
    } catch (Exception | Timeout | LinkageError | AssertionError | StackOverflowError failure) {
      server.failed(head.requestLine(), failure);
      closing = true;
      return Response.text(server.options().debug() ? trace(failure) : "").withStatus(500);
    }
  }

  private static String trace(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private void send(Response response) throws Exception {
    var content = response.content();
    var chunked = false;
    closing |= body.promised(); // whether the client sends it now is not known
    var bare = head.methodIs("HEAD") || !response.mayHaveBody();
    switch (content) {
      case Streamed(_, var length) when length < 0 -> chunked = head.minor() == 1;
      case Pieces _, Written _ -> chunked = head.minor() == 1;
      case Streamed _, Whole _, Switched _ -> {}
    }
    if (!bare && !chunked && !(content instanceof Whole) && head.minor() == 0) {
      closing |= !(content instanceof Streamed(_, var length) && length >= 0);
    }
    chunked &= response.mayHaveBody();
    put(response.head());
    if (response.value("date") == null) {
      put(HttpDate.now());
    }
    if (closing || server.closing()) {
      closing = true;
      if (!(content instanceof Switched)) {
        put(CLOSE);
      }
    } else if (head.minor() == 0) {
      put(KEEP);
    }
    if (chunked) {
      put(CHUNKED);
    }
    put(LINE_END);
    sent = true;
    if (bare) {
      response.giveUp();
      return;
    }
    try {
      body(content, chunked);
    } catch (SocketException | SocketTimeoutException | Unwind gone) {
      response.giveUp();
      throw gone;
    } catch (Exception failure) { // too late for another answer: the client sees it end early
      server.failed(head.requestLine(), failure);
      response.giveUp();
      flush();
      throw new SocketException("cut off", failure);
    }
  }

  private void body(Response.Content content, boolean chunked) throws Exception {
    switch (content) {
      case Whole(var bytes) -> {
        put(bytes);
        bodyBytes = bytes.length;
      }
      case Streamed(var input, var length) -> {
        try (input) {
          stream(input, length, chunked);
        }
      }
      case Pieces(var pieces) -> {
        while (pieces.hasNext()) {
          piece(pieces.next(), chunked);
          flush();
        }
        if (pieces instanceof AutoCloseable closeable) {
          Response.close(closeable);
        }
      }
      case Written(var writer) -> {
        try (var output = new Pieced(chunked)) {
          writer.write(output);
        }
      }
      case Switched _ -> {}
    }
    if (chunked) {
      put(LAST_CHUNK);
    }
  }

  private void stream(InputStream input, long length, boolean chunked) throws IOException {
    var room = new byte[16 * 1024];
    var left = length < 0 ? Long.MAX_VALUE : length;
    while (left > 0) {
      var count = input.read(room, 0, (int) Math.min(room.length, left));
      if (count < 0) {
        if (length < 0) {
          return;
        }
        throw new IOException("the body ended " + left + " bytes before its length");
      }
      piece(count == room.length ? room : Arrays.copyOf(room, count), chunked);
      left -= count;
    }
  }

  private void piece(byte[] bytes, boolean chunked) throws IOException {
    if (bytes.length == 0) {
      return; // an empty chunk would be the last
    }
    bodyBytes += bytes.length;
    if (chunked) {
      put((Integer.toHexString(bytes.length) + "\r\n").getBytes(US_ASCII));
    }
    put(bytes);
    if (chunked) {
      put(LINE_END);
    }
  }

  /// Where a writer writes to.
  private final class Pieced extends OutputStream {

    private final boolean chunked;
    private final byte[] room = new byte[4096];
    private int used;

    Pieced(boolean chunked) {
      this.chunked = chunked;
    }

    @Override
    public void write(int one) throws IOException {
      if (used == room.length) {
        pass();
      }
      room[used++] = (byte) one;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > room.length - used) {
        pass();
      }
      if (length > room.length) {
        piece(Arrays.copyOfRange(bytes, offset, offset + length), chunked);
      } else {
        System.arraycopy(bytes, offset, room, used, length);
        used += length;
      }
    }

    private void pass() throws IOException {
      piece(Arrays.copyOf(room, used), chunked);
      used = 0;
    }

    @Override
    public void flush() throws IOException {
      pass();
      Connection.this.flush();
    }

    @Override
    public void close() throws IOException {
      pass();
    }
  }

  // ----------------------------------------------------------------------------------------
  // sending

  private void put(byte[] bytes) throws IOException {
    var buffer = out;
    if (buffer == null) {
      buffer = server.buffers().lend();
      out = buffer;
    }
    if (bytes.length > buffer.length - filled) {
      flush();
      if (bytes.length > buffer.length) {
        socket.write(bytes, 0, bytes.length);
        return;
      }
      put(bytes);
      return;
    }
    System.arraycopy(bytes, 0, buffer, filled, bytes.length);
    filled += bytes.length;
  }

  private void flush() throws IOException {
    var buffer = out;
    if (buffer != null) {
      out = null;
      var count = filled;
      filled = 0;
      try {
        socket.write(buffer, 0, count);
      } finally {
        server.buffers().giveBack(buffer);
      }
    }
  }

  @Override
  public String toString() {
    return socket.toString();
  }

  /// {@return who is at the other end, as a log names it}
  String client() {
    var address = socket.getInetAddress();
    return address == null ? "unix" : address.getHostAddress();
  }
}
