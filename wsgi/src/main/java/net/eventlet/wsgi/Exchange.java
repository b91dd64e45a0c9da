package net.eventlet.wsgi;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request and how it was answered: what an access log tells of.
///
/// @param client its address, as [Request#client()] has it
/// @param port of the connection's other end; 0 if it has none
/// @param requestLine as sent, such as `GET / HTTP/1.1`; empty if none came that could be read
/// @param status of the answer
/// @param bodyBytes of the answer that were sent, without the head and without chunks' sizes
/// @param ended when the answer had been sent
/// @param took from the head's end to then
/// @param referer what led there; empty if the request does not say
/// @param userAgent what asked; empty if the request does not say
public record Exchange(
    String client,
    int port,
    String requestLine,
    int status,
    long bodyBytes,
    Instant ended,
    Duration took,
    String referer,
    String userAgent) {

  Exchange(Head head, Connection connection, int status, long bodyBytes, long nanos) {
    this(
        Origin.of(head, connection).client(),
        connection.remote() instanceof InetSocketAddress inet ? inet.getPort() : 0,
        head.requestLine(),
        status,
        bodyBytes,
        Instant.now(),
        Duration.ofNanos(nanos),
        Objects.requireNonNullElse(head.fields().value("referer"), ""),
        Objects.requireNonNullElse(head.fields().value("user-agent"), ""));
  }

  /// {@return the method; empty if there is no request line}
  public String method() {
    return part(0);
  }

  /// {@return the target as sent; empty if there is no request line}
  public String target() {
    return part(1);
  }

  private String part(int index) {
    return requestLine.isEmpty() ? "" : requestLine.split(" ", -1)[index];
  }

  static String nameOf(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "unix";
  }
}
