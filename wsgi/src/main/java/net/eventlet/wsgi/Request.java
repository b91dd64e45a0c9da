package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import net.eventlet.Action;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// One HTTP request.
///
/// Of use until its answer has been sent: after that, every method but [#toString()] throws
/// [IllegalStateException]. Names, values and the target are made into strings when they are asked
/// for.
///
/// Source: `eventlet/wsgi.py`, `HttpProtocol.get_environ`; RFC 9112 sections 3 and 5.
public final class Request {

  private volatile @Nullable Head head; // null once it is answered
  private final Connection connection;
  private @Nullable InputStream body; // null until asked for

  Request(Head head, Connection connection) {
    this.head = head;
    this.connection = connection;
  }

  private Head head() {
    var asked = head;
    if (asked == null) {
      throw new IllegalStateException(
          "this request has been answered; copy what is needed of it before");
    }
    return asked;
  }

  void answered() {
    head = null;
  }

  /// {@return the method as sent, so `GET` rather than `get`}
  public String method() {
    return head().method();
  }

  /// {@return the target as sent: `/a%20b?c=d`, with scheme and host if the client sent them}
  public String target() {
    return head().target();
  }

  /// {@return the path as sent, with `/` in front; `*` for that target}
  String rawPath() {
    var target = head().originForm();
    var query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /// {@return the path, percent-decoded as UTF-8, with `/` in front; `*` for that target}
  public String path() {
    return decoded(rawPath());
  }

  /// {@return what follows the `?` of the target, still percent-encoded; empty if nothing does}
  public String query() {
    var target = head().originForm();
    var query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  private static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    var bytes = new ByteArrayOutputStream(path.length());
    for (var i = 0; i < path.length(); i++) {
      var c = path.charAt(i);
      if (c == '%') { // followed by two digits: that was checked
        c = (char) (16 * Grammar.hex(path.charAt(i + 1)) + Grammar.hex(path.charAt(i + 2)));
        i += 2;
      }
      bytes.write(c);
    }
    return bytes.toString(UTF_8);
  }

  /// {@return `HTTP/1.1` or `HTTP/1.0`}
  public String version() {
    return head().minor() == 1 ? "HTTP/1.1" : "HTTP/1.0";
  }

  /// {@return the first value of a header field, without the blanks around it}
  ///
  /// @param name in any case
  public Optional<String> header(String name) {
    return Optional.ofNullable(head().fields().value(name));
  }

  /// {@return all values of a header field, in the order received}
  ///
  /// @param name in any case
  public List<String> headers(String name) {
    return head().fields().values(name);
  }

  /// {@return the names of all header fields as sent, in the order received; repeated ones are
  /// there several times}
  public List<String> headerNames() {
    return namesOf(head().fields());
  }

  private static List<String> namesOf(Fields fields) {
    var names = new ArrayList<String>();
    for (var field = 0; field < fields.count(); field++) {
      names.add(fields.name(field));
    }
    return names;
  }

  /// {@return the first value of a trailer, a field behind the body; empty before the body has been
  /// read to its end}
  ///
  /// @param name in any case
  public Optional<String> trailer(String name) {
    head();
    return Optional.ofNullable(connection.body().trailers().value(name));
  }

  /// {@return the names of all trailers as sent; none before the body has been read to its end}
  public List<String> trailerNames() {
    head();
    return namesOf(connection.body().trailers());
  }

  /// {@return the body: ends after `content-length` bytes or the last chunk; reading it may park.
  /// The first read sends a `100 Continue` to a client that waits for one}
  ///
  /// Reading throws [BadRequest] if the body is malformed or too large, and
  /// [java.net.SocketTimeoutException] if nothing comes for too long.
  public InputStream body() {
    head();
    var stream = body;
    if (stream == null) {
      stream = new Stream(this);
      body = stream;
    }
    return stream;
  }

  /// The body, for as long as the request is of use.
  private static final class Stream extends InputStream {

    private final Request request;

    Stream(Request request) {
      this.request = request;
    }

    private Body body() throws IOException {
      if (request.head == null) {
        throw new IOException("the request has been answered; read its body before");
      }
      return request.connection.body();
    }

    @Override
    public int read() throws IOException {
      return body().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return body().read(bytes, offset, length);
    }
  }

  /// {@return the address of the connection's other end, or what the PROXY protocol said of it;
  /// null if it is gone}
  public @Nullable SocketAddress remote() {
    head();
    return connection.remote();
  }

  /// {@return the client's address without a port, as a literal; what a proxy said, if it is one
  /// that the server's options name; `unix` for one that came through the file system}
  public String client() {
    return Origin.of(head(), connection).client();
  }

  /// {@return `https` if it came through TLS, to here or to a proxy that the options name; else
  /// `http`}
  public String scheme() {
    return Origin.of(head(), connection).scheme();
  }

  /// {@return the host that the client asked, with the port if it said one: from the target, from
  /// `Host`, or from a proxy that the options name; empty if it did not say}
  public String host() {
    return Origin.of(head(), connection).host();
  }

  /// Has something done once the answer has gone, before the connection's next request is read.
  /// What it throws is logged.
  ///
  /// @param action done by the connection's green thread
  public void afterwards(Action action) {
    head();
    connection.afterwards(action);
  }

  /// Says whether a server that ends need not wait for this request: for one that waits for news
  /// for a long time.
  ///
  /// @param idle whether nothing is lost if it is cut off
  public void idle(boolean idle) {
    head();
    connection.idle(idle);
  }

  /// {@return what was agreed by TLS with whoever connects here; empty without it}
  public Optional<SSLSession> session() {
    head();
    return connection.session();
  }

  /// {@return the connection, for its limits and addresses}
  public GreenSocket socket() {
    head();
    return connection.socket();
  }

  Connection connection() {
    head();
    return connection;
  }

  @Override
  public String toString() {
    var asked = head;
    return asked == null ? "Request[answered]" : "Request[" + asked.requestLine() + "]";
  }
}
