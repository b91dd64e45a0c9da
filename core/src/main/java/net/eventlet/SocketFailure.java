package net.eventlet;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import net.eventlet.posix.Errno;

/// The exceptions that the JDK's sockets throw, for the kernel's error numbers.
final class SocketFailure {

  private SocketFailure() {}

  /// {@return why reading, writing, or something else failed}
  ///
  /// @param errno positive
  static SocketException of(int errno) {
    return new SocketException(
        errno == Errno.ECONNRESET ? "Connection reset" : Errno.message(errno));
  }

  /// {@return why connecting failed}
  ///
  /// @param errno positive
  /// @param target that was asked for
  static IOException connecting(int errno, Object target) {
    var message = Errno.message(errno) + ": " + target;
    return switch (errno) {
      case Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.ENOENT -> new ConnectException(message);
      case Errno.EHOSTUNREACH -> new NoRouteToHostException(message);
      case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL -> new BindException(message);
      default -> of(errno);
    };
  }

  /// {@return why binding failed}
  ///
  /// @param errno positive
  /// @param address that was asked for
  static IOException binding(int errno, Object address) {
    return switch (errno) {
      case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES ->
          new BindException(Errno.message(errno) + ": " + address);
      default -> of(errno);
    };
  }

  /// {@return a failure, as those methods declare it that only throw socket exceptions}
  ///
  /// @param failure any
  static SocketException of(IOException failure) {
    return failure instanceof SocketException known
        ? known
        : new SocketException(failure.getMessage(), failure);
  }

  /// {@return what is thrown at a socket that was closed}
  static SocketException closed() {
    return new SocketException("Socket closed");
  }
}
