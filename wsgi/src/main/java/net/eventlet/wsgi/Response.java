package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import net.eventlet.wsgi.FieldLines.Field;
import org.jspecify.annotations.Nullable;

/// What a server sends back: a status, header fields and a body.
///
/// Immutable. One whose body is bytes may be sent any number of times; one that streams is sent
/// once.
///
/// Source: RFC 9110; PEP 3333.
public final class Response {

  /// Fields that the server sets, since they say where a body ends and whether the connection does.
  private static final Set<String> OWN = Set.of("connection", "transfer-encoding", "keep-alive");

  private static final Set<String> NO_TRAILERS =
      Set.of(
          "content-length",
          "content-type",
          "content-encoding",
          "content-range",
          "trailer",
          "host",
          "date",
          "set-cookie");

  private static final byte[] LENGTH = "content-length: ".getBytes(ISO_8859_1);
  private static final FieldLines TEXT = typed("text/plain; charset=utf-8");
  private static final FieldLines HTML = typed("text/html; charset=utf-8");

  private final int status;
  private final @Nullable String reason; // null for the usual one
  private final FieldLines fields;
  private final Content content;
  private final List<Trailer> trailers;

  /// A field that follows the body.
  record Trailer(String name, Supplier<String> value) {

    /// {@return its line, made now}
    byte[] line() {
      return (name + ": " + field(name, value.get()).value() + "\r\n").getBytes(ISO_8859_1);
    }
  }

  /// Writes a body piece by piece.
  @FunctionalInterface
  public interface Writer {

    /// Writes it.
    ///
    /// @param output to the client, through a buffer; flush it to send what is there at once
    /// @throws Exception if it fails: the connection is cut off, so that the client notices
    void write(OutputStream output) throws Exception;
  }

  private Response(
      int status,
      @Nullable String reason,
      FieldLines fields,
      Content content,
      List<Trailer> trailers) {
    this.status = status;
    this.reason = reason;
    this.fields = fields;
    this.content = content;
    this.trailers = trailers;
  }

  private static FieldLines typed(String type) {
    return new FieldLines(List.of(field("content-type", type)));
  }

  private static Response ok(FieldLines fields, Content content) {
    return new Response(200, null, fields, content, List.of());
  }

