package net.eventlet.green;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import net.eventlet.GreenSocket;
import net.eventlet.TPool;
import net.eventlet.hubs.Deadline;
import net.eventlet.hubs.Descriptor;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.Interest;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Pipes;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Processes;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// The operating system's calls that would block a hub, so that they wait on it instead.
///
/// Source: `eventlet/green/os.py`.
public final class Os {

  private static final int CHUNK_BYTES = 64 * 1024; // of one call
  private static final int PIPE_BUF = 4096; // what a pipe that is ready takes at least

  private Os() {}

  /// {@return a new pipe}
  ///
  /// @throws IOException if there are too many open files
  public static GreenPipe pipe() throws IOException {
    return GreenPipe.open();
  }

  /// {@return two sockets that are connected to each other: one to keep, one to hand to a child}
  ///
  /// Neither ever blocks, in the child either: one that does not know that finds nothing there.
  ///
  /// @throws IOException if there are too many open files
  public static List<GreenSocket> socketPair() throws IOException {
    int near;
    int far;
    try (var scratch = Scratch.borrow()) {
      var result = Pipes.socketPair(scratch);
      if (result < 0) {
        throw new IOException(StartFailure.words(-result));
      }
      near = scratch.getInt(0);
      far = scratch.getInt(4);
    }
    return List.of(GreenSocket.adopt(near), GreenSocket.adopt(far));
  }

  /// Reads some bytes from a descriptor, whether it blocks or not, once there are some.
  ///
  /// @param fileno a pipe, a socket, a terminal or a file, which the thread pool reads
  /// @param bytes where they go
  /// @param offset where they begin
  /// @param length how many at the most
  /// @return how many; -1 at the end
  /// @throws IOException if it is not open, or broken
  public static int read(int fileno, byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    try (var arena = Arena.ofShared()) {
      var room = arena.allocate(Math.min(length, CHUNK_BYTES));
      var count = transfer(fileno, Interest.READ, () -> Pipes.readBlocking(fileno, room));
      MemorySegment.copy(room, JAVA_BYTE, 0, bytes, offset, count);
      return count == 0 ? -1 : count;
    }
  }

  /// Writes some bytes to a descriptor, whether it blocks or not, once there is room.
  ///
  /// @param fileno a pipe, a socket, a terminal or a file, which the thread pool writes
  /// @param bytes where they are
  /// @param offset where they begin
  /// @param length how many
  /// @return how many were written, of a pipe at most what it takes at once
  /// @throws IOException if it is not open, or nobody reads it
  public static int write(int fileno, byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    try (var arena = Arena.ofShared()) {
      // what is ready takes as much without blocking, and no more
      var most = Math.min(length, isFile(fileno) ? CHUNK_BYTES : PIPE_BUF);
      var copy = arena.allocate(most);
      MemorySegment.copy(bytes, offset, copy, JAVA_BYTE, 0, most);
      return transfer(fileno, Interest.WRITE, () -> Pipes.writeBlocking(fileno, copy));
    }
  }

  private static int transfer(int fileno, Interest interest, Callable<Integer> call)
      throws IOException {
    try {
      var file = isFile(fileno);
      while (true) {
        var hub = Hub.currentOrNull();
        if (hub != null && !file) {
          hub.trampoline(fileno, interest, null);
        }
        int result = file ? TPool.execute(call) : call.call();
        if (result >= 0) {
          return result;
        }
        if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
          throw new IOException("descriptor " + fileno + ": " + Errno.message(-result));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw Waiting.interrupted();
    } catch (Exception e) {
      throw new AssertionError("system calls throw nothing else; please report this", e);
    }
  }

  private static boolean isFile(int fileno) throws IOException {
    try (var scratch = Scratch.borrow()) {
      var kind = Pipes.kind(scratch, fileno);
      if (kind < 0) {
        throw new IOException("descriptor " + fileno + ": " + Errno.message(-kind));
      }
      return kind == Pipes.REGULAR || kind == Pipes.FOLDER;
    }
  }

  /// Waits for the end of a child of this process and takes its exit status, which nobody can ask
  /// for again.
  ///
  /// For children that native code has started. Those of `ProcessBuilder` and [Subprocess] have a
  /// `waitFor`, and this would take their status away.
  ///
  /// @param pid its number
  /// @param limit longest wait; null for ever
  /// @return its exit status; 128 and a signal's number if that ended it; -1 if it was no child
  /// @throws TimeoutException if the time runs out
  /// @throws IOException if there is no such process
  public static int waitpid(long pid, @Nullable Duration limit)
      throws IOException, TimeoutException {
    var fd = Processes.open(Math.toIntExact(pid));
    if (fd < 0) {
      throw new IOException("process " + pid + ": " + Errno.message(-fd));
    }
    var pidfd = new Descriptor(fd);
    try (var scratch = Scratch.borrow()) {
      var deadline = new Deadline(Durations.limitNanos(limit));
      while (true) {
        var ready = Waiting.await(pidfd, false, deadline.left());
        var status = Processes.wait(scratch, fd, false);
        if (status == -Errno.ECHILD && ready) {
          return Child.UNKNOWN;
        }
        if (status >= 0) {
          return status;
        }
        if (!ready) {
          throw new TimeoutException("process " + pid + " did not end within " + limit);
        }
      }
    } finally {
      pidfd.close();
    }
  }

  /// {@return this process's standard input, which waits on the hub}
  ///
  /// A pipe or a terminal is opened once more, so that the one that other processes share still
  /// blocks; a file, or what cannot be opened again, is read by the thread pool. What `System.in`
  /// has read ahead is not there: use one of the two.
  public static InputStream standardInput() {
    return StandardInput.STREAM;
  }

  /// Opened when it is first asked for.
  private static final class StandardInput {

    private static final InputStream STREAM = open();

    private static InputStream open() {
      var path = "/proc/self/fd/0\0".getBytes(US_ASCII);
      var kind = Pipes.kind(path);
      if (kind != Pipes.REGULAR && kind != Pipes.SOCKET && kind != Pipes.FOLDER) {
        var fd = Pipes.open(path, Pipes.O_RDONLY | Pipes.O_NONBLOCK);
        try {
          if (fd >= 0) {
            return GreenInputStream.adopt(fd);
          }
        } catch (IllegalArgumentException unexpected) {
          Posix.close(fd);
        }
      }
      return GreenFiles.reading(new FileInputStream(FileDescriptor.in));
    }
  }
}
