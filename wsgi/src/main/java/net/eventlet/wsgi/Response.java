package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a server sends back: a status, header fields and a body.
///
/// Immutable. One whose body is bytes may be sent any number of times, and costs nothing but the
/// copying from the second time on; one that streams is sent once.
///
/// Source: RFC 9110; PEP 3333.
public final class Response {

  /// Fields that the server sets, since they say where a body ends and whether the connection does.
  private static final Set<String> OWN = Set.of("connection", "transfer-encoding", "keep-alive");

  private final int status;
  private final List<Field> fields;
  private final Content content;
  private byte @Nullable [] head; // null until it is sent: the status line and the fields

  /// A header field.
  record Field(String name, String value) {}

  /// What comes behind the head.
  sealed interface Content {}

  /// All of it.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Whole(byte[] bytes) implements Content {}

  /// @param length of the stream, or -1: then it goes out in chunks
  record Streamed(InputStream input, long length) implements Content {}

  /// Pieces that go out as they come.
  record Pieces(Iterator<byte[]> pieces) implements Content {}

  /// What a writer writes, in chunks.
  record Written(Writer writer) implements Content {}

  /// The end of HTTP on this connection.
  record Switched(Upgraded handler) implements Content {}

  /// Writes a body piece by piece.
  @FunctionalInterface
  public interface Writer {

    /// Writes it.
    ///
    /// @param output to the client, through a buffer; flush it to send what is there at once
    /// @throws Exception if it fails: the connection is cut off, so that the client notices
    void write(OutputStream output) throws Exception;
  }

  private Response(int status, List<Field> fields, Content content) {
    this.status = status;
    this.fields = fields;
    this.content = content;
  }

  /// {@return an answer without a body}
  ///
  /// @param status from 200 to 599
  /// @throws IllegalArgumentException if it is another
  public static Response of(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("a status is from 200 to 599: " + status);
    }
    return new Response(status, List.of(), new Whole(new byte[0]));
  }

  /// {@return a 200 with a short text}
  ///
  /// @param text sent as UTF-8
  public static Response text(String text) {
    return bytes("text/plain; charset=utf-8", text.getBytes(UTF_8));
  }

  /// {@return a 200 with a page}
  ///
  /// @param page sent as UTF-8
  public static Response html(String page) {
    return bytes("text/html; charset=utf-8", page.getBytes(UTF_8));
  }

  /// {@return a 200 with bytes}
  ///
  /// @param type of the content, such as `image/png`
  /// @param bytes not copied
  public static Response bytes(String type, byte[] bytes) {
    return new Response(200, List.of(field("content-type", type)), new Whole(bytes));
  }

  /// {@return a 200 with a stream of unknown length, sent in chunks and closed}
  ///
  /// @param type of the content
  /// @param input read to its end; a read may wait
  public static Response stream(String type, InputStream input) {
    return new Response(200, List.of(field("content-type", type)), new Streamed(input, -1));
  }

  /// {@return a 200 with a stream, closed afterwards}
  ///
  /// @param type of the content
  /// @param input of which so many bytes are sent; a read may wait
  /// @param length in bytes: if it ends before, the connection is cut off
  /// @throws IllegalArgumentException if `length` is negative
  public static Response stream(String type, InputStream input, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("a length must be 0 or more: " + length);
    }
    return new Response(200, List.of(field("content-type", type)), new Streamed(input, length));
  }

  /// {@return a 200 whose pieces are sent as they come, each at once}
  ///
  /// @param type of the content
  /// @param pieces of any size; to ask for the next one may wait
  public static Response pieces(String type, Iterator<byte[]> pieces) {
    return new Response(200, List.of(field("content-type", type)), new Pieces(pieces));
  }

  /// {@return a 200 that is written piecemeal: a long poll, server-sent events}
  ///
  /// @param type of the content
  /// @param writer writes it, once the head has gone
  public static Response written(String type, Writer writer) {
    return new Response(200, List.of(field("content-type", type)), new Written(writer));
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
    return new Response(101, List.copyOf(list), new Switched(handler));
  }

  private static Field field(String name, String value) {
    if (!Head.isToken(name)) {
      throw new IllegalArgumentException("'" + name + "' is no name of a header field");
    }
    if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
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
    return new Response(of(status).status, fields, content);
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
    for (var old : fields) {
      if (!lower.equals("content-type") || !old.name.equalsIgnoreCase(name)) {
        list.add(old);
      }
    }
    list.add(field);
    return new Response(status, List.copyOf(list), content);
  }

  /// {@return three digits, such as 200}
  public int status() {
    return status;
  }

  Content content() {
    return content;
  }

  boolean mayHaveBody() {
    return status >= 200 && status != 204 && status != 304;
  }

  /// {@return the value of a header field; null if there is none}
  @Nullable String value(String name) {
    for (var field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return field.value;
      }
    }
    return null;
  }

  /// {@return the status line and the fields, with the length if it is known, without the empty
  /// line}
  byte[] head() {
    var bytes = head;
    if (bytes == null) {
      var text = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
      text.append(Reasons.of(status)).append("\r\n");
      for (var field : fields) {
        text.append(field.name).append(": ").append(field.value).append("\r\n");
      }
      if (status != 204 && status >= 200) {
        switch (content) {
          case Whole(var whole) when status != 304 ->
              text.append("content-length: ").append(whole.length).append("\r\n");
          case Streamed(_, var length) when length >= 0 && status != 304 ->
              text.append("content-length: ").append(length).append("\r\n");
          default -> {}
        }
      }
      bytes = text.toString().getBytes(ISO_8859_1);
      head = bytes;
    }
    return bytes;
  }

  /// Closes a stream that is not sent.
  void giveUp() throws IOException {
    switch (content) {
      case Streamed(var input, _) -> input.close();
      case Pieces(var pieces) when pieces instanceof AutoCloseable closeable -> close(closeable);
      case Whole _, Pieces _, Written _, Switched _ -> {}
    }
  }

  static void close(AutoCloseable closeable) throws IOException {
    try {
      closeable.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public String toString() {
    return "Response[" + status + " " + fields + "]";
  }
}