  /// {@return an answer without a body}
  ///
  /// @param status from 200 to 599
  /// @throws IllegalArgumentException if it is another
  public static Response of(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("a status is from 200 to 599: " + status);
    }
    return new Response(status, null, FieldLines.NONE, new Content.Whole(new byte[0]), List.of());
  }

  /// {@return a 200 with a short text}
  ///
  /// @param text sent as UTF-8
  public static Response text(String text) {
    return ok(TEXT, new Content.Whole(text.getBytes(UTF_8)));
  }

  /// {@return a 200 with a page}
  ///
  /// @param page sent as UTF-8
  public static Response html(String page) {
    return ok(HTML, new Content.Whole(page.getBytes(UTF_8)));
  }

  /// {@return a 200 with bytes}
  ///
  /// @param type of the content, such as `image/png`
  /// @param bytes not copied
  public static Response bytes(String type, byte[] bytes) {
    return ok(typed(type), new Content.Whole(bytes));
  }

  /// {@return a 200 with a stream of unknown length, sent in chunks and closed}
  ///
  /// @param type of the content
  /// @param input read to its end; a read may wait
  public static Response stream(String type, InputStream input) {
    return ok(typed(type), new Content.Streamed(input, -1));
  }

  /// {@return a 200 with a stream, closed afterwards}
  ///
  /// @param type of the content
  /// @param input of which so many bytes are sent; a read may wait
  /// @param length in bytes: if it ends before, the connection is cut off
  /// @throws IllegalArgumentException if `length` is negative
  public static Response stream(String type, InputStream input, long length) {
    return ok(typed(type), new Content.Streamed(input, checked(length)));
  }

  private static long checked(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("a length must be 0 or more: " + length);
    }
    return length;
  }

  /// {@return a 200 whose pieces are sent as they come, each at once}
  ///
  /// @param type of the content
  /// @param pieces of any size; to ask for the next one may wait
  public static Response pieces(String type, Iterator<byte[]> pieces) {
    return ok(typed(type), new Content.Pieces(pieces));
  }

  /// {@return a 200 that is written piecemeal: a long poll, server-sent events}
  ///
  /// @param type of the content
  /// @param writer writes it, once the head has gone
  public static Response written(String type, Writer writer) {
    return ok(typed(type), new Content.Written(writer, -1));
  }

  /// {@return a 200 that is written piecemeal, of known length}
  ///
  /// @param type of the content
  /// @param length in bytes: if the writer writes another number, the connection is cut off
  /// @param writer writes it, once the head has gone
  /// @throws IllegalArgumentException if `length` is negative
  public static Response written(String type, long length, Writer writer) {
    return ok(typed(type), new Content.Written(writer, checked(length)));
  }

  /// {@return a 200 with a file, sent by the kernel: `sendfile`}
  ///
  /// @param type of the content
  /// @param file opened now, by [net.eventlet.TPool], and closed afterwards
  /// @throws IOException if it cannot be read, or is no file
  /// @see FileServer#send(Request, Path)
  public static Response file(String type, Path file) throws IOException {
    var open = OpenFile.open(file);
    return file(type, open, 0, open.size());
  }

  static Response file(String type, OpenFile file, long position, long length) {
    return ok(typed(type), new Content.Filed(file, position, length));
  }

  /// {@return an answer whose head has gone}
  Response begun(Sink sink) {
    return new Response(
        status, reason, fields, new Content.Begun(sink, content.length()), trailers);
  }

  /// {@return a 101, after which the connection speaks something else}
  ///
  /// @param fields beside `connection`, among them `upgrade`
  /// @param handler speaks it
  /// @throws IllegalArgumentException if there is no `upgrade` among the fields, or one is
  ///   malformed
  public static Response upgrade(Map<String, String> fields, Upgraded handler) {
    if (fields.keySet().stream().noneMatch("upgrade"::equalsIgnoreCase)) {
      throw new IllegalArgumentException("an upgrade names its protocol in a field: " + fields);
    }
    var list = new ArrayList<Field>();
    list.add(new Field("connection", "upgrade"));
    fields.forEach((name, value) -> list.add(field(name, value)));
    return new Response(101, null, new FieldLines(list), new Content.Switched(handler), List.of());
  }

  private static Field field(String name, String value) {
    if (!Grammar.isToken(name)) {
      throw new IllegalArgumentException("'" + name + "' is no name of a header field");
    }
    if (!Grammar.isFieldValue(value)) {
      throw new IllegalArgumentException(
          "the value of '%s' has a line end, a control character, or one beyond ISO 8859-1: %s"
              .formatted(name, value.replaceAll("\\p{Cntrl}", "?")));
    }
    return new Field(name, value.strip());
  }

  /// {@return this answer with another status}
  ///
  /// @param status from 200 to 599
  /// @throws IllegalArgumentException if it is another
  public Response withStatus(int status) {
    return new Response(of(status).status, null, fields, content, trailers);
  }

  /// {@return this answer with another word for its status}
  ///
  /// @throws IllegalArgumentException if there is a control character in it
  Response withReason(String reason) {
    return new Response(status, field("reason", reason).value(), fields, content, trailers);
  }

  /// {@return this answer with bytes for a body}
  Response withBody(byte[] bytes) {
    return new Response(status, reason, fields, new Content.Whole(bytes), trailers);
  }

  /// {@return this answer with a body of some length that somebody else sends}
  Response withLength(long length) {
    return new Response(status, reason, fields, new Content.Written(_ -> {}, length), trailers);
  }

  /// {@return this answer with one more header field, or another value of one that stands once:
  /// `content-type`}
  ///
  /// @param name a token
  /// @param value without control characters
  /// @throws IllegalArgumentException if one of them is malformed, or the server's own:
  ///   `content-length`, `connection` and `transfer-encoding` follow from the body
  public Response with(String name, String value) {
    var field = field(name, value);
    var lower = name.toLowerCase(Locale.ROOT);
    if (OWN.contains(lower) || lower.equals("content-length")) {
      throw new IllegalArgumentException(
          "the server sets " + lower + " itself; for a stream of known length say that length");
    }
    var list = new ArrayList<Field>();
    for (var old : fields.list()) {
      if (!lower.equals("content-type") || !old.name().equalsIgnoreCase(name)) {
        list.add(old);
      }
    }
    list.add(field);
    return new Response(status, reason, new FieldLines(list), content, trailers);
  }

  /// {@return this answer with a field behind its body, which goes out in chunks, then; a client of
  /// HTTP/1.0 does not get it}
  ///
  /// @param name a token, but for those that say how to read the body
  /// @param value asked for once the body has gone; without control characters
  /// @throws IllegalArgumentException if the name is malformed or not allowed
  public Response withTrailer(String name, Supplier<String> value) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (!Grammar.isToken(name) || NO_TRAILERS.contains(lower) || OWN.contains(lower)) {
      throw new IllegalArgumentException("'" + name + "' is no name of a trailer");
    }
    var list = new ArrayList<>(trailers);
    list.add(new Trailer(lower, value));
    var more = new ArrayList<>(fields.list());
    more.add(new Field("trailer", lower));
    return new Response(status, reason, new FieldLines(more), content, List.copyOf(list));
  }

  List<Trailer> trailers() {
    return trailers;
  }

  /// {@return bytes of the body, if the head says them; -1 if not}
  long length() {
    return trailers.isEmpty() ? content.length() : -1;
  }

  /// {@return three digits, such as 200}
  public int status() {
    return status;
  }

  Content content() {
    return content;
  }

  boolean mayHaveBody() {
    return status >= 200 && status != 204 && status != 205 && status != 304;
  }

  /// {@return the value of a header field; null if there is none}
  @Nullable String value(String name) {
    return fields.value(name);
  }

  /// {@return whether the application says of what time it is}
  boolean dated() {
    return fields.dated();
  }

  /// Puts the status line and the fields, with the length if it is known, without the empty line.
  void head(Outbound out) throws IOException {
    out.put(reason == null ? Reasons.line(status) : Reasons.line(status, reason));
    out.put(fields.encoded());
    if (status == 205) {
      out.put(LENGTH, 0);
    } else if (mayHaveBody() && length() >= 0) {
      out.put(LENGTH, length());
    }
  }

  @Override
  public String toString() {
    return "Response[" + status + " " + fields + "]";
  }
}
