package net.eventlet.wsgi.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSession;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import net.eventlet.wsgi.Request;
import net.eventlet.wsgi.Response;
import org.jspecify.annotations.Nullable;

/// A request and its answer.
///
/// The handler has a green thread of its own, since it answers in the middle of its work: the
/// connection's waits for the head, and then lends its output until the handler closes the body.
final class GreenExchange extends HttpExchange {

  private static final Set<String> OWN =
      Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "date");
  private static final String TYPE = "application/octet-stream";

  private final Request request;
  private final GreenContext context;
  private final URI uri;
  private final String method;
  private final String protocol;
  private final Headers asked = new Headers();
  private final Headers answered = new Headers();
  private final Event<Response> head = new Event<>();
  private final ExchangeBody body = new ExchangeBody();
  private final Optional<SSLSession> session;
  private InputStream input;
  private OutputStream output = body;
  private int status = -1;
  private @Nullable HttpPrincipal principal; // null unless an authenticator let somebody in

  GreenExchange(Request request, URI uri, GreenContext context) {
    this.request = request;
    this.uri = uri;
    this.context = context;
    method = request.method();
    protocol = request.version();
    session = request.session();
    input = request.body();
    for (var name : request.headerNames()) {
      asked.computeIfAbsent(name, request::headers);
    }
  }

  /// {@return the answer, whose body the handler still writes}
  ///
  /// @param face this exchange as the handler sees it
  Response run(HttpExchange face) throws Exception {
    var handling =
        Eventlet.spawn(() -> {
          context.answer(face, this);
          return true;
        });
    handling.link(this::ended);
    request.afterwards(() -> {
      if (body.end()) { // before the handler did: the client is gone
        handling.kill();
      }
    });
    return head.await();
  }

  private void ended(GreenThread<?> handling) {
    if (handling.state() == Future.State.FAILED) {
      fail(handling.exceptionNow());
    } else if (handling.isCancelled()) {
      fail(new IOException("the handler was killed"));
    }
  }

  private void fail(Throwable failure) {
    if (!head.ready()) {
      head.sendException(failure);
    }
    body.fail(failure);
  }

  void principal(HttpPrincipal principal) {
    this.principal = principal;
  }

  SSLSession session() {
    return session.orElseThrow(() -> new IllegalStateException("there is no TLS here"));
  }

  @Override
  public void sendResponseHeaders(int code, long length) throws IOException {
    if (status >= 0) {
      throw new IOException("headers already sent");
    }
    if (code < 200 || code > 599) {
      throw new IOException("an answer's status is from 200 to 599: " + code);
    }
    status = code;
    var bare = code == 204 || code == 304 || method.equals("HEAD");
    var type = answered.getFirst("Content-Type");
    Response response;
    if (bare || length < 0) {
      body.begin(0);
      response = bare ? bare(code) : Response.of(code);
      if (type != null) {
        response = response.with("content-type", type);
      }
    } else {
      body.begin(length == 0 ? Long.MAX_VALUE : length);
      response =
          length == 0
              ? Response.written(type == null ? TYPE : type, body::lend)
              : Response.written(type == null ? TYPE : type, length, body::lend);
    }
    head.send(withFields(response.withStatus(code)));
  }

  /// {@return what answers a `HEAD`, with the length that the handler promises a `GET`}
  private Response bare(int code) {
    var promised = answered.getFirst("Content-Length");
    if (!method.equals("HEAD") || promised == null || !promised.matches("\\d{1,18}")) {
      return Response.of(code);
    }
    return Response.written(TYPE, Long.parseLong(promised), _ -> {});
  }

  private Response withFields(Response bare) {
    var response = bare;
    for (var field : answered.entrySet()) {
      var name = field.getKey().toLowerCase(Locale.ROOT);
      if (!OWN.contains(name) && !name.equals("content-type")) {
        for (var value : field.getValue()) {
          response = response.with(name, value);
        }
      }
    }
    return response;
  }

  @Override
  public void close() {
    if (!head.ready()) {
      head.sendException(new IOException("the exchange was closed before it was answered"));
    }
    try {
      output.close();
    } catch (IOException incomplete) {
      // the client sees that it is not whole
    }
  }

  @Override
  public Headers getRequestHeaders() {
    return asked;
  }

  @Override
  public Headers getResponseHeaders() {
    return answered;
  }

  @Override
  public URI getRequestURI() {
    return uri;
  }

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public HttpContext getHttpContext() {
    return context;
  }

  @Override
  public InputStream getRequestBody() {
    return input;
  }

  @Override
  public OutputStream getResponseBody() {
    return output;
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return inet(request.remote());
  }

  @Override
  public int getResponseCode() {
    return status;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return inet(request.socket().getLocalSocketAddress());
  }

  private static InetSocketAddress inet(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet : new InetSocketAddress(0);
  }

  @Override
  public String getProtocol() {
    return protocol;
  }

  /// {@return one of the context's attributes: exchanges share them, as in the JDK's server}
  @Override
  public @Nullable Object getAttribute(String name) {
    return context.getAttributes().get(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    if (value == null) {
      context.getAttributes().remove(name);
    } else {
      context.getAttributes().put(name, value);
    }
  }

  @Override
  public void setStreams(@Nullable InputStream input, @Nullable OutputStream output) {
    if (input != null) {
      this.input = input;
    }
    if (output != null) {
      this.output = output;
    }
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return principal;
  }
}
