package net.eventlet.wsgi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a request comes from and what it is for, whether it came directly or through proxies.
///
/// @param client its address, or how a proxy names it
/// @param scheme `http` or `https`
/// @param host with its port, if the request has one; else empty
record Origin(String client, String scheme, String host) {

  static Origin of(Head head, Connection connection) {
    var direct =
        new Origin(
            Exchange.nameOf(connection.remote()),
            connection.secure() ? "https" : "http",
            Objects.requireNonNullElse(head.host(), ""));
    return connection
        .options()
        .proxies()
        .map(proxies -> proxies.origin(direct, head.fields()))
        .orElse(direct);
  }

  /// {@return the same, but for what a proxy tells}
  Origin with(String client, @Nullable String scheme, @Nullable String host) {
    return new Origin(
        client, scheme == null ? this.scheme : scheme, host == null ? this.host : host);
  }
}
