package net.eventlet.green;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.eventlet.Eventlet;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Looks names up without holding up a hub: a resolver of the user's if there is one, behind the
/// hosts file; else the system's.
///
/// On a hub a look-up is a green thread, so that whoever waits for it can be killed, and the time
/// limit holds however it waits.
final class GreenResolver implements InetAddressResolver {

  private final InetAddressResolver system;
  private final Supplier<@Nullable InetAddressResolver> own;
  private final HostsFile hosts;
  private final Duration limit;

  /// Creates one.
  ///
  /// @param system parks, and knows the hosts file itself
  /// @param own the user's, which parks as well; null for none
  /// @param hosts asked before the user's
  /// @param limit longest look-up on a hub
  GreenResolver(
      InetAddressResolver system,
      Supplier<@Nullable InetAddressResolver> own,
      HostsFile hosts,
      Duration limit) {
    this.system = system;
    this.own = own;
    this.hosts = hosts;
    this.limit = limit;
  }

  @Override
  public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
      throws UnknownHostException {
    var ascii = ascii(host);
    var chosen = own.get();
    var found =
        within(
            host,
            () -> {
              if (chosen == null) {
                return system.lookupByName(ascii, policy);
              }
              var inFile = hosts.addresses(ascii, policy);
              return inFile.isEmpty() ? chosen.lookupByName(ascii, policy) : inFile.stream();
            });
    return found.map(address -> named(host, address));
  }

  @Override
  public String lookupByAddress(byte[] bytes) throws UnknownHostException {
    var address = InetAddress.getByAddress(bytes);
    var chosen = own.get();
    return within(
        address.getHostAddress(),
        () -> {
          if (chosen == null) {
            return system.lookupByAddress(bytes);
          }
          var inFile = hosts.name(address);
          return inFile.isEmpty() ? chosen.lookupByAddress(bytes) : inFile;
        });
  }

  private <T> T within(String what, Callable<T> question) throws UnknownHostException {
    return Hub.currentOrNull() == null ? ask(what, question) : ask(what, question, limit);
  }

  /// Asks in place.
  private static <T> T ask(String what, Callable<T> question) throws UnknownHostException {
    try {
      return question.call();
    } catch (UnknownHostException | RuntimeException e) {
      throw e;
    } catch (TimeoutException e) {
      throw failed(what + ": no answer in time (" + e.getMessage() + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(what + ": interrupted before there was an answer", e);
    } catch (Exception e) {
      throw failed(what + " was not looked up: " + e, e);
    }
  }

  /// Asks in a green thread; in place and without a limit, if the caller is in a static
  /// initialiser.
  ///
  /// @param what is looked up
  /// @param question how
  /// @param limit longest wait; null for ever
  /// @param <T> the answer
  /// @return the answer
  /// @throws UnknownHostException if there is none, or not in time
  static <T> T ask(String what, Callable<T> question, @Nullable Duration limit)
      throws UnknownHostException {
    if (OffHub.isInitialising()) {
      return ask(what, question);
    }
    var asking = Eventlet.spawn(question);
    try {
      return ask(what, () -> limit == null ? asking.await() : asking.await(limit));
    } finally {
      asking.kill(); // without effect if it has answered
    }
  }

  /// {@return an address as the answer to another name}
  ///
  /// @param host the name
  /// @param address may belong to an interface
  static InetAddress named(String host, InetAddress address) {
    try {
      if (address instanceof Inet6Address six) {
        var interfaceOf = six.getScopedInterface();
        return interfaceOf != null
            ? Inet6Address.getByAddress(host, six.getAddress(), interfaceOf)
            : Inet6Address.getByAddress(host, six.getAddress(), six.getScopeId());
      }
      return InetAddress.getByAddress(host, address.getAddress());
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has as many bytes as it should", e);
    }
  }

  /// {@return a name as name servers know it: `bücher.example` is `xn--bcher-kva.example`}
  private static String ascii(String host) throws UnknownHostException {
    if (host.chars().allMatch(c -> c < 128)) {
      return host;
    }
    try {
      return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      throw failed(host + " is no name: " + e.getMessage(), e);
    }
  }

  private static UnknownHostException failed(String message, Exception cause) {
    var failure = new UnknownHostException(message);
    failure.initCause(cause);
    return failure;
  }
}
