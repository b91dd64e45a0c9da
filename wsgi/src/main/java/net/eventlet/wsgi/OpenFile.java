package net.eventlet.wsgi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.TPool;
import net.eventlet.Unwind;
import net.eventlet.posix.Errno;
import net.eventlet.posix.Posix;
import net.eventlet.posix.Scratch;
import org.jspecify.annotations.Nullable;

/// A file that is open to be sent, and what was true of it then.
final class OpenFile implements AutoCloseable {

  private static final int STEP_BYTES = 256 * 1024;

  private final Path file;
  private final int fileno;
  private final long size;
  private final Instant modified;
  private volatile @Nullable FileChannel channel; // null unless it has been read through Java
  private final AtomicBoolean closed = new AtomicBoolean();

  private OpenFile(Path file, int fileno, BasicFileAttributes attributes) {
    this.file = file;
    this.fileno = fileno;
    size = attributes.size();
    modified = attributes.lastModifiedTime().toInstant();
  }

  /// Opens a file, off the hub.
  ///
  /// @throws IOException if it cannot be read, or is no regular file
  static OpenFile open(Path file) throws IOException {
    return open(() -> openHere(file));
  }

  /// {@return what opening makes, off the hub; closed again if the caller is unwound meanwhile}
  static <T extends AutoCloseable> T open(Reading<T> opening) throws IOException {
    var opened = new AtomicReference<@Nullable T>();
    var unwound = new AtomicBoolean();
    try {
      return offTheHub(() -> {
        var made = opening.read();
        opened.set(made);
        if (unwound.get()) {
          closeOnce(opened);
        }
        return made;
      });
    } catch (Unwind unwind) {
      unwound.set(true);
      closeOnce(opened);
      throw unwind;
    }
  }

  private static <T extends AutoCloseable> void closeOnce(AtomicReference<@Nullable T> opened)
      throws IOException {
    var made = opened.getAndSet(null);
    if (made != null) {
      Content.close(made);
    }
  }

  /// Opens a file in the calling thread.
  static OpenFile openHere(Path file) throws IOException {
    var fileno = Posix.openFile(file.toString());
    switch (-fileno) {
      case Errno.ENOENT -> throw new NoSuchFileException(file.toString());
      case Errno.EACCES -> throw new AccessDeniedException(file.toString());
      default -> {
        if (fileno < 0) {
          throw new FileSystemException(file.toString(), null, Errno.message(-fileno));
        }
      }
    }
    try {
      var attributes = Files.readAttributes(self(fileno), BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new FileSystemException(file.toString(), null, "this is no regular file");
      }
      return new OpenFile(file, fileno, attributes);
    } catch (IOException | RuntimeException e) {
      Posix.close(fileno);
      throw e;
    }
  }

  private static Path self(int fileno) {
    return Path.of("/proc/self/fd/" + fileno);
  }

  Path file() {
    return file;
  }

  /// {@return where it really is: the file that is open, whatever its name means by now}
  Path realPath() throws IOException {
    return self(fileno).toRealPath();
  }

  long size() {
    return size;
  }

  Instant modified() {
    return modified;
  }

  /// Sends part of it: by the kernel alone, where the bytes are in memory and nothing encrypts
  /// them.
  ///
  /// @throws IOException if the file ends before
  void send(Sink sink, long position, long length) throws IOException {
    var done = 0L;
    while (done < length) {
      var step = Math.min(STEP_BYTES, length - done);
      var count =
          sink.takesFiles() && isInMemory(position + done, step)
              ? sink.sendFile(fileno, position + done, step)
              : read(sink, position + done, (int) step);
      if (count <= 0) {
        throw new IOException("%s ended %d bytes before its length".formatted(file, length - done));
      }
      done += count;
    }
  }

  private boolean isInMemory(long position, long length) {
    try (var scratch = Scratch.borrow()) {
      return Posix.inMemory(scratch, fileno, position)
          && Posix.inMemory(scratch, fileno, position + length - 1);
    }
  }

  private long read(Sink sink, long position, int length) throws IOException {
    var room = ByteBuffer.allocate(length);
    var count = offTheHub(() -> channel().read(room, position));
    sink.write(room.array(), 0, Math.max(0, count));
    return count;
  }

  private FileChannel channel() throws IOException {
    var open = channel;
    if (open == null) {
      open = FileChannel.open(self(fileno));
      channel = open;
      if (closed.get()) { // meanwhile, by who was killed while this thread opened it
        open.close();
      }
    }
    return open;
  }

  /// Something that may wait for a disk.
  interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T offTheHub(Reading<T> reading) throws IOException {
    try {
      return TPool.execute(reading::read);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      Posix.close(fileno);
      var open = channel;
      if (open != null) {
        open.close();
      }
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
