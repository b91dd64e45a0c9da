package net.eventlet.patcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// Makes a jar with the manifest of the one that is shipped: its classes are on the class path.
final class AgentJar {

  private AgentJar() {}

  /// {@return the jar}
  ///
  /// @param folder where it is made
  static Path in(Path folder) throws IOException {
    var jar = folder.resolve("eventlet-patcher.jar");
    try (var manifest = Files.newInputStream(Path.of("src/main/manifest/MANIFEST.MF"));
        var out = Files.newOutputStream(jar);
        var _ = new JarOutputStream(out, new Manifest(manifest))) {
      return jar;
    }
  }
}
