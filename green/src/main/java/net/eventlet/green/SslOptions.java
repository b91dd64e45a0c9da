package net.eventlet.green;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// How a TLS connection is made, beside what its context says.
///
/// @param applicationProtocols what to offer, or to choose from, by ALPN, the best first, such as
///   `h2` and `http/1.1`; empty for none
/// @param clientCertificate whether a server asks for the client's certificate
/// @param hostNameVerified whether a client insists that the server's certificate is for the host
///   that it wanted; [#withAnyHostName()] says no
/// @param handshakeLimit longest time from the first I/O to the end of the handshake, after which
///   the connection is closed
public record SslOptions(
    List<String> applicationProtocols,
    ClientCertificate clientCertificate,
    boolean hostNameVerified,
    Duration handshakeLimit) {

  /// No ALPN, no client certificate, host names verified, ten seconds for the handshake.
  public static final SslOptions DEFAULT =
      new SslOptions(List.of(), ClientCertificate.NONE, true, Duration.ofSeconds(10));

  /// What a server does about client certificates.
  public enum ClientCertificate {
    /// Asks for none.
    NONE,
    /// Asks, and takes a client that has none.
    WANTED,
    /// Asks, and refuses a client that has none.
    NEEDED
  }

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the limit is not positive, or a protocol's name is not
  ///   from 1 to 255 characters
  public SslOptions {
    applicationProtocols = List.copyOf(applicationProtocols);
    Objects.requireNonNull(clientCertificate, "clientCertificate");
    if (!handshakeLimit.isPositive()) {
      throw new IllegalArgumentException(
          "the limit of a handshake must be positive: " + handshakeLimit);
    }
    for (var name : applicationProtocols) {
      if (name.isEmpty() || name.length() > 255) {
        throw new IllegalArgumentException(
            "the name of an application protocol has from 1 to 255 characters: \"" + name + '"');
      }
    }
  }

  /// {@return these options with other application protocols}
  ///
  /// @param names the best first
  public SslOptions withApplicationProtocols(String... names) {
    return new SslOptions(List.of(names), clientCertificate, hostNameVerified, handshakeLimit);
  }

  /// {@return these options with another rule about client certificates}
  ///
  /// @param rule for servers
  public SslOptions withClientCertificate(ClientCertificate rule) {
    return new SslOptions(applicationProtocols, rule, hostNameVerified, handshakeLimit);
  }

  /// {@return these options for a client that takes a trusted certificate for whatever host it is,
  /// and so may talk to another host than it wanted}
  public SslOptions withAnyHostName() {
    return new SslOptions(applicationProtocols, clientCertificate, false, handshakeLimit);
  }

  /// {@return these options with another limit on the handshake}
  ///
  /// @param limit positive
  public SslOptions withHandshakeLimit(Duration limit) {
    return new SslOptions(applicationProtocols, clientCertificate, hostNameVerified, limit);
  }
}
