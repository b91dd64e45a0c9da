package net.eventlet.wsgi.websocket;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// How a client opens a WebSocket, and speaks it.
///
/// @param limits what it puts up with
/// @param protocols that it speaks, dearest first; the server chooses one or none
/// @param headers beside those that open a WebSocket, such as `Authorization` or `Origin`
/// @param compression of messages, if the server agrees
/// @param patience longest wait until it is open
/// @param proxy to go through by `CONNECT`; empty for none
/// @param tls for `wss`; empty for the usual one, which trusts whom this Java trusts
public record ConnectOptions(
    WebSocketLimits limits,
    List<String> protocols,
    Map<String, String> headers,
    Compression compression,
    Duration patience,
    Optional<InetSocketAddress> proxy,
    Optional<SSLContext> tls) {

  /// No protocols and no headers, each message compressed by itself, half a minute to open.
  public static final ConnectOptions DEFAULT =
      new ConnectOptions(
          WebSocketLimits.DEFAULT,
          List.of(),
          Map.of(),
          Compression.EACH,
          Duration.ofSeconds(30),
          Optional.empty(),
          Optional.empty());

  /// Checks the options, and copies the lists.
  ///
  /// @throws IllegalArgumentException if a protocol or a header is malformed
  public ConnectOptions {
    protocols = Tokens.checked(protocols);
    headers = new LinkedHashMap<>(headers);
    headers.forEach((name, value) -> {
      if (!Tokens.isToken(name)
          || value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c > 0xff)) {
        throw new IllegalArgumentException(
            "'%s' is no header field, or has a value that cannot be sent".formatted(name));
      }
    });
  }

  /// {@return these options with other limits}
  ///
  /// @param limits what it puts up with
  public ConnectOptions withLimits(WebSocketLimits limits) {
    return new ConnectOptions(limits, protocols, headers, compression, patience, proxy, tls);
  }

  /// {@return these options with other protocols}
  ///
  /// @param protocols dearest first
  /// @throws IllegalArgumentException if one is no token
  public ConnectOptions withProtocols(String... protocols) {
    return new ConnectOptions(
        limits, List.of(protocols), headers, compression, patience, proxy, tls);
  }

  /// {@return these options with one more header}
  ///
  /// @param name of the field
  /// @param value of the field
  /// @throws IllegalArgumentException if one of them is malformed
  public ConnectOptions withHeader(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new ConnectOptions(limits, protocols, more, compression, patience, proxy, tls);
  }

  /// {@return these options with another compression}
  ///
  /// @param compression of messages
  public ConnectOptions withCompression(Compression compression) {
    return new ConnectOptions(limits, protocols, headers, compression, patience, proxy, tls);
  }

  /// {@return these options with another patience}
  ///
  /// @param patience longest wait until it is open
  public ConnectOptions withPatience(Duration patience) {
    return new ConnectOptions(limits, protocols, headers, compression, patience, proxy, tls);
  }

  /// {@return these options with a proxy}
  ///
  /// @param proxy to go through by `CONNECT`
  public ConnectOptions withProxy(InetSocketAddress proxy) {
    return new ConnectOptions(
        limits, protocols, headers, compression, patience, Optional.of(proxy), tls);
  }

  /// {@return these options with another TLS}
  ///
  /// @param tls for `wss`
  public ConnectOptions withTls(SSLContext tls) {
    return new ConnectOptions(
        limits, protocols, headers, compression, patience, proxy, Optional.of(tls));
  }
}
