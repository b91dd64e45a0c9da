package net.eventlet.spawning;

import static net.eventlet.Eventlet.connect;
import static net.eventlet.Eventlet.listen;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.GreenServerSocket;
import net.eventlet.ListenOptions;
import org.jspecify.annotations.Nullable;

/// The sockets that the children accept on: opened here, or by `systemd`.
///
/// Source: `spawning/spawning_controller.py`, `bind_socket`; `sd_listen_fds(3)`.
final class Listeners {

  private static final int BACKLOG = 1024;
  private static final int FIRST_FD = 3; // of those that systemd hands over

  private Listeners() {}

  /// {@return a listener for each host}
  ///
  /// @param hosts each a host, a host and port, or `unix:` and a path; none means any address
  /// @param port of those without one
  /// @throws IllegalArgumentException if one is none of these
  /// @throws BindException naming the address, if it is taken or is none of this machine's
  static List<GreenServerSocket> open(List<String> hosts, int port) throws IOException {
    var result = new ArrayList<GreenServerSocket>();
    for (var host : hosts.isEmpty() ? List.of("") : hosts) {
      var address = parse(host, port);
      try {
        if (address instanceof UnixDomainSocketAddress unix) {
          removeStale(unix);
        }
        result.add(listen(address, ListenOptions.DEFAULT.withBacklog(BACKLOG)));
      } catch (BindException e) {
        result.forEach(GreenServerSocket::close);
        removePaths(hosts.subList(0, result.size()), port);
        var failure =
            new BindException("cannot listen on %s: %s".formatted(address, e.getMessage()));
        failure.initCause(e);
        throw failure;
      }
    }
    return result;
  }

  private static void removeStale(UnixDomainSocketAddress address) throws IOException {
    if (Files.exists(address.getPath())) {
      try (var _ = connect(address)) {
        throw new BindException("a server listens there");
      } catch (ConnectException nobodyThere) {
        Files.delete(address.getPath());
      }
    }
  }

  /// Removes what [#open] left in the file system. A path that may not be removed, such as after
  /// `--chuid`, is said and left: the next one to listen there finds that nobody does.
  static void removePaths(List<String> hosts, int port) {
    for (var host : hosts) {
      if (parse(host, port) instanceof UnixDomainSocketAddress unix) {
        try {
          Files.deleteIfExists(unix.getPath());
        } catch (IOException e) {
          System.err.printf("(%d) cannot remove %s%n", ProcessHandle.current().pid(), e);
        }
      }
    }
  }

  /// {@return the address that a text names}
  static SocketAddress parse(String host, int port) {
    if (host.startsWith("unix:")) {
      return UnixDomainSocketAddress.of(Path.of(host.substring("unix:".length())));
    }
    var colon = host.lastIndexOf(':');
    var isIpv6 = host.indexOf(':') != colon && !host.startsWith("[");
    var name = host;
    var number = port;
    if (colon >= 0 && !isIpv6 && !host.endsWith("]")) {
      name = host.substring(0, colon);
      try {
        number = Integer.parseInt(host.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("--host: the port in '" + host + "' is no number", e);
      }
      if (number < 0 || number > 65_535) {
        throw new IllegalArgumentException("--host: no port from 0 to 65535: '" + host + "'");
      }
    }
    name = name.replaceAll("[\\[\\]]", "");
    var address =
        name.isEmpty() ? new InetSocketAddress(number) : new InetSocketAddress(name, number);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("--host: nothing is called '" + name + "'");
    }
    return address;
  }

  /// {@return whether `systemd` opened the listeners, and not [#open]}
  static boolean areInherited() {
    return Long.toString(ProcessHandle.current().pid()).equals(System.getenv("LISTEN_PID"));
  }

  /// {@return the listeners that `systemd` opened for this process; none if it did not}
  static List<GreenServerSocket> inherited() throws IOException {
    var result = new ArrayList<GreenServerSocket>();
    if (areInherited()) {
      var count = Integer.parseInt(System.getenv().getOrDefault("LISTEN_FDS", "0"));
      for (var fd = FIRST_FD; fd < FIRST_FD + count; fd++) {
        result.add(GreenServerSocket.adopt(fd));
      }
    }
    return result;
  }

  /// {@return an address, as the log shows it}
  static String show(@Nullable SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address ->
          "http://[%s]:%d/".formatted(inet.getAddress().getHostAddress(), inet.getPort());
      case InetSocketAddress inet ->
          "http://%s:%d/".formatted(inet.getAddress().getHostAddress(), inet.getPort());
      case null, default -> "unix:" + address;
    };
  }
}
