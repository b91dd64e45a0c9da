package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// Linux's calls for descriptors, sockets and readiness.
///
/// Each returns the kernel's answer, or `-errno`. All but [#epollWait] and [#poll] are meant for
/// non-blocking descriptors and come back at once.
///
/// Linking one shape of function takes some five milliseconds, so that there are only three shapes,
/// of `long`s: System V's and ARM's calling conventions pass each integer and each pointer in a
/// 64-bit register of its own, where a callee that wants an `int`, or fewer arguments, takes what
/// it needs.
@SuppressWarnings("restricted") // native calls are what this class is for
public final class Posix {

  // What follows are Linux's numbers, which x86-64 and AArch64 share.

  /// Address family of IPv4.
  public static final int AF_INET = 2;

  /// Address family of IPv6.
  public static final int AF_INET6 = 10;

  /// Address family of sockets with a path.
  public static final int AF_UNIX = 1;

  /// A socket that carries a stream.
  public static final int SOCK_STREAM = 1;

  /// A socket that carries datagrams.
  public static final int SOCK_DGRAM = 2;

  /// Level of the general socket options.
  public static final int SOL_SOCKET = 1;

  /// Level of TCP's options.
  public static final int IPPROTO_TCP = 6;

  /// Level of IPv4's options.
  public static final int IPPROTO_IP = 0;

  /// Level of IPv6's options.
  public static final int IPPROTO_IPV6 = 41;

  /// Readable, for `epoll` and `poll`.
  public static final int IN = 1;

  /// Urgent data, for `epoll` and `poll`.
  public static final int PRI = 2;

  /// Writable, for `epoll` and `poll`.
  public static final int OUT = 4;

  /// Broken, for `epoll` and `poll`; always watched for.
  public static final int ERR = 8;

  /// Closed on both sides, for `epoll` and `poll`; always watched for.
  public static final int HUP = 16;

  /// Not a descriptor, for `poll`.
  public static final int NVAL = 32;

  /// The other side writes no more, for `epoll` and `poll`.
  public static final int RDHUP = 0x2000;

  /// Reported once, for `epoll`.
  public static final int ONESHOT = 1 << 30;

  /// Changes only, for `epoll`.
  public static final int EDGE = 1 << 31;

  /// Adds a descriptor to an `epoll`.
  public static final int EPOLL_CTL_ADD = 1;

  /// Takes a descriptor out of an `epoll`.
  public static final int EPOLL_CTL_DEL = 2;

  /// Changes what an `epoll` watches for.
  public static final int EPOLL_CTL_MOD = 3;

  /// Looks at what is there and leaves it.
  public static final int MSG_PEEK = 2;

  /// Out-of-band data.
  public static final int MSG_OOB = 1;

  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int O_NONBLOCK = 0x800; // a pipe without a writer would block
  private static final int O_CLOEXEC = 0x80000;
  private static final int RWF_NOWAIT = 8;
  private static final int FIONREAD = 0x541B;
  private static final int FIONBIO = 0x5421;
  private static final int FIOCLEX = 0x5451;

  /// Bytes of one `struct epoll_event`, which x86-64 packs.
  public static final int EPOLL_EVENT_BYTES = isX86() ? 12 : 16;

  /// Where an event's own data begin in it.
  public static final int EPOLL_EVENT_DATA = isX86() ? 4 : 8;

  private static final Linker LINKER = linker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  /* A call that may block: the JVM must know that the thread is away. */
  private static final FunctionDescriptor SIX =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle EPOLL_PWAIT2 = blocking("epoll_pwait2");
  private static final MethodHandle PPOLL = blocking("ppoll");
  private static final MethodHandle CLOSE = blocking("close"); // a socket that lingers does
  private static final MethodHandle OPEN = blocking("open");
  private static final MethodHandle SENDFILE = blocking("sendfile"); // the disk may be slow

  /* A call that comes back at once: no hand-over between Java and native code. */
  private static final MethodHandle EPOLL_CREATE = quick("epoll_create1");
  private static final MethodHandle EPOLL_CTL = quick("epoll_ctl");
  private static final MethodHandle EPOLL_WAIT = quick("epoll_wait");
  private static final MethodHandle EVENTFD = quick("eventfd");
  private static final MethodHandle SOCKET = quick("socket");
  private static final MethodHandle BIND = quick("bind");
  private static final MethodHandle LISTEN = quick("listen");
  private static final MethodHandle CONNECT = quick("connect");
  private static final MethodHandle ACCEPT4 = quick("accept4");
  private static final MethodHandle SHUTDOWN = quick("shutdown");
  private static final MethodHandle GETSOCKNAME = quick("getsockname");
  private static final MethodHandle GETPEERNAME = quick("getpeername");
  private static final MethodHandle GETSOCKOPT = quick("getsockopt");
  private static final MethodHandle SETSOCKOPT = quick("setsockopt");
  private static final MethodHandle IOCTL = quick("ioctl");
  private static final MethodHandle READ = quick("read");
  private static final MethodHandle WRITE = quick("write");
  private static final MethodHandle PREADV2 = quick("preadv2");
  private static final MethodHandle SCHED_SETAFFINITY = quick("sched_setaffinity");

