package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.eventlet.TPool;

/// An application given as source: a `.java` file, or a folder of them. The controller compiles it,
/// each time into a new folder; so a source that does not compile changes nothing.
///
/// @param path the file or folder
/// @param classPath what it may use
/// @param work where the classes go
record Sources(Path path, String classPath, Path work) {

  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
  private static final Pattern APPLICATION =
      Pattern.compile("class\\s+\\w+[^{]*\\bimplements\\b[^{]*\\bApplication\\b");

  /// {@return whether a name on the command line means source}
  static boolean isSource(String name) {
    var file = fileOf(name);
    return file.endsWith(".java") || (name.indexOf("::") < 0 && Files.isDirectory(Path.of(file)));
  }

  private static String fileOf(String name) {
    var member = name.indexOf("::");
    return member < 0 ? name : name.substring(0, member);
  }

  /// {@return the source that a name means}
  ///
  /// @throws IllegalArgumentException if there is none
  static Sources of(String name, String classPath, Path work) {
    var path = Path.of(fileOf(name));
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("there is no file " + path.toAbsolutePath());
    }
    return new Sources(path, classPath, work);
  }

  /// {@return the class that a name on the command line means}
  ///
  /// @param name with or without `::` and a member
  /// @throws IllegalArgumentException if a folder has no application, or several
  String classOf(String name) throws IOException {
    var member = name.indexOf("::") < 0 ? "" : name.substring(name.indexOf("::"));
    if (!Files.isDirectory(path)) {
      return binaryName(path) + member;
    }
    var found = new ArrayList<String>();
    for (var file : files()) {
      if (APPLICATION.matcher(Files.readString(file)).find()) {
        found.add(binaryName(file));
      }
    }
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%s has %d files with a class that implements Application: %s; name one of its files"
              .formatted(path, found.size(), found));
    }
    return found.getFirst();
  }

  private static String binaryName(Path file) throws IOException {
    var name = file.getFileName().toString().replaceFirst("\\.java$", "");
    var match = PACKAGE.matcher(Files.readString(file));
    return match.find() ? match.group(1) + "." + name : name;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (var inside = Files.walk(path)) {
      return inside.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /// Compiles.
  ///
  /// @return the folder of the classes
  /// @throws IOException with the compiler's words if it refuses
  Path compile() throws Exception {
    Files.createDirectories(work);
    var target = Files.createTempDirectory(work, "classes");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-cp",
                classPath,
                "-d",
                target.toString(),
                "-proc:none"));
    files().forEach(file -> command.add(file.toString()));
    return TPool.execute(() -> {
      var compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
      compiler.getOutputStream().close();
      var said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
      if (compiler.waitFor() != 0) {
        throw new IOException(path + " does not compile: " + said.strip());
      }
      return target;
    });
  }
}
