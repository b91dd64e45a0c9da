package net.eventlet.green;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Names and addresses, looked up without holding up a hub.
///
/// Where this module is on the class path or module path, the JDK asks it: [InetAddress], and all
/// that uses it, parks the green thread until the answer is there. The JDK keeps the answers, as
/// long as its `networkaddress.cache.ttl` and `networkaddress.cache.negative.ttl` say, and has the
/// second who asks for a name wait for the first one's answer.
///
/// The system's resolver is asked by twenty threads (`eventlet.names.threads`), and a look-up on a
/// hub takes at most 30 seconds (`eventlet.names.limit`). Threads that are not green ask it in
/// place. Names may be international.
///
/// If another library brings a provider too, the JDK asks the one that comes first on the class
/// path, and none of this holds.
///
/// Source: `eventlet/support/greendns.py`; [java.net.spi.InetAddressResolverProvider].
public final class Names {

  private static volatile @Nullable InetAddressResolver own; // null for the system's

  private Names() {}

  /// Asks another resolver from now on, in the whole process: that of a library which has its own
  /// name servers. The hosts file (`jdk.net.hosts.file`, else `/etc/hosts`) is asked before it.
  /// Answers that the JDK keeps are still given.
  ///
  /// @param resolver called in a green thread, in which it must park rather than block; and in
  ///   place, by threads that are not green
  public static void use(InetAddressResolver resolver) {
    own = Objects.requireNonNull(resolver, "resolver");
  }

  /// Asks the system's resolver from now on, as at first.
  public static void useSystem() {
    own = null;
  }

  /// {@return all addresses of a name, in the order that the JDK's properties ask for}
  ///
  /// Unlike [InetAddress#getAllByName(String)] this ends at once when the caller is killed or a
  /// [timeout][net.eventlet.Timeout] runs out, also while another one asks for the same name.
  ///
  /// @param host a name, or an address as text
  /// @param limit longest wait; null for as long as a look-up may take
  /// @throws UnknownHostException if there is none, or not in time
  public static InetAddress[] addresses(String host, @Nullable Duration limit)
      throws UnknownHostException {
    return GreenResolver.ask(host, () -> InetAddress.getAllByName(host), limit);
  }

  /// {@return the name of an address}
  ///
  /// @param address any
  /// @param limit longest wait; null for as long as a look-up may take
  /// @throws UnknownHostException if it has none that leads back to it, or not in time
  public static String name(InetAddress address, @Nullable Duration limit)
      throws UnknownHostException {
    var literal = address.getHostAddress();
    var nameless = InetAddress.getByAddress(address.getAddress());
    var name = GreenResolver.ask(literal, nameless::getHostName, limit);
    if (name.equals(nameless.getHostAddress())) {
      throw new UnknownHostException(literal + " has no name");
    }
    return name;
  }

  /// {@return what the JDK asks}
  ///
  /// @param system blocks
  static InetAddressResolver over(InetAddressResolver system) {
    var options = NamesOptions.ofSystem();
    return new GreenResolver(
        new OffHub(system, options.threads()), () -> own, HostsFile.ofSystem(), options.limit());
  }
}
