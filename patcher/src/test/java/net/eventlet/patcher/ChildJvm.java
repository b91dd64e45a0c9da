package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs programs, each in a JVM of its own, with the flags and the class path of this one.
///
/// @param folder for what the programs print
/// @param options of the JVM, besides
record ChildJvm(Path folder, List<String> options) {

  /// What a program printed.
  ///
  /// @param out to standard output, by lines
  /// @param err to standard error, by lines
  record Printed(List<String> out, List<String> err) {}

  /// Runs a program to its end, which must be a good one.
  ///
  /// @param program has a `main`
  /// @param args of that
  /// @return what it printed
  Printed run(Class<?> program, String... args) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(System.getProperty("eventlet.flags").strip().split("\\s+")));
    command.addAll(List.of("-ea", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(Arrays.asList(args));
    var out = Files.createTempFile(folder, "out", "");
    var err = Files.createTempFile(folder, "err", "");
    var process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      var ended = process.waitFor(60, SECONDS);
      var printed = new Printed(Files.readAllLines(out, UTF_8), Files.readAllLines(err, UTF_8));
      assertTrue(ended, () -> "it hangs, and printed " + printed);
      assertEquals(0, process.exitValue(), printed::toString);
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
