package net.eventlet.patcher;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import net.eventlet.TPool;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// What patched code reads in place of [System#in]: the same bytes, which a green thread waits for
/// without holding up its hub.
///
/// A thread of [TPool] does the reading, since what standard input is (a terminal, a pipe, a file)
/// is for others to say. One that is killed while it waits leaves that thread behind, and the bytes
/// that come next are lost.
public final class StandardInput extends InputStream {

  private final InputStream actual;

  private StandardInput(InputStream actual) {
    this.actual = actual;
  }

  /// {@return standard input, for whoever asks}
  public static InputStream get() {
    return Hub.currentOrNull() == null ? System.in : new StandardInput(System.in);
  }

  /// {@return the next line, as [IO#readln()]}
  public static @Nullable String readln() {
    return offHub(IO::readln);
  }

  /// {@return the next line, as [IO#readln(String)]}
  ///
  /// @param prompt is printed first
  public static @Nullable String readln(String prompt) {
    return offHub(() -> IO.readln(prompt));
  }

  @Override
  public int read() throws IOException {
    return read(actual::read);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    return read(() -> actual.read(bytes, from, length));
  }

  @Override
  public int available() throws IOException {
    return actual.available();
  }

  @Override
  public void close() throws IOException {
    actual.close();
  }

  private static int read(Callable<Integer> reading) throws IOException {
    try {
      return Hub.currentOrNull() == null ? reading.call() : TPool.execute(reading);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static <T extends @Nullable Object> T offHub(Callable<T> reading) {
    try {
      return Hub.currentOrNull() == null ? reading.call() : TPool.execute(reading);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("nothing else is thrown by it", e);
    }
  }
}
