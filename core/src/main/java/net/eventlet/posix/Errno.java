package net.eventlet.posix;

/// The error numbers that something in this module decides on, with Linux's values.
///
/// Source: `errno(3)`; `asm-generic/errno.h`, which x86-64 and AArch64 share.
public final class Errno {

  /// Not permitted; for `epoll`, a file.
  public static final int EPERM = 1;

  /// No such file or directory; for `epoll`, not registered.
  public static final int ENOENT = 2;

  /// No such process.
  public static final int ESRCH = 3;

  /// Interrupted by a signal; try again.
  public static final int EINTR = 4;

  /// Arguments and environment are too long.
  public static final int E2BIG = 7;

  /// Not a program for this machine.
  public static final int ENOEXEC = 8;

  /// Bad file descriptor.
  public static final int EBADF = 9;

  /// No child of this process.
  public static final int ECHILD = 10;

  /// Not now: the call would block.
  public static final int EAGAIN = 11;

  /// No memory.
  public static final int ENOMEM = 12;

  /// Permission denied.
  public static final int EACCES = 13;

  /// Already there.
  public static final int EEXIST = 17;

  /// Invalid argument.
  public static final int EINVAL = 22;

  /// Too many open files in the system.
  public static final int ENFILE = 23;

  /// Too many open files in this process.
  public static final int EMFILE = 24;

  /// The program is being written.
  public static final int ETXTBSY = 26;

  /// The other side reads no more.
  public static final int EPIPE = 32;

  /// The kernel does not know this call.
  public static final int ENOSYS = 38;

  /// A protocol error before the connection was accepted.
  public static final int EPROTO = 71;

  /// The address family is not supported here.
  public static final int EAFNOSUPPORT = 97;

  /// Somebody else has this address.
  public static final int EADDRINUSE = 98;

  /// This machine does not have this address.
  public static final int EADDRNOTAVAIL = 99;

  /// The network is unreachable.
  public static final int ENETUNREACH = 101;

  /// The connection was given up before it was accepted.
  public static final int ECONNABORTED = 103;

  /// The other side reset the connection.
  public static final int ECONNRESET = 104;

  /// No buffer space.
  public static final int ENOBUFS = 105;

  /// Not connected.
  public static final int ENOTCONN = 107;

  /// The kernel gave up waiting for the other side.
  public static final int ETIMEDOUT = 110;

  /// The other side refused the connection.
  public static final int ECONNREFUSED = 111;

  /// The host is unreachable.
  public static final int EHOSTUNREACH = 113;

  /// The connection attempt is under way.
  public static final int EINPROGRESS = 115;

  private Errno() {}

  /// {@return the system's words for an error number, such as `Connection refused`}
  ///
  /// @param errno positive
  public static String message(int errno) {
    return Posix.strerror(errno);
  }
}
