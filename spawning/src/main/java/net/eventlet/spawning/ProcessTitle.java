package net.eventlet.spawning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `ps -o comm` and `top` call this process.
final class ProcessTitle {

  private ProcessTitle() {}

  /// Says what it is; the kernel keeps the first fifteen bytes. Does nothing where there is no
  /// `/proc`.
  static void set(String title) {
    try {
      Files.writeString(Path.of("/proc/self/comm"), title);
    } catch (IOException e) {
      // it is called java then
    }
  }
}
