package net.eventlet;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.Set;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// The socket options of the JDK, and where the kernel keeps them.
///
/// Source: `socket(7)`, `tcp(7)`, `ip(7)`.
enum KernelOption {
  SO_KEEPALIVE(Posix.SOL_SOCKET, 9, Kind.FLAG),
  SO_REUSEADDR(Posix.SOL_SOCKET, 2, Kind.FLAG),
  SO_REUSEPORT(Posix.SOL_SOCKET, 15, Kind.FLAG),
  SO_OOBINLINE(Posix.SOL_SOCKET, 10, Kind.FLAG),
  SO_SNDBUF(Posix.SOL_SOCKET, 7, Kind.BUFFER),
  SO_RCVBUF(Posix.SOL_SOCKET, 8, Kind.BUFFER),
  SO_LINGER(Posix.SOL_SOCKET, 13, Kind.LINGER),
  IP_TOS(Posix.IPPROTO_IP, 1, Kind.NUMBER),
  TCP_NODELAY(Posix.IPPROTO_TCP, 1, Kind.FLAG),
  TCP_KEEPIDLE(Posix.IPPROTO_TCP, 4, Kind.NUMBER),
  TCP_KEEPINTERVAL(Posix.IPPROTO_TCP, 5, Kind.NUMBER),
  TCP_KEEPCOUNT(Posix.IPPROTO_TCP, 6, Kind.NUMBER),
  TCP_QUICKACK(Posix.IPPROTO_TCP, 12, Kind.FLAG);

  private enum Kind {
    FLAG,
    NUMBER,
    BUFFER, // of which the kernel keeps twice as much, for its own needs
    LINGER // a flag and seconds
  }

  /// The JDK's own options that are here.
  static final Set<SocketOption<?>> STANDARD =
      Set.of(
          StandardSocketOptions.SO_KEEPALIVE,
          StandardSocketOptions.SO_REUSEADDR,
          StandardSocketOptions.SO_REUSEPORT,
          StandardSocketOptions.SO_SNDBUF,
          StandardSocketOptions.SO_RCVBUF,
          StandardSocketOptions.SO_LINGER,
          StandardSocketOptions.IP_TOS,
          StandardSocketOptions.TCP_NODELAY);

  private final int level;
  private final int number;
  private final Kind kind;

  KernelOption(int level, int number, Kind kind) {
    this.level = level;
    this.number = number;
    this.kind = kind;
  }

  /// {@return the option of a name}
  ///
  /// @param option from [StandardSocketOptions] or `jdk.net.ExtendedSocketOptions`
  /// @throws UnsupportedOperationException if it is none of these
  static KernelOption of(SocketOption<?> option) {
    return Arrays.stream(values())
        .filter(known -> known.name().equals(option.name()))
        .findFirst()
        .orElseThrow(() -> new UnsupportedOperationException("'" + option + "' not supported"));
  }

  /// Sets the option.
  ///
  /// @param fd a socket
  /// @param family of the socket
  /// @param value a [Boolean] or an [Integer], as the option wants
  /// @throws IOException if the kernel refuses
  /// @throws IllegalArgumentException if the value is neither, or negative where that means nothing
  void set(int fd, int family, @Nullable Object value) throws IOException {
    try (var scratch = Scratch.borrow()) {
      var length = 4;
      switch (value) {
        case Boolean on -> scratch.putInt(0, on ? 1 : 0);
        case Integer seconds when kind == Kind.LINGER -> {
          scratch.putInt(0, seconds < 0 ? 0 : 1);
          scratch.putInt(4, Math.clamp(seconds, 0, 65_535));
          length = 8;
        }
        case Integer amount when amount >= 0 -> scratch.putInt(0, amount);
        case null, default -> throw new IllegalArgumentException(name() + " cannot be " + value);
      }
      if (kind == Kind.LINGER && length == 4) { // false
        scratch.putLong(0, 0);
        length = 8;
      }
      check(Posix.setOption(scratch, fd, levelFor(family), numberFor(family), length));
    }
  }

  /// {@return the option's value, a [Boolean] or an [Integer]}
  ///
  /// @param fd a socket
  /// @param family of the socket
  /// @throws IOException if the kernel refuses
  Object get(int fd, int family) throws IOException {
    try (var scratch = Scratch.borrow()) {
      var length = kind == Kind.LINGER ? 8 : 4;
      check(Posix.getOption(scratch, fd, levelFor(family), numberFor(family), length));
      var value = scratch.getInt(4);
      return switch (kind) {
        case FLAG -> value != 0;
        case NUMBER -> value;
        case BUFFER -> value / 2;
        case LINGER -> value == 0 ? -1 : scratch.getInt(8);
      };
    }
  }

  /* The type of service is another option on a socket of IPv6. */
  private int levelFor(int family) {
    return this == IP_TOS && family == Posix.AF_INET6 ? Posix.IPPROTO_IPV6 : level;
  }

  private int numberFor(int family) {
    return this == IP_TOS && family == Posix.AF_INET6 ? 67 : number;
  }

  private static void check(int result) throws SocketException {
    if (result < 0) {
      throw SocketFailure.of(-result);
    }
  }
}
