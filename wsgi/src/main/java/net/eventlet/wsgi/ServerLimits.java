package net.eventlet.wsgi;

/// What a server puts up with. Every part has a default, and says what happens one beyond it.
///
/// ```java
/// ServerLimits.DEFAULT
///     .withBody(BodyLimits.DEFAULT.withBytes(100))
///     .withConnections(ConnectionLimits.DEFAULT.withPerAddress(10))
/// ```
///
/// Source: RFC 9110 section 15.5; the defaults are those of today's servers.
///
/// @param head of a request
/// @param body of a request
/// @param times that a client may take
/// @param connections and requests at once
public record ServerLimits(
    HeadLimits head, BodyLimits body, TimeLimits times, ConnectionLimits connections) {

  /// The defaults of the four.
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          HeadLimits.DEFAULT, BodyLimits.DEFAULT, TimeLimits.DEFAULT, ConnectionLimits.DEFAULT);

  /// {@return these limits with others on heads}
  ///
  /// @param head of a request
  public ServerLimits withHead(HeadLimits head) {
    return new ServerLimits(head, body, times, connections);
  }

  /// {@return these limits with others on bodies}
  ///
  /// @param body of a request
  public ServerLimits withBody(BodyLimits body) {
    return new ServerLimits(head, body, times, connections);
  }

  /// {@return these limits with others on time}
  ///
  /// @param times that a client may take
  public ServerLimits withTimes(TimeLimits times) {
    return new ServerLimits(head, body, times, connections);
  }

  /// {@return these limits with others on connections}
  ///
  /// @param connections and requests at once
  public ServerLimits withConnections(ConnectionLimits connections) {
    return new ServerLimits(head, body, times, connections);
  }
}