  /* The same, with bytes on Java's heap. */
  private static final MethodHandle RECV = data("recv");
  private static final MethodHandle SEND = data("send");

  private Posix() {}

  /// {@return a new `epoll`}
  public static int epollCreate() {
    return (int) call(EPOLL_CREATE, 0x80000, 0, 0, 0, 0);
  }

  /// Changes what an `epoll` watches for.
  ///
  /// @param scratch of the calling hub
  /// @param epoll from [#epollCreate()]
  /// @param operation one of the `EPOLL_CTL` constants
  /// @param fd what to watch
  /// @param events what to watch for
  /// @return 0, or `-errno`
  public static int epollCtl(Scratch scratch, int epoll, int operation, int fd, int events) {
    scratch.putInt(0, events);
    scratch.putInt(EPOLL_EVENT_DATA, fd);
    return (int) call(scratch, EPOLL_CTL, epoll, operation, fd, scratch.address(), 0);
  }

  /// Waits for events, which land in `events`.
  ///
  /// @param scratch of the calling hub
  /// @param epoll from [#epollCreate()]
  /// @param events room for `most` of [#EPOLL_EVENT_BYTES] each
  /// @param most events to return
  /// @param timeoutNanos longest wait; 0 returns at once, a negative one waits for ever
  /// @return how many, or `-errno`
  public static int epollWait(
      Scratch scratch, int epoll, MemorySegment events, int most, long timeoutNanos) {
    if (timeoutNanos == 0) {
      return (int) call(scratch, EPOLL_WAIT, epoll, events.address(), most, 0, 0);
    }
    return (int)
        call(
            scratch,
            EPOLL_PWAIT2,
            epoll,
            events.address(),
            most,
            timespec(scratch, timeoutNanos),
            0);
  }

  /// Waits until one of some descriptors is ready.
  ///
  /// @param scratch of the calling hub
  /// @param descriptors `struct pollfd`s of 8 bytes each
  /// @param count how many
  /// @param timeoutNanos longest wait; 0 returns at once, a negative one waits for ever
  /// @return how many are ready, or `-errno`
  public static int poll(Scratch scratch, MemorySegment descriptors, int count, long timeoutNanos) {
    return (int)
        call(scratch, PPOLL, descriptors.address(), count, timespec(scratch, timeoutNanos), 0, 0);
  }

  private static long timespec(Scratch scratch, long nanos) {
    if (nanos < 0) {
      return 0;
    }
    scratch.putLong(0, nanos / 1_000_000_000);
    scratch.putLong(8, nanos % 1_000_000_000);
    return scratch.address();
  }

  /// {@return a new non-blocking event counter, or `-errno`}
  public static int eventfd() {
    return (int) call(EVENTFD, 0, SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0, 0);
  }

  /// {@return a new non-blocking socket, closed when the process becomes another program, or
  /// `-errno`}
  ///
  /// @param family one of the `AF` constants
  /// @param type one of the `SOCK` constants
  public static int socket(int family, int type) {
    return (int) call(SOCKET, family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0, 0);
  }

  /// Gives a socket its own address.
  ///
  /// @param scratch holds the address
  /// @param fd the socket
  /// @param length of the address, in bytes
  /// @return 0, or `-errno`
  public static int bind(Scratch scratch, int fd, int length) {
    return (int) call(scratch, BIND, fd, scratch.address(), length, 0, 0);
  }

  /// Lets a socket be connected to.
  ///
  /// @param fd a bound socket
  /// @param backlog connections that may wait to be accepted
  /// @return 0, or `-errno`
  public static int listen(int fd, int backlog) {
    return (int) call(LISTEN, fd, backlog, 0, 0, 0);
  }

  /// Begins to connect.
  ///
  /// @param scratch holds the address
  /// @param fd a socket
  /// @param length of the address, in bytes
  /// @return 0, or `-errno`, usually `EINPROGRESS`
  public static int connect(Scratch scratch, int fd, int length) {
    return (int) call(scratch, CONNECT, fd, scratch.address(), length, 0, 0);
  }

