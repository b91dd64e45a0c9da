package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A log that several processes append to, a whole line at a time.
///
/// Once a second it looks whether its path still names the open file: one that was renamed, by
/// `logrotate` or because it had become too large, is opened anew. A full disk loses lines, and
/// says so once, but no request.
///
/// Safe from any thread.
final class AccessLogFile {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final long bytesMax; // 0: any
  private @Nullable FileChannel channel; // null until the first line
  private @Nullable Object key; // of the open file
  private long looked;
  private boolean broken;

  AccessLogFile(Path path, long bytesMax) {
    this.path = path;
    this.bytesMax = bytesMax;
  }

  /// Appends a line.
  ///
  /// @param line without its end
  synchronized void write(String line) {
    try {
      var bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
      var to = open();
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
      broken = false;
    } catch (IOException e) {
      if (!broken) {
        broken = true;
        System.err.println("access log " + path + ": " + e + "; requests go on without it");
      }
    }
  }

  /// Opens the file anew, whatever it is called now.
  synchronized void reopen() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private FileChannel open() throws IOException {
    var now = System.nanoTime();
    var current = channel;
    if (current != null && now - looked > LOOK_NANOS) {
      looked = now;
      if (bytesMax > 0 && current.size() > bytesMax && Objects.equals(key, keyOf(path))) {
        Files.move(path, Path.of(path + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      if (!Objects.equals(key, keyOf(path))) {
        reopen();
        current = null;
      }
    }
    if (current == null) {
      current = FileChannel.open(path, CREATE, WRITE, APPEND);
      channel = current;
      key = keyOf(path);
      looked = now;
    }
    return current;
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
