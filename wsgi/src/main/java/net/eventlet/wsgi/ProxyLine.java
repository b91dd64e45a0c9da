package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import net.eventlet.GreenSocket;
import org.jspecify.annotations.Nullable;

/// What a proxy says first about the connection that it passes on: the PROXY protocol, version 1, a
/// line, or 2, bytes.
///
/// Strict: anything else ends the connection. Reads not a byte beyond it.
///
/// Source: `proxy-protocol.txt` of HAProxy, sections 2.1 and 2.2.
final class ProxyLine {

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int LINE_MAX = 107;
  private static final int REST_MAX = 4096; // addresses, and what a proxy adds
  private static final Pattern LINE =
      Pattern.compile(
          "PROXY TCP([46]) ([0-9a-fA-F.:]+) ([0-9a-fA-F.:]+) (0|[1-9]\\d{0,4}) (0|[1-9]\\d{0,4})");

  private final GreenSocket socket;
  private final long deadline;

  private ProxyLine(GreenSocket socket, Duration limit) {
    this.socket = socket;
    deadline = System.nanoTime() + limit.toNanos();
  }

  /// Reads it.
  ///
  /// @param limit for all of it
  /// @return the client's address; null if the proxy speaks for itself, or does not know
  /// @throws java.net.SocketTimeoutException if it takes too long
  /// @throws SocketException if something else comes
  static @Nullable SocketAddress read(GreenSocket socket, Duration limit) throws IOException {
    return new ProxyLine(socket, limit).read();
  }

  private @Nullable SocketAddress read() throws IOException {
    var begin = read(SIGNATURE.length);
    return Arrays.equals(begin, SIGNATURE) ? version2() : version1(begin);
  }

  private byte[] read(int count) throws IOException {
    var bytes = new byte[count];
    for (var had = 0; had < count; ) {
      socket.readLimit(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      var more = socket.read(bytes, had, count - had);
      if (more < 0) {
        throw none("the connection ended before");
      }
      had += more;
    }
    return bytes;
  }

  private static SocketException none(String why) {
    return new SocketException("a proxy should have said whom it speaks for: " + why);
  }

  private @Nullable SocketAddress version1(byte[] begin) throws IOException {
    if (!new String(begin, US_ASCII).startsWith("PROXY ")) {
      throw none("it did not begin with PROXY");
    }
    var bytes = Arrays.copyOf(begin, LINE_MAX);
    for (var end = begin.length; end < LINE_MAX; end++) {
      bytes[end] = read(1)[0];
      if (bytes[end] == '\n') {
        if (bytes[end - 1] != '\r') {
          break;
        }
        return addressOf(new String(bytes, 0, end - 1, US_ASCII));
      }
    }
    throw none("its line does not end");
  }

  private static @Nullable SocketAddress addressOf(String line) throws SocketException {
    if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
      return null;
    }
    var match = LINE.matcher(line);
    if (!match.matches()) {
      throw none("its line is malformed");
    }
    try {
      var bytes = match.group(1).equals("4") ? 4 : 16;
      var source = InetAddress.ofLiteral(match.group(2));
      var target = InetAddress.ofLiteral(match.group(3));
      var port = Integer.parseInt(match.group(4));
      if (source.getAddress().length == bytes
          && target.getAddress().length == bytes
          && Integer.parseInt(match.group(5)) <= 0xffff) {
        return new InetSocketAddress(source, port);
      }
    } catch (IllegalArgumentException malformed) {
      // said below
    }
    throw none("its addresses are malformed");
  }

  private @Nullable SocketAddress version2() throws IOException {
    var fixed = read(4);
    var length = ((fixed[2] & 0xff) << 8) | (fixed[3] & 0xff);
    var local = fixed[0] == 0x20;
    if ((!local && fixed[0] != 0x21) || length > REST_MAX) {
      throw none("its version, command or length is not known");
    }
    var rest = read(length);
    var size =
        switch (fixed[1]) {
          case 0x11 -> 4;
          case 0x21 -> 16;
          case 0x00 -> 0;
          default -> throw none("it is neither TCP over IPv4 nor over IPv6");
        };
    if (local || size == 0) {
      return null;
    }
    if (rest.length < 2 * size + 4) {
      throw none("its addresses are too short");
    }
    var port = ((rest[2 * size] & 0xff) << 8) | (rest[2 * size + 1] & 0xff);
    return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOf(rest, size)), port);
  }
}
