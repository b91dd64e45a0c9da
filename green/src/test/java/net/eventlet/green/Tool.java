package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.eventlet.TPool;
import org.jspecify.annotations.Nullable;

/// Another program that a test speaks with, its output read in the thread pool.
final class Tool implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  /// Starts it; skips the test if it is not installed.
  Tool(String name, String... arguments) throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
        () -> "apt-get install " + name);
    process =
        new ProcessBuilder(Stream.concat(Stream.of(name), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /// Sends it a line.
  void say(String line) throws Exception {
    TPool.execute(() -> {
      process.getOutputStream().write((line + "\n").getBytes(UTF_8));
      process.getOutputStream().flush();
      return true;
    });
  }

  /// The next line that begins so; null if there is none.
  @Nullable String line(String beginning) throws Exception {
    return TPool.execute(() -> {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(beginning)) {
          return line;
        }
      }
      return null;
    });
  }

  /// All that it still says, after which it has ended.
  List<String> rest() throws Exception {
    return TPool.execute(() -> {
      process.getOutputStream().close();
      return output.readAllLines();
    });
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}
