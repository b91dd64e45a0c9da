package net.eventlet.hubs;

import net.eventlet.posix.Posix;

/// What `epoll` and `poll` say, whose bits are the same, in a poller's words.
final class Readiness {

  private Readiness() {}

  /// Reports one descriptor.
  ///
  /// @param report told
  /// @param fd which one
  /// @param bits as the kernel set them
  static void report(Poller.Report report, int fd, int bits) {
    var broken = (bits & (Posix.ERR | Posix.HUP | Posix.NVAL)) != 0;
    var read = broken || (bits & (Posix.IN | Posix.PRI | Posix.RDHUP)) != 0;
    var write = broken || (bits & Posix.OUT) != 0;
    report.ready(fd, Interest.of(read, write), broken || (bits & (Posix.RDHUP | Posix.PRI)) != 0);
  }
}
