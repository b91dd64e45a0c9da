package net.eventlet.green.coverage;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// A lock on a whole file that belongs to an open file rather than to a process, so that this
/// process has to wait for it as it would for another's.
///
/// Source: `F_OFD_SETLK` in fcntl(2).
final class OpenFileLock implements AutoCloseable {

  private static final int O_RDWR = 2;
  private static final int F_OFD_SETLK = 37;
  private static final short F_WRLCK = 1;
  private static final long FLOCK_BYTES = 32; // type, whence, start, length, process

  private static final MethodHandle OPEN =
      CLibrary.function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FCNTL =
      CLibrary.function(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      CLibrary.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private int fd;

  /// Takes the lock.
  ///
  /// @param file that nobody has locked
  OpenFileLock(Path file) throws IOException {
    try (var arena = Arena.ofConfined()) {
      fd = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDWR);
      var lock = arena.allocate(FLOCK_BYTES, Long.BYTES);
      lock.set(JAVA_SHORT, 0, F_WRLCK);
      if (fd < 0 || (int) FCNTL.invokeExact(fd, F_OFD_SETLK, lock) < 0) {
        throw new IOException(file + " could not be locked");
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Gives it up.
  @Override
  public synchronized void close() {
    try {
      if (fd >= 0) {
        var _ = (int) CLOSE.invokeExact(fd);
      }
      fd = -1;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
