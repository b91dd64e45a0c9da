package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private @Nullable Head head; // null once it is answered
  private final Connection connection;

  Request(Head head, Connection connection) {
    this.head = head;
    this.connection = connection;
  }

  private Head head() {
    if (head == null) {
      throw new IllegalStateException(
          "this request has been answered; copy what is needed of it before");
    }
    return head;
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

  /// {@return the path, percent-decoded as UTF-8, with `/` in front; `*` for that target}
  public String path() {
    var target = head().originForm();
    var query = target.indexOf('?');
    return decoded(query < 0 ? target : target.substring(0, query));
  }

  /// {@return what follows the `?` of the target, still percent-encoded; empty if nothing does}
  public String query() {
    var target = head().target();
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
        c = (char) (16 * Head.hex(path.charAt(i + 1)) + Head.hex(path.charAt(i + 2)));
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
    return Optional.ofNullable(head().value(name));
  }

  /// {@return all values of a header field, in the order received}
  ///
  /// @param name in any case
  public List<String> headers(String name) {
    return head().values(name);
  }

  /// {@return the names of all header fields as sent, in the order received; repeated ones are
  /// there several times}
  public List<String> headerNames() {
    var names = new ArrayList<String>();
    for (var field = 0; field < head().fields(); field++) {
      names.add(head().name(field));
    }
    return names;
  }

  /// {@return the body: ends after `content-length` bytes or the last chunk; reading it may park.
  /// The first read sends a `100 Continue` to a client that waits for one}
  ///
  /// Reading throws [BadRequest] if the body is malformed or too large, and
  /// [java.net.SocketTimeoutException] if nothing comes for too long.
  public InputStream body() {
    head();
    return connection.body();
  }

  /// {@return the address of the client, or of the proxy in front of this server}
  public @Nullable SocketAddress remote() {
    return connection.socket().getRemoteSocketAddress();
  }

  /// {@return the connection, for its limits and addresses}
  public GreenSocket socket() {
    return connection.socket();
  }

  @Override
  public String toString() {
    return head == null ? "Request[answered]" : "Request[" + head.requestLine() + "]";
  }
}
