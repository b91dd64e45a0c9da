package net.eventlet;

/// How a server socket listens.
///
/// @param backlog connections that may wait to be accepted; the system may allow fewer
/// @param reuseAddress whether an address may be used again at once after a server ended
/// @param reusePort whether several sockets may listen on the port, each getting some connections
public record ListenOptions(int backlog, boolean reuseAddress, boolean reusePort) {

  /// Eventlet's backlog of 50, and the address used again. Unlike in Eventlet, the port is not
  /// shared unasked.
  public static final ListenOptions DEFAULT = new ListenOptions(50, true, false);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the backlog is not positive
  public ListenOptions {
    if (backlog <= 0) {
      throw new IllegalArgumentException("a backlog must be positive: " + backlog);
    }
  }

  /// {@return these options with another backlog}
  ///
  /// @param backlog connections that may wait to be accepted
  public ListenOptions withBacklog(int backlog) {
    return new ListenOptions(backlog, reuseAddress, reusePort);
  }

  /// {@return these options with another word on using an address again}
  ///
  /// @param reuseAddress whether it may be, at once after a server ended
  public ListenOptions withReuseAddress(boolean reuseAddress) {
    return new ListenOptions(backlog, reuseAddress, reusePort);
  }

  /// {@return these options with another word on sharing a port}
  ///
  /// @param reusePort whether several sockets may listen on it
  public ListenOptions withReusePort(boolean reusePort) {
    return new ListenOptions(backlog, reuseAddress, reusePort);
  }
}
