package net.eventlet.wsgi;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// How a server serves.
///
/// @param limits what it puts up with
/// @param hooks each told of every request once it is answered, or refused, by the connection's
///   green thread; what one throws is logged
/// @param keepAlive whether a connection may carry several requests
/// @param debug whether a failure's stack trace is shown to the client as well
/// @param hubs on how many hubs it serves; one more than its own each starts
/// @param proxies whose word is taken on where a request comes from; empty for nobody's
/// @param proxyProtocol whether every connection begins with a line of the PROXY protocol, version
///   1 or 2; one that does not is closed
/// @param tls how it speaks TLS; empty for not at all
public record ServerOptions(
    ServerLimits limits,
    List<Consumer<Exchange>> hooks,
    boolean keepAlive,
    boolean debug,
    int hubs,
    Optional<Proxies> proxies,
    boolean proxyProtocol,
    Optional<Tls> tls) {

  /// No access log, connections kept, failures told to the log alone, one hub, no proxies, no TLS.
  public static final ServerOptions DEFAULT =
      new ServerOptions(
          ServerLimits.DEFAULT,
          List.of(),
          true,
          false,
          1,
          Optional.empty(),
          false,
          Optional.empty());

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if there is no hub
  public ServerOptions {
    if (hubs < 1) {
      throw new IllegalArgumentException("a server needs a hub: hubs=" + hubs);
    }
    hooks = List.copyOf(hooks);
  }

  /// {@return these options with other limits}
  ///
  /// @param limits what it puts up with
  public ServerOptions withLimits(ServerLimits limits) {
    return new ServerOptions(limits, hooks, keepAlive, debug, hubs, proxies, proxyProtocol, tls);
  }

  /// {@return these options with one more hook}
  ///
  /// @param hook told of every request, in the connection's green thread
  public ServerOptions withHook(Consumer<Exchange> hook) {
    var more = Stream.concat(hooks.stream(), Stream.of(hook)).toList();
    return new ServerOptions(limits, more, keepAlive, debug, hubs, proxies, proxyProtocol, tls);
  }

  /// {@return these options with an access log in Eventlet's format}
  ///
  /// @param log takes each line, without its end
  public ServerOptions withAccessLog(Consumer<String> log) {
    return withAccessLog(LogFormat.EVENTLET, log);
  }

  /// {@return these options with an access log}
  ///
  /// @param format of a line
  /// @param log takes each line, without its end
  public ServerOptions withAccessLog(LogFormat format, Consumer<String> log) {
    return withHook(exchange -> log.accept(format.line(exchange)));
  }

  /// {@return these options with or without several requests a connection}
  ///
  /// @param keepAlive whether it may carry several
  public ServerOptions withKeepAlive(boolean keepAlive) {
    return new ServerOptions(limits, hooks, keepAlive, debug, hubs, proxies, proxyProtocol, tls);
  }

  /// {@return these options with or without stack traces in answers}
  ///
  /// @param debug whether the client sees them
  public ServerOptions withDebug(boolean debug) {
    return new ServerOptions(limits, hooks, keepAlive, debug, hubs, proxies, proxyProtocol, tls);
  }

  /// {@return these options with another number of hubs}
  ///
  /// @param hubs on how many it serves
  public ServerOptions withHubs(int hubs) {
    return new ServerOptions(limits, hooks, keepAlive, debug, hubs, proxies, proxyProtocol, tls);
  }

  /// {@return these options with proxies whose word is taken}
  ///
  /// @param proxies in front of the server
  public ServerOptions withProxies(Proxies proxies) {
    return new ServerOptions(
        limits, hooks, keepAlive, debug, hubs, Optional.of(proxies), proxyProtocol, tls);
  }

  /// {@return these options with or without the PROXY protocol}
  ///
  /// @param proxyProtocol whether every connection begins with it
  public ServerOptions withProxyProtocol(boolean proxyProtocol) {
    return new ServerOptions(limits, hooks, keepAlive, debug, hubs, proxies, proxyProtocol, tls);
  }

  /// {@return these options with TLS}
  ///
  /// @param context has the certificate
  public ServerOptions withTls(SSLContext context) {
    return withTls(Tls.of(() -> context));
  }

  /// {@return these options with TLS}
  ///
  /// @param tls how
  public ServerOptions withTls(Tls tls) {
    return new ServerOptions(
        limits, hooks, keepAlive, debug, hubs, proxies, proxyProtocol, Optional.of(tls));
  }
}
