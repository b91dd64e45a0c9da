package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.eventlet.Eventlet;
import net.eventlet.Timeout;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// An HTTP client in one line: `GreenHttp.DEFAULT.get("http://example.org/").text()`.
///
/// It parks the green thread until the answer is there, and keeps connections for the next request:
/// as many for each server as `-Dhttp.maxConnections` says, which is 5. HTTP/1.1, `http` and
/// `https`.
///
/// It is a face on the JDK's [HttpURLConnection], which on a hub costs a quarter to a half of what
/// `java.net.http.HttpClient` does (ADR 8).
///
/// Source: `eventlet/green/httplib.py`, `eventlet/green/urllib2.py`.
///
/// @param limit longest time for all of a request, redirects and the body included
/// @param redirects followed at most; the next one is an [IOException], and with 0 each is an
///   answer
/// @param bodyMax bytes in an answer at most; more is an [IOException]
/// @param headers sent with each request
/// @param proxy asked in the server's place; null for what the JDK's properties (`http.proxyHost`)
///   say
public record GreenHttp(
    Duration limit,
    int redirects,
    int bodyMax,
    Map<String, String> headers,
    @Nullable InetSocketAddress proxy) {

  /// A minute, ten redirects, ten mebibytes, no headers, no proxy.
  public static final GreenHttp DEFAULT =
      new GreenHttp(Duration.ofMinutes(1), 10, 10 << 20, Map.of(), null);

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<String> SECRETS = Set.of("authorization", "cookie");

  /// Checks the bounds.
  ///
  /// @throws IllegalArgumentException if the limit is not positive, or another one negative
  public GreenHttp {
    headers = Map.copyOf(headers);
    if (!limit.isPositive() || redirects < 0 || bodyMax < 0) {
      throw new IllegalArgumentException(
          "a client needs time and bounds from 0: limit=%s redirects=%d bodyMax=%d"
              .formatted(limit, redirects, bodyMax));
    }
  }

  /// {@return this client with another limit}
  ///
  /// @param limit longest time for all of a request
  public GreenHttp withLimit(Duration limit) {
    return new GreenHttp(limit, redirects, bodyMax, headers, proxy);
  }

  /// {@return this client with another bound on redirects}
  ///
  /// @param redirects followed at most; 0 for none
  public GreenHttp withRedirects(int redirects) {
    return new GreenHttp(limit, redirects, bodyMax, headers, proxy);
  }

  /// {@return this client with another bound on answers}
  ///
  /// @param bodyMax bytes at most
  public GreenHttp withBodyMax(int bodyMax) {
    return new GreenHttp(limit, redirects, bodyMax, headers, proxy);
  }

  /// {@return this client with one header more, or another value of it}
  ///
  /// @param name such as `Authorization`, which is not sent on to another server
  /// @param value as it is sent
  public GreenHttp withHeader(String name, String value) {
    var more = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(name, value);
    return new GreenHttp(limit, redirects, bodyMax, more, proxy);
  }

  /// {@return this client with a proxy}
  ///
  /// @param proxy asked in the server's place; it is better not resolved
  public GreenHttp withProxy(InetSocketAddress proxy) {
    return new GreenHttp(limit, redirects, bodyMax, headers, proxy);
  }

  /// Gets a page.
  ///
  /// @param uri of `http` or `https`
  /// @return the answer, whatever its status
  /// @throws SocketTimeoutException if the time is up
  /// @throws IOException if there is no answer, or too long a one
  /// @throws IllegalArgumentException if that is no such address
  public HttpAnswer get(String uri) throws IOException {
    return send("GET", URI.create(uri), null, null);
  }

  /// Posts text.
  ///
  /// @param uri of `http` or `https`
  /// @param contentType such as `application/json`
  /// @param body sent as UTF-8
  /// @return the answer, whatever its status
  /// @throws SocketTimeoutException if the time is up
  /// @throws IOException if there is no answer, or too long a one
  /// @throws IllegalArgumentException if that is no such address
  public HttpAnswer post(String uri, String contentType, String body) throws IOException {
    return send("POST", URI.create(uri), contentType, body.getBytes(UTF_8));
  }

  /// Asks anything.
  ///
  /// @param method one that [HttpURLConnection] knows, which are all but `PATCH` and `CONNECT`
  /// @param uri of `http` or `https`
  /// @param contentType of the body; null if there is none
  /// @param body null if there is none
  /// @return the answer, whatever its status
  /// @throws SocketTimeoutException if the time is up
  /// @throws ProtocolException if the method is not known
  /// @throws IOException if there is no answer, or too long a one
  /// @throws IllegalArgumentException if that is no such address, or a `GET` has a body
  public HttpAnswer send(
      String method, URI uri, @Nullable String contentType, byte @Nullable [] body)
      throws IOException {
    Objects.requireNonNull(method, "method");
    requireHttp(uri);
    if (body != null && method.equals("GET")) { // the JDK would make it a POST
      throw new IllegalArgumentException(
          "a GET has no body here; POST it, or use java.net.http.HttpClient: " + uri);
    }
    try {
      return Fiber.currentOrNull() == null
          ? Eventlet.spawn(() -> within(method, uri, contentType, body)).await()
          : within(method, uri, contentType, body);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before " + uri + " answered", e);
    } catch (Exception e) {
      throw new AssertionError("asking declares no such exception", e);
    }
  }

  private HttpAnswer within(
      String method, URI uri, @Nullable String contentType, byte @Nullable [] body)
      throws Exception {
    var answer =
        Timeout.<@Nullable HttpAnswer>call(
            limit, () -> follow(method, uri, contentType, body), null);
    if (answer == null) {
      throw new SocketTimeoutException(
          "%s did not answer within %s".formatted(uri, Durations.text(limit)));
    }
    return answer;
  }

  private HttpAnswer follow(
      String method, URI first, @Nullable String contentType, byte @Nullable [] body)
      throws IOException {
    var request = new Request(method, first, headers, contentType, body);
    for (var followed = 0; ; followed++) {
      var answer = exchange(request);
      var next = redirects == 0 ? null : request.redirected(answer);
      if (next == null) {
        return answer;
      }
      if (followed == redirects) {
        throw new IOException(
            "%s redirects for more than %d times, at last to %s"
                .formatted(first, redirects, next.uri));
      }
      request = next;
    }
  }

  private HttpAnswer exchange(Request request) throws IOException {
    var url = URI.create(request.uri.toASCIIString()).toURL();
    var connection =
        (HttpURLConnection)
            (proxy == null
                ? url.openConnection()
                : url.openConnection(new Proxy(Proxy.Type.HTTP, resolved(proxy))));
    var done = false;
    try {
      request.prepare(connection);
      connection.setConnectTimeout(millis());
      connection.setReadTimeout(millis());
      if (request.body != null) {
        connection.getOutputStream().write(request.body);
      }
      var status = connection.getResponseCode();
      var answer = new HttpAnswer(request.uri, status, headersOf(connection), bodyOf(connection));
      done = true;
      return answer;
    } catch (IOException failure) {
      throwUnwind();
      throw failure;
    } finally {
      if (!done) {
        connection.disconnect(); // it may be in the middle of something
      }
    }
  }

  /// What the JDK throws because a green thread was killed or its time is up gives way to that.
  private static void throwUnwind() {
    var fiber = Fiber.currentOrNull();
    if (fiber != null) {
      fiber.throwPending();
    }
  }

  private int millis() {
    return Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }

  private static InetSocketAddress resolved(InetSocketAddress proxy) {
    return proxy.isUnresolved()
        ? new InetSocketAddress(proxy.getHostString(), proxy.getPort())
        : proxy;
  }

  private byte[] bodyOf(HttpURLConnection connection) throws IOException {
    try (var input = streamOf(connection)) {
      var bytes = new ByteArrayOutputStream();
      var buffer = new byte[8192];
      for (var count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        if (bytes.size() + count > bodyMax) {
          throw new IOException(
              "%s answers with more than %d bytes; withBodyMax allows more"
                  .formatted(connection.getURL(), bodyMax));
        }
        bytes.write(buffer, 0, count);
      }
      return bytes.toByteArray();
    }
  }

  private static InputStream streamOf(HttpURLConnection connection) throws IOException {
    if (connection.getResponseCode() < 400) {
      return connection.getInputStream();
    }
    var body = connection.getErrorStream();
    return body == null ? InputStream.nullInputStream() : body;
  }

  private static Map<String, List<String>> headersOf(HttpURLConnection connection) {
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    connection
        .getHeaderFields()
        .forEach((name, values) -> {
          if (name != null) { // as that of the status line is
            headers.put(name, List.copyOf(values));
          }
        });
    return Collections.unmodifiableMap(headers);
  }

  /// Shows the names of headers only: one of them may be a password.
  @Override
  public String toString() {
    return "GreenHttp[limit=%s, redirects=%d, bodyMax=%d, headers=%s, proxy=%s]"
        .formatted(limit, redirects, bodyMax, headers.keySet(), proxy);
  }

  private static void requireHttp(URI uri) {
    var scheme = uri.getScheme();
    if (uri.getHost() == null
        || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
      throw new IllegalArgumentException("not an address of http or https with a host: " + uri);
    }
  }

  /// One request of those that redirects make of one.
  private static final class Request {

    private final String method;
    private final URI uri;
    private final Map<String, String> headers;
    private final @Nullable String contentType;
    private final byte @Nullable [] body;

    Request(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable String contentType,
        byte @Nullable [] body) {
      this.method = method;
      this.uri = uri;
      this.headers = headers;
      this.contentType = contentType;
      this.body = body;
    }

    void prepare(HttpURLConnection connection) throws ProtocolException {
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      headers.forEach(connection::setRequestProperty);
      if (body != null) {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length); // sent once, never again by itself
        if (contentType != null) {
          connection.setRequestProperty("Content-Type", contentType);
        }
      }
    }

    /// {@return what to ask next; null if the answer does not say, or leads from `https` to `http`}
    @Nullable Request redirected(HttpAnswer answer) throws IOException {
      var location = answer.header("location");
      if (!REDIRECTS.contains(answer.status()) || location.isEmpty()) {
        return null;
      }
      URI next;
      try {
        next = uri.resolve(new URI(location.get()));
        requireHttp(next);
      } catch (URISyntaxException | IllegalArgumentException e) {
        throw new IOException(uri + " redirects to " + location.get() + ", which is no address", e);
      }
      if ("https".equalsIgnoreCase(uri.getScheme()) && "http".equalsIgnoreCase(next.getScheme())) {
        return null;
      }
      var sent = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      sent.putAll(headers);
      if (!Objects.equals(uri.getAuthority(), next.getAuthority())
          || !Objects.equals(uri.getScheme(), next.getScheme())) {
        sent.keySet().removeIf(name -> SECRETS.contains(name.toLowerCase(Locale.ROOT)));
      }
      var again = answer.status() == 307 || answer.status() == 308 || method.equals("HEAD");
      return again
          ? new Request(method, next, sent, contentType, body)
          : new Request("GET", next, sent, null, null);
    }
  }
}
