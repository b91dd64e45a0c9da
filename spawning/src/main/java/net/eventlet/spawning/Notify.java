package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import net.eventlet.posix.SocketAddresses;
import org.jspecify.annotations.Nullable;

/// Tells `systemd`, or whoever else set `NOTIFY_SOCKET`, how the service is.
///
/// Source: `sd_notify(3)`.
///
/// @param socket path of the socket; null if nobody wants to know
record Notify(@Nullable String socket) {

  /// {@return who is told, as the environment says}
  static Notify ofEnvironment() {
    return new Notify(System.getenv("NOTIFY_SOCKET"));
  }

  void ready() {
    send("READY=1");
  }

  void stopping() {
    send("STOPPING=1");
  }

  /// @param text such as `4 children serve`, which `systemctl status` shows
  void status(String text) {
    send("STATUS=" + text);
  }

  /// Sends a message; one that cannot be sent is lost, as the protocol has it.
  private void send(String message) {
    if (socket == null || socket.startsWith("@")) { // the JDK has no abstract addresses
      return;
    }
    var fd = Posix.socket(Posix.AF_UNIX, Posix.SOCK_DGRAM);
    if (fd < 0) {
      return;
    }
    try (var scratch = Scratch.borrow()) {
      var length = SocketAddresses.put(scratch, UnixDomainSocketAddress.of(Path.of(socket)));
      if (Posix.connect(scratch, fd, length) == 0) {
        Posix.send(scratch, fd, MemorySegment.ofArray(message.getBytes(UTF_8)), 0);
      }
    } catch (SocketException tooLong) {
      // no path of a socket
    } finally {
      Posix.close(fd);
    }
  }
}
