package net.eventlet.wsgi;

import java.util.Optional;
import java.util.function.Consumer;

/// How a server serves.
///
/// @param limits what it puts up with
/// @param accessLog takes a line for every request; empty for none
/// @param keepAlive whether a connection may carry several requests
/// @param debug whether a failure's stack trace is shown to the client as well
public record ServerOptions(
    ServerLimits limits, Optional<Consumer<String>> accessLog, boolean keepAlive, boolean debug) {

  /// No access log, connections kept, failures told to the log alone.
  public static final ServerOptions DEFAULT =
      new ServerOptions(ServerLimits.DEFAULT, Optional.empty(), true, false);

  /// {@return these options with other limits}
  ///
  /// @param limits what it puts up with
  public ServerOptions withLimits(ServerLimits limits) {
    return new ServerOptions(limits, accessLog, keepAlive, debug);
  }

  /// {@return these options with an access log, in Eventlet's format: address, time, request line,
  /// status, bytes of the body, seconds}
  ///
  /// @param accessLog takes each line, without its end; called by the connections' green threads
  public ServerOptions withAccessLog(Consumer<String> accessLog) {
    return new ServerOptions(limits, Optional.of(accessLog), keepAlive, debug);
  }

  /// {@return these options with or without several requests a connection}
  ///
  /// @param keepAlive whether it may carry several
  public ServerOptions withKeepAlive(boolean keepAlive) {
    return new ServerOptions(limits, accessLog, keepAlive, debug);
  }

  /// {@return these options with or without stack traces in answers}
  ///
  /// @param debug whether the client sees them
  public ServerOptions withDebug(boolean debug) {
    return new ServerOptions(limits, accessLog, keepAlive, debug);
  }
}