  /// {@return a non-blocking socket for the oldest connection that waits, or `-errno`}
  ///
  /// @param scratch of the calling hub
  /// @param fd a listening socket
  public static int accept(Scratch scratch, int fd) {
    return (int) call(scratch, ACCEPT4, fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  }

  /// Ends one or both directions of a connection.
  ///
  /// @param fd a connected socket
  /// @param how 0 for reading, 1 for writing, 2 for both
  /// @return 0, or `-errno`
  public static int shutdown(int fd, int how) {
    return (int) call(SHUTDOWN, fd, how, 0, 0, 0);
  }

  /// Closes a descriptor.
  ///
  /// @param fd open
  /// @return 0, or `-errno`, after which it is closed all the same
  public static int close(int fd) {
    return (int) call(CLOSE, fd, 0, 0, 0, 0);
  }

  /// Asks for a socket's own address or its peer's; it lands in `scratch`, from byte 4 on.
  ///
  /// @param scratch takes the length at 0 and the address behind it
  /// @param fd a socket
  /// @param peer whether the other side's is wanted
  /// @return 0, or `-errno`
  public static int name(Scratch scratch, int fd, boolean peer) {
    scratch.clear();
    scratch.putInt(0, Scratch.BYTES - 16);
    return (int)
        call(
            scratch,
            peer ? GETPEERNAME : GETSOCKNAME,
            fd,
            scratch.address() + 4,
            scratch.address(),
            0,
            0);
  }

  /// Reads a socket option; its value lands in `scratch`, from byte 4 on.
  ///
  /// @param scratch takes the length at 0 and the value behind it
  /// @param fd a socket
  /// @param level of the option
  /// @param option its number
  /// @param length of its value, in bytes
  /// @return 0, or `-errno`
  public static int getOption(Scratch scratch, int fd, int level, int option, int length) {
    scratch.putInt(0, length);
    return (int)
        call(scratch, GETSOCKOPT, fd, level, option, scratch.address() + 4, scratch.address());
  }

  /// Sets a socket option.
  ///
  /// @param scratch holds the value
  /// @param fd a socket
  /// @param level of the option
  /// @param option its number
  /// @param length of its value, in bytes
  /// @return 0, or `-errno`
  public static int setOption(Scratch scratch, int fd, int level, int option, int length) {
    return (int) call(scratch, SETSOCKOPT, fd, level, option, scratch.address(), length);
  }

  /// {@return how many bytes can be read at once, or `-errno`}
  ///
  /// @param scratch of the caller
  /// @param fd a descriptor
  public static int available(Scratch scratch, int fd) {
    var result = (int) call(scratch, IOCTL, fd, FIONREAD, scratch.address(), 0, 0);
    return result < 0 ? result : scratch.getInt(0);
  }

  /// Makes a descriptor that another program opened like those of ours: it never blocks, and child
  /// processes do not inherit it.
  ///
  /// @param scratch of the caller
  /// @param fd a descriptor
  /// @return 0, or `-errno`
  public static int adopt(Scratch scratch, int fd) {
    scratch.putInt(0, 1);
    var result = (int) call(scratch, IOCTL, fd, FIONBIO, scratch.address(), 0, 0);
    return result < 0 ? result : (int) call(scratch, IOCTL, fd, FIOCLEX, 0, 0, 0);
  }

  /// Adds to an event counter.
  ///
  /// @param scratch of the caller
  /// @param fd from [#eventfd()]
  /// @return 8, or `-errno`
  public static int signal(Scratch scratch, int fd) {
    scratch.putLong(0, 1);
    return (int) call(scratch, WRITE, fd, scratch.address(), 8, 0, 0);
  }

  /// Takes what is in an event counter.
  ///
  /// @param scratch of the caller
  /// @param fd from [#eventfd()]
  /// @return 8, or `-errno`
  public static int drain(Scratch scratch, int fd) {
    return (int) call(scratch, READ, fd, scratch.address(), 8, 0, 0);
  }

  /// Receives bytes.
  ///
  /// @param scratch of the caller
  /// @param fd a connected socket
  /// @param bytes where they go, on the heap or off it; all of it may be filled
  /// @param flags such as [#MSG_PEEK], or 0
  /// @return how many, 0 at the end, or `-errno`
  public static int receive(Scratch scratch, int fd, MemorySegment bytes, int flags) {
    return data(scratch, RECV, fd, bytes, flags);
  }

  /// Sends bytes; a connection that is gone answers `EPIPE` and raises no signal.
  ///
  /// @param scratch of the caller
  /// @param fd a connected socket
  /// @param bytes what to send, on the heap or off it
  /// @param flags such as [#MSG_OOB], or 0
  /// @return how many went, or `-errno`
  public static int send(Scratch scratch, int fd, MemorySegment bytes, int flags) {
    return data(scratch, SEND, fd, bytes, flags | MSG_NOSIGNAL);
  }

  /// Opens a file to read it. May wait for a disk.
  ///
  /// @param path of the file
  /// @return its descriptor, or `-errno`
  public static int openFile(String path) {
    try (var arena = Arena.ofConfined()) {
      return (int) call(OPEN, arena.allocateFrom(path).address(), O_NONBLOCK | O_CLOEXEC, 0, 0, 0);
    }
  }

  /// Sends bytes of a file, which do not come into this process. May wait for a disk, unless they
  /// are [in memory][#inMemory].
  ///
  /// @param scratch of the caller
  /// @param fd a connected socket
  /// @param file from [#openFile]
  /// @param position of the first byte
  /// @param count how many at the most
  /// @return how many went, 0 at the file's end, or `-errno`
  public static int sendFile(Scratch scratch, int fd, int file, long position, int count) {
    scratch.putLong(0, position);
    return (int) call(scratch, SENDFILE, fd, file, scratch.address(), count, 0);
  }

  /// {@return whether a byte of a file can be read without waiting for a disk; true as well where
  /// the file system cannot tell, or there is no such byte}
  ///
  /// @param scratch of the caller
  /// @param file from [#openFile]
  /// @param position of the byte
  public static boolean inMemory(Scratch scratch, int file, long position) {
    scratch.putLong(0, scratch.address() + 16);
    scratch.putLong(8, 1);
    var count = (int) call(scratch, PREADV2, file, scratch.address(), 1, position, RWF_NOWAIT);
    return count != -Errno.EAGAIN;
  }

  /// Keeps the calling platform thread on one processor.
  ///
  /// @param cpu its number, from 0
  /// @return 0, or `-errno` if there is no such processor
  public static int pin(int cpu) {
    if (cpu < 0 || cpu >= Scratch.BYTES * 8) {
      return -Errno.EINVAL;
    }
    try (var scratch = Scratch.borrow()) {
      scratch.clear();
      scratch.putLong(cpu / 64 * 8, 1L << cpu);
      return (int) call(scratch, SCHED_SETAFFINITY, 0, Scratch.BYTES, scratch.address(), 0, 0);
    }
  }

  static String strerror(int errno) {
    var handle =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));
    try {
      var text = (MemorySegment) handle.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  static long call(MethodHandle call, long a, long b, long c, long d, long e) {
    try (var scratch = Scratch.borrow()) {
      return call(scratch, call, a, b, c, d, e);
    }
  }

  static long call(Scratch scratch, MethodHandle call, long a, long b, long c, long d, long e) {
    return call(scratch, call, a, b, c, d, e, 0);
  }

  static long call(
      Scratch scratch, MethodHandle call, long a, long b, long c, long d, long e, long f) {
    try {
      var result = (long) call.invokeExact(scratch.errno, a, b, c, d, e, f);
      return (int) result == -1 ? -scratch.errno.get(JAVA_INT, 0) : result;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  static int data(Scratch scratch, MethodHandle call, int fd, MemorySegment bytes, long last) {
    try {
      var result = (long) call.invokeExact(scratch.errno, (long) fd, bytes, bytes.byteSize(), last);
      return result == -1 ? -scratch.errno.get(JAVA_INT, 0) : (int) result;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  static MethodHandle blocking(String name) {
    return link(name, SIX, ERRNO);
  }

  static MethodHandle quick(String name) {
    return link(name, SIX, ERRNO, Linker.Option.critical(false));
  }

  static MethodHandle data(String name) {
    return link(
        name,
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
        ERRNO,
        Linker.Option.critical(true));
  }

  private static MethodHandle link(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    var address =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() ->
                new UnsupportedOperationException(
                    "this system's C library has no "
                        + name
                        + "; Eventlet needs Linux 5.11 and glibc 2.35 or later"));
    return LINKER.downcallHandle(address, shape, options);
  }

  private static Linker linker() {
    var system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      throw new UnsupportedOperationException(
          "Eventlet runs on Linux, and this is "
              + system
              + "; on Windows use WSL 2, on macOS a Linux virtual machine or container");
    }
    return Linker.nativeLinker();
  }

  private static boolean isX86() {
    return System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("amd64|x86_64");
  }
}
