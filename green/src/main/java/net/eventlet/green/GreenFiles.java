package net.eventlet.green;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import net.eventlet.TPool;

/// Files, read and written by the threads of [TPool]: no kernel tells when a file is ready, and a
/// slow disk would hold up the hub.
///
/// A hand-over to the pool costs some ten microseconds, so read and write much at once. Whoever is
/// killed meanwhile goes on; the pool's thread finishes the one operation for nobody.
///
/// Source: `eventlet/tpool.py`, which Eventlet recommends for files; its own file objects block.
public final class GreenFiles {

  private GreenFiles() {}

  /// {@return all of a file}
  ///
  /// @param path of the file
  /// @throws IOException as [Files#readAllBytes]
  public static byte[] readAllBytes(Path path) throws IOException {
    return inPool(() -> Files.readAllBytes(path));
  }

  /// {@return all of a file}
  ///
  /// @param path of the file, whose text is UTF-8
  /// @throws IOException as [Files#readString]
  public static String readString(Path path) throws IOException {
    return inPool(() -> Files.readString(path));
  }

  /// {@return the lines of a file}
  ///
  /// @param path of the file, whose text is UTF-8
  /// @throws IOException as [Files#readAllLines]
  public static List<String> readAllLines(Path path) throws IOException {
    return inPool(() -> Files.readAllLines(path));
  }

  /// Writes a file.
  ///
  /// @param path of the file
  /// @param bytes all that is to be in it; not changed meanwhile
  /// @param options unless given, it is made, or emptied first
  /// @throws IOException as [Files#write]
  public static void write(Path path, byte[] bytes, OpenOption... options) throws IOException {
    inPool(() -> Files.write(path, bytes, options));
  }

  /// Writes a text into a file.
  ///
  /// @param path of the file
  /// @param text all that is to be in it, as UTF-8
  /// @param options unless given, it is made, or emptied first
  /// @throws IOException as [Files#writeString]
  public static void writeString(Path path, String text, OpenOption... options) throws IOException {
    inPool(() -> Files.writeString(path, text, options));
  }

  /// {@return a file to read}
  ///
  /// @param path of the file
  /// @param options how it is opened
  /// @throws IOException as [Files#newInputStream]
  public static InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return reading(opened(() -> Files.newInputStream(path, options)));
  }

  /// {@return a file to write}
  ///
  /// @param path of the file
  /// @param options unless given, it is made, or emptied first
  /// @throws IOException as [Files#newOutputStream]
  public static OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    return writing(opened(() -> Files.newOutputStream(path, options)));
  }

  /// {@return a file to read and write anywhere}
  ///
  /// @param path of the file
  /// @param options how it is opened
  /// @throws IOException as [Files#newByteChannel]
  public static SeekableByteChannel newByteChannel(Path path, OpenOption... options)
      throws IOException {
    return TPool.proxy(
        SeekableByteChannel.class, opened(() -> Files.newByteChannel(path, options)));
  }

  /// {@return a stream whose reads are made by the pool}
  ///
  /// @param stream any that blocks
  public static InputStream reading(InputStream stream) {
    return new Reading(Objects.requireNonNull(stream, "stream"));
  }

  /// {@return a stream whose writes are made by the pool}
  ///
  /// @param stream any that blocks
  public static OutputStream writing(OutputStream stream) {
    return new Writing(Objects.requireNonNull(stream, "stream"));
  }

  private static <T> T inPool(Callable<T> body) throws IOException {
    try {
      return TPool.execute(body);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw Waiting.interrupted();
    } catch (Exception e) {
      throw new AssertionError("files throw nothing else; please report this", e);
    }
  }

  /// Opens something that is closed again if nobody is there to take it.
  private static <T extends AutoCloseable> T opened(Callable<T> open) throws IOException {
    var order = new Opening<>(open);
    try {
      return order.await();
    } finally {
      order.abandon();
    }
  }

  private static final class Reading extends InputStream {

    private static final int CHUNK_BYTES = 256 * 1024;

    private final InputStream stream;

    Reading(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws IOException {
      return inPool(stream::read);
    }

    /// Into an array of its own: a reader that is killed meanwhile has its own back.
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (length == 0) {
        return 0;
      }
      var own = new byte[Math.min(length, CHUNK_BYTES)];
      var count = inPool(() -> stream.read(own));
      if (count > 0) {
        System.arraycopy(own, 0, bytes, offset, count);
      }
      return count;
    }

    @Override
    public byte[] readAllBytes() throws IOException {
      return inPool(stream::readAllBytes);
    }

    @Override
    public long skip(long count) throws IOException {
      return inPool(() -> stream.skip(count));
    }

    @Override
    public int available() throws IOException {
      return stream.available();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  private static final class Writing extends OutputStream {

    private final OutputStream stream;

    Writing(OutputStream stream) {
      this.stream = stream;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    /// From a copy: a writer that is killed meanwhile may use its own again.
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      var own = Arrays.copyOfRange(bytes, offset, offset + length);
      inPool(() -> {
        stream.write(own);
        return true;
      });
    }

    @Override
    public void flush() throws IOException {
      inPool(() -> {
        stream.flush();
        return true;
      });
    }

    @Override
    public void close() throws IOException {
      inPool(() -> {
        stream.close();
        return true;
      });
    }
  }
}
