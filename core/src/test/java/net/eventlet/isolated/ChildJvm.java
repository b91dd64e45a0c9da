package net.eventlet.isolated;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;

/// Runs programs, each in a JVM of its own, with the flags of this one.
///
/// @param folder for what the programs print
/// @param setUp what the shell does first, such as `ulimit -n 64`
record ChildJvm(Path folder, String setUp) {

  /// What a program printed.
  ///
  /// @param out to standard output
  /// @param err to standard error
  record Printed(String out, String err) {}

  /// Runs a program to its end, which must be a good one.
  ///
  /// @param program has a `main`
  /// @return what it printed
  Printed run(Class<?> program) throws IOException, InterruptedException {
    var out = Files.createTempFile(folder, "out", "");
    var err = Files.createTempFile(folder, "err", "");
    var command = Stream.concat(java(), Stream.of(program.getName()));
    var process =
        new ProcessBuilder(
                "bash",
                "-c",
                setUp + "; exec " + command.map(ChildJvm::quoted).collect(Collectors.joining(" ")))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      var ended = process.waitFor(30, SECONDS);
      var printed = new Printed(Files.readString(out, UTF_8), Files.readString(err, UTF_8));
      assertTrue(ended, () -> "it hangs, and printed " + printed);
      assertEquals(0, process.exitValue(), printed::toString);
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }

  private Stream<String> java() throws IOException {
    var flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.matches("--.*|-XX.*|-Djdk.*"));
    var classPath = jar(Hub.class) + ":" + jar(ChildJvm.class);
    return Stream.of(
            Stream.of(System.getProperty("java.home") + "/bin/java"),
            flags,
            Stream.ofNullable(System.getProperty("eventlet.hub"))
                .map(hub -> "-Deventlet.hub=" + hub),
            Stream.of("-ea", "-XX:TieredStopAtLevel=1", "-cp", classPath))
        .flatMap(words -> words);
  }

  /// {@return an archive with a type and its neighbours: to load a class from it needs no
  /// descriptor}
  private Path jar(Class<?> type) throws IOException {
    var home = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    if (!Files.isDirectory(home)) {
      return home;
    }
    var jar = Files.createTempFile(folder, "classes", ".jar");
    try (var entries = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(home)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(home.relativize(file).toString()));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
