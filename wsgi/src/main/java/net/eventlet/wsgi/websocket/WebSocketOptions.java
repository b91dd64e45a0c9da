package net.eventlet.wsgi.websocket;

import java.util.List;

/// How a server speaks WebSocket.
///
/// @param limits what it puts up with
/// @param protocols that it speaks; the first of the client's that is among them is chosen, none if
///   there is none
/// @param origins whose pages may connect
/// @param compression of messages
public record WebSocketOptions(
    WebSocketLimits limits, List<String> protocols, OriginCheck origins, Compression compression) {

  /// No protocols, pages of this host alone, each message compressed by itself.
  public static final WebSocketOptions DEFAULT =
      new WebSocketOptions(
          WebSocketLimits.DEFAULT, List.of(), OriginCheck.SAME_HOST, Compression.EACH);

  /// Checks the options, and copies the list.
  ///
  /// @throws IllegalArgumentException if a protocol is no token
  public WebSocketOptions {
    protocols = Tokens.checked(protocols);
  }

  /// {@return these options with other limits}
  ///
  /// @param limits what it puts up with
  public WebSocketOptions withLimits(WebSocketLimits limits) {
    return new WebSocketOptions(limits, protocols, origins, compression);
  }

  /// {@return these options with other protocols}
  ///
  /// @param protocols that it speaks
  /// @throws IllegalArgumentException if one is no token
  public WebSocketOptions withProtocols(String... protocols) {
    return new WebSocketOptions(limits, List.of(protocols), origins, compression);
  }

  /// {@return these options with other pages}
  ///
  /// @param origins whose pages may connect
  public WebSocketOptions withOrigins(OriginCheck origins) {
    return new WebSocketOptions(limits, protocols, origins, compression);
  }

  /// {@return these options with another compression}
  ///
  /// @param compression of messages
  public WebSocketOptions withCompression(Compression compression) {
    return new WebSocketOptions(limits, protocols, origins, compression);
  }
}
