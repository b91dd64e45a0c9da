package net.eventlet.green;

import java.io.IOException;
import net.eventlet.posix.Errno;

/// What is said when a child cannot be started: the program, the cause and the remedy.
final class StartFailure {

  private StartFailure() {}

  /// {@return the exception}
  ///
  /// @param command that was to run
  /// @param why cause and remedy
  static IOException of(Command command, String why) {
    var where = command.directory().map(folder -> " (in directory \"" + folder + "\")").orElse("");
    return new IOException(
        "Cannot run program \"" + command.words().getFirst() + '"' + where + ": " + why);
  }

  /// {@return cause and remedy of what the kernel has refused}
  ///
  /// @param errno positive
  static String words(int errno) {
    return Errno.message(errno)
        + switch (errno) {
          case Errno.EMFILE -> "; close what is not needed, or raise ulimit -n";
          case Errno.ENFILE -> " in the whole system; close what is not needed";
          case Errno.EAGAIN -> ": too many processes; wait for some to end, or raise ulimit -u";
          case Errno.ENOMEM -> "; end something, or allow the kernel to overcommit";
          case Errno.ETXTBSY -> ": somebody still writes it; close it first";
          case Errno.ENOEXEC ->
              ": it is no program for this machine, and no script whose first line begins with"
                  + " #!; run it by its interpreter";
          case Errno.EACCES ->
              "; it may need chmod +x, or lie on a file system that is mounted noexec";
          default -> "";
        };
  }
}
