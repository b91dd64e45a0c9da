package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Linux's calls for descriptors that need not be sockets: pipes, files, terminals.
///
/// Each returns the kernel's answer, or `-errno`. A class of its own, so that only programs with
/// pipes link these.
public final class Pipes {

  /// Opens for reading.
  public static final int O_RDONLY = 0;

  /// Opens for writing.
  public static final int O_WRONLY = 1;

  /// Makes the file if there is none.
  public static final int O_CREAT = 0x40;

  /// Empties the file.
  public static final int O_TRUNC = 0x200;

  /// Writes at the end.
  public static final int O_APPEND = 0x400;

  /// Never blocks.
  public static final int O_NONBLOCK = 0x800;

  /// A regular file, of [#kind(Scratch, int)].
  public static final int REGULAR = 0x8000;

  /// A folder, of [#kind(Scratch, int)].
  public static final int FOLDER = 0x4000;

  /// A socket, of [#kind(Scratch, int)].
  public static final int SOCKET = 0xC000;

  private static final int O_CLOEXEC = 0x80000;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_FDCWD = -100;
  private static final int STATX_TYPE = 1;
  private static final int STATX_MODE = 28; // where it is in a struct statx
  private static final MemorySegment NO_PATH = Arena.global().allocate(1);

  private static final MethodHandle READ = Posix.data("read");
  private static final MethodHandle WRITE = Posix.data("write");
  private static final MethodHandle PWRITE = Posix.data("pwrite");
  private static final MethodHandle PIPE2 = Posix.quick("pipe2");
  private static final MethodHandle FCNTL = Posix.quick("fcntl");
  private static final MethodHandle MEMFD_CREATE = Posix.quick("memfd_create");
  private static final MethodHandle SOCKETPAIR = Posix.quick("socketpair");
  private static final MethodHandle STATX = Posix.blocking("statx");
  private static final MethodHandle ACCESS = Posix.blocking("access");
  private static final MethodHandle OPEN = Posix.blocking("open"); // a named pipe waits
  private static final MethodHandle BLOCKING_READ = Posix.blocking("read");
  private static final MethodHandle BLOCKING_WRITE = Posix.blocking("write");

  private Pipes() {}

  /// Reads bytes from a non-blocking descriptor.
  ///
  /// @param scratch of the caller
  /// @param fd readable
  /// @param bytes where they go, on the heap or off it; all of it may be filled
  /// @return how many, 0 at the end, or `-errno`
  public static int read(Scratch scratch, int fd, MemorySegment bytes) {
    return Posix.data(scratch, READ, fd, bytes, 0);
  }

  /// Writes bytes to a non-blocking descriptor; a pipe that nobody reads answers `EPIPE`, since the
  /// JVM handles the signal.
  ///
  /// @param scratch of the caller
  /// @param fd writable
  /// @param bytes what to write, on the heap or off it
  /// @return how many went, or `-errno`
  public static int write(Scratch scratch, int fd, MemorySegment bytes) {
    return Posix.data(scratch, WRITE, fd, bytes, 0);
  }

  /// Reads bytes, from what may block the calling thread.
  ///
  /// @param fd readable
  /// @param bytes off the heap
  /// @return how many, 0 at the end, or `-errno`
  public static int readBlocking(int fd, MemorySegment bytes) {
    return (int) Posix.call(BLOCKING_READ, fd, bytes.address(), bytes.byteSize(), 0, 0);
  }

  /// Writes bytes, to what may block the calling thread.
  ///
  /// @param fd writable
  /// @param bytes off the heap
  /// @return how many went, or `-errno`
  public static int writeBlocking(int fd, MemorySegment bytes) {
    return (int) Posix.call(BLOCKING_WRITE, fd, bytes.address(), bytes.byteSize(), 0, 0);
  }

  /// Makes a pipe that child processes do not inherit. Its ends land in `scratch`: the one to read
  /// from at 0, the one to write to at 4.
  ///
  /// @param scratch of the caller
  /// @return 0, or `-errno`
  public static int pipe(Scratch scratch) {
    return (int) Posix.call(scratch, PIPE2, scratch.address(), O_CLOEXEC, 0, 0, 0);
  }

  /// Makes two sockets that are connected to each other, non-blocking and not inherited. They land
  /// in `scratch`, at 0 and at 4.
  ///
  /// @param scratch of the caller
  /// @return 0, or `-errno`
  public static int socketPair(Scratch scratch) {
    return (int)
        Posix.call(
            scratch,
            SOCKETPAIR,
            Posix.AF_UNIX,
            Posix.SOCK_STREAM | O_CLOEXEC | O_NONBLOCK,
            0,
            scratch.address(),
            0);
  }

  /// Makes a file in memory that has no name, and is gone with its last descriptor; child processes
  /// do not inherit it.
  ///
  /// @param scratch of the caller
  /// @param bytes what is in it; it is read from its beginning
  /// @return its descriptor, or `-errno`
  public static int memoryFile(Scratch scratch, byte[] bytes) {
    var fd = (int) Posix.call(scratch, MEMFD_CREATE, NO_PATH.address(), 1, 0, 0, 0);
    var done = 0;
    while (fd >= 0 && done < bytes.length) {
      var rest = MemorySegment.ofArray(bytes).asSlice(done);
      var count = Posix.data(scratch, PWRITE, fd, rest, done);
      if (count < 0) {
        Posix.close(fd);
        return count;
      }
      done += count;
    }
    return fd;
  }

  /// Opens a file that child processes do not inherit. May block the calling thread.
  ///
  /// @param path ends with 0
  /// @param flags of the `O` constants
  /// @return its descriptor, or `-errno`
  public static int open(byte[] path, int flags) {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(JAVA_BYTE, path);
      return (int) Posix.call(OPEN, name.address(), flags | O_CLOEXEC, 0666, 0, 0);
    }
  }

  /// Makes another number for what a descriptor stands for; child processes do not inherit it.
  ///
  /// @param fd open
  /// @param least smallest number that it may be
  /// @return the new descriptor, or `-errno`
  public static int duplicate(int fd, int least) {
    return (int) Posix.call(FCNTL, fd, F_DUPFD_CLOEXEC, least, 0, 0);
  }

  /// {@return whether this process may run a file}
  ///
  /// @param path ends with 0
  public static boolean isExecutable(byte[] path) {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(JAVA_BYTE, path).address();
      return Posix.call(ACCESS, name, 1 /* X_OK */, 0, 0, 0) == 0 && kind(path) == REGULAR;
    }
  }

  /// {@return what kind of file a descriptor stands for, such as [#REGULAR], or `-errno`}
  ///
  /// @param scratch of the caller
  /// @param fd open
  public static int kind(Scratch scratch, int fd) {
    return kind(scratch, fd, NO_PATH.address(), AT_EMPTY_PATH);
  }

  /// {@return what kind of file has a path, such as [#FOLDER], or `-errno`}
  ///
  /// @param path ends with 0
  public static int kind(byte[] path) {
    try (var arena = Arena.ofConfined();
        var scratch = Scratch.borrow()) {
      return kind(scratch, AT_FDCWD, arena.allocateFrom(JAVA_BYTE, path).address(), 0);
    }
  }

  private static int kind(Scratch scratch, int fd, long path, int flags) {
    var result = (int) Posix.call(scratch, STATX, fd, path, flags, STATX_TYPE, scratch.address());
    return result < 0 ? result : scratch.getShort(STATX_MODE) & 0xF000;
  }
}
