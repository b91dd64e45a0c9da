package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import net.eventlet.wsgi.Content.Begun;
import net.eventlet.wsgi.Content.Filed;
import net.eventlet.wsgi.Content.Pieces;
import net.eventlet.wsgi.Content.Streamed;
import net.eventlet.wsgi.Content.Switched;
import net.eventlet.wsgi.Content.Whole;
import net.eventlet.wsgi.Content.Written;
import org.jspecify.annotations.Nullable;

/// Sends answers: decides how a body is framed, and whether the connection outlives it.
///
/// Source: RFC 9112 sections 6.3, 7 and 9.6.
final class Sender {

  private static final byte[] CLOSE = "connection: close\r\n".getBytes(US_ASCII);
  private static final byte[] KEEP = "connection: keep-alive\r\n".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(US_ASCII);
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final int GATHER = 4096;

  private final Head head;
  private final Outbound out;
  private final BooleanSupplier last;
  private boolean closing; // after this answer
  private boolean begun; // its head went out
  private @Nullable Response waiting; // null unless its head goes with the first byte of its body
  private boolean chunked;
  private boolean bare; // no body is sent
  private int status;
  private long headed; // when the head went, as System.nanoTime() has it
  private long bodyBytes;
  private @Nullable Sink sink; // null unless the body is not there at once

  /// @param last whether the connection ends with whatever answer begins now
  Sender(Head head, Outbound out, BooleanSupplier last) {
    this.head = head;
    this.out = out;
    this.last = last;
  }

  /// Gets ready for another answer.
  void reset() {
    closing = false;
    begun = false;
    status = 0;
    bodyBytes = 0;
    sink = null;
    out.begin();
  }

  /// The answer has gone, or never will: nobody adds to it.
  void end() {
    if (sink != null) {
      sink.end();
    }
    waiting = null;
  }

  /// {@return whether the connection ends with this answer}
  boolean closing() {
    return closing;
  }

  /// The connection ends with this answer.
  void close() {
    closing = true;
  }

  /// {@return whether it is too late for another answer}
  boolean begun() {
    return begun;
  }

  /// {@return whether the answer that has begun has no body}
  boolean bare() {
    return bare;
  }

  /// {@return of the answer that went; 0 if none has}
  int status() {
    return status;
  }

  /// {@return bytes of the body that went, without chunks' sizes}
  long bodyBytes() {
    var open = sink;
    return open == null ? bodyBytes : open.sent();
  }

  /// {@return when the answer that went was complete, as [System#nanoTime()] has it}
  long ended() {
    return begun && sink == null && out.isHeld() ? headed : System.nanoTime();
  }

  /// Begins an answer, whose head goes when it must.
  void begin(Response response) {
    waiting = response;
    sink = null;
    status = response.status();
    var unknown = response.mayHaveBody() && response.length() < 0;
    chunked = unknown && head.minor() == 1;
    bare = !response.mayHaveBody() || head.methodIs("HEAD");
    closing |= unknown && head.minor() == 0 && !bare;
  }

  /// Sends the head, unless it has gone.
  void head() throws IOException {
    var response = waiting;
    if (response == null) {
      return;
    }
    waiting = null;
    begun = true;
    closing |= last.getAsBoolean();
    headed = System.nanoTime();
    response.head(out);
    if (!response.dated()) {
      out.put(HttpDate.now(headed));
    }
    if (closing) {
      if (!(response.content() instanceof Switched)) {
        out.put(CLOSE);
      }
    } else if (head.minor() == 0) {
      out.put(KEEP);
    }
    if (chunked) {
      out.put(CHUNKED);
    }
    out.put(LINE_END);
  }

  /// {@return where the body goes}
  ///
  /// @param length promised, or -1
  /// @param gather how many bytes make a piece, unless it is flushed
  Sink body(long length, int gather) {
    var body = new Sink(this, out, chunked, bare, length, gather);
    sink = body;
    return body;
  }

  /// Sends an answer.
  ///
  /// @throws Exception what its content throws
  void send(Response response) throws Exception {
    var content = response.content();
    if (!(content instanceof Begun)) {
      begin(response);
    }
    if (bare || content instanceof Whole || content instanceof Switched) {
      head();
    }
    if (bare && !(content instanceof Begun)) {
      content.close();
      return;
    }
    switch (content) {
      case Whole(var bytes) when response.trailers().isEmpty() -> {
        out.put(bytes);
        bodyBytes = bytes.length;
      }
      case Whole(var bytes) -> {
        var body = body(bytes.length, 0);
        body.write(bytes);
        body.finish(response.trailers());
      }
      case Streamed(var input, var length) -> {
        try (input) {
          var body = body(length, 0);
          copy(input, length, body);
          body.finish(response.trailers());
        }
      }
      case Filed(var file, var position, var length) -> {
        try (file) {
          var body = body(length, 0);
          file.send(body, position, length);
          body.finish(response.trailers());
        }
      }
      case Pieces(var pieces) -> {
        var body = body(-1, 0);
        while (pieces.hasNext()) {
          body.write(pieces.next());
          body.flush();
        }
        body.finish(response.trailers());
        content.close();
      }
      case Written(var writer, var length) -> {
        var body = body(length, GATHER);
        writer.write(body);
        body.finish(response.trailers());
      }
      case Begun(var body, _) -> body.finish(response.trailers());
      case Switched _ -> {}
    }
  }

  /// Sends what there is of the answer.
  void flush() throws IOException {
    if (sink != null && begun) {
      sink.flush();
    }
    out.flush();
  }

  private static void copy(InputStream input, long length, Sink body) throws IOException {
    var room = new byte[16 * 1024];
    for (var left = length < 0 ? Long.MAX_VALUE : length; left > 0; ) {
      var count = input.read(room, 0, (int) Math.min(room.length, left));
      if (count < 0) {
        return;
      }
      body.write(room, 0, count);
      left -= count;
    }
  }
}
