package net.eventlet.posix;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The kernel's form of addresses: `struct sockaddr_in`, `sockaddr_in6` and `sockaddr_un`.
///
/// A socket of IPv6 takes addresses of IPv4 as well, mapped; what comes back mapped is IPv4 again.
///
/// Source: `ip(7)`, `ipv6(7)`, `unix(7)`; RFC 4291 section 2.5.5.2.
public final class SocketAddresses {

  private static final int UNIX_PATH_BYTES = 107; // and the zero behind it

  private SocketAddresses() {}

  /// Whether this system has IPv6 and the user has not asked for IPv4 alone.
  public static final boolean IPV6 = !Boolean.getBoolean("java.net.preferIPv4Stack") && opensIpv6();

  private static boolean opensIpv6() {
    var fd = Posix.socket(Posix.AF_INET6, Posix.SOCK_STREAM);
    if (fd < 0) {
      return false;
    }
    Posix.close(fd);
    return true;
  }

  /// {@return the family of the socket that an address wants}
  ///
  /// The wildcard wants IPv6 where there is any, since that serves both, as the JDK's sockets do.
  ///
  /// @param address resolved
  public static int familyOf(InetAddress address) {
    if (address instanceof Inet6Address || (address.isAnyLocalAddress() && IPV6)) {
      return Posix.AF_INET6;
    }
    return Posix.AF_INET;
  }

  /// Puts an address into the room of a scratch.
  ///
  /// @param scratch takes it, from byte 0 on
  /// @param family of the socket that it is for, IPv4 or IPv6
  /// @param address resolved
  /// @param port from 0 to 65,535
  /// @return its length in bytes
  /// @throws java.net.UnknownHostException if a socket of IPv4 cannot take it
  public static int put(Scratch scratch, int family, InetAddress address, int port)
      throws UnknownHostException {
    scratch.clear();
    scratch.putShort(0, family);
    scratch.putShort(2, Short.reverseBytes((short) port));
    if (family == Posix.AF_INET) {
      if (!(address instanceof Inet4Address) && !address.isAnyLocalAddress()) {
        throw new UnknownHostException(
            "a socket of IPv4 cannot take the IPv6 address " + address.getHostAddress());
      }
      scratch.putBytes(4, Arrays.copyOf(address.getAddress(), 4));
      return 16;
    }
    if (address instanceof Inet6Address six) {
      scratch.putBytes(8, six.getAddress());
      scratch.putInt(24, six.getScopeId());
    } else if (!address.isAnyLocalAddress()) {
      scratch.putShort(18, 0xffff);
      scratch.putBytes(20, address.getAddress());
    }
    return 28;
  }

  /// Puts a path into the room of a scratch.
  ///
  /// @param scratch takes it, from byte 0 on
  /// @param address at most 107 bytes of path; a socket without a name has an empty one
  /// @return its length in bytes
  /// @throws SocketException if the path is too long
  public static int put(Scratch scratch, UnixDomainSocketAddress address) throws SocketException {
    var path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
    if (path.length > UNIX_PATH_BYTES) {
      throw new SocketException(
          "the path of a Unix-domain socket has at most %d bytes, and %s has %d"
              .formatted(UNIX_PATH_BYTES, address, path.length));
    }
    scratch.clear();
    scratch.putShort(0, Posix.AF_UNIX);
    scratch.putBytes(2, path);
    return path.length == 0 ? 2 : 2 + path.length + 1;
  }

  /// {@return an address from the room of a scratch}
  ///
  /// @param scratch holds it
  /// @param offset where it begins
  public static SocketAddress get(Scratch scratch, int offset) {
    try {
      return switch (scratch.getShort(offset)) {
        case Posix.AF_INET ->
            new InetSocketAddress(
                InetAddress.getByAddress(scratch.getBytes(offset + 4, 4)), port(scratch, offset));
        case Posix.AF_INET6 -> new InetSocketAddress(six(scratch, offset), port(scratch, offset));
        default -> UnixDomainSocketAddress.of(path(scratch, offset));
      };
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes; please report this", e);
    }
  }

  private static int port(Scratch scratch, int offset) {
    return Short.toUnsignedInt(Short.reverseBytes((short) scratch.getShort(offset + 2)));
  }

  private static InetAddress six(Scratch scratch, int offset) throws UnknownHostException {
    var bytes = scratch.getBytes(offset + 8, 16);
    var scope = scratch.getInt(offset + 24);
    return scope == 0
        ? InetAddress.getByAddress(bytes) // a mapped one becomes IPv4
        : Inet6Address.getByAddress(null, bytes, scope);
  }

  private static String path(Scratch scratch, int offset) {
    var bytes = scratch.getBytes(offset + 2, UNIX_PATH_BYTES + 1);
    var length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
