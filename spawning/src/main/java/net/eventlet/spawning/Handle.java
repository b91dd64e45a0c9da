package net.eventlet.spawning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.eventlet.green.Os;
import net.eventlet.green.Subprocess;

/// A child process, as the kernel knows it: started by this controller, or by the one before it in
/// the same process.
sealed interface Handle {

  /// A child that this controller started.
  record Started(Subprocess process) implements Handle {

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public int waitFor() throws Exception {
      try (process) {
        return process.waitFor();
      }
    }

    @Override
    public void kill() {
      process.destroyForcibly();
    }
  }

  /// A child of a former controller, which became this one.
  record Inherited(long pid) implements Handle {

    @Override
    public int waitFor() throws Exception {
      return Os.waitpid(pid, null);
    }

    @Override
    public void kill() {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /// {@return its number}
  long pid();

  /// Waits for its end, once.
  ///
  /// @return its exit status, or 128 and the signal's number
  int waitFor() throws Exception;

  /// Ends it at once.
  void kill();

  /// {@return the memory that it holds, in bytes; 0 if it has ended}
  default long memory() {
    try {
      var pages = Files.readString(Path.of("/proc/" + pid() + "/statm")).split(" ", 3)[1];
      return Long.parseLong(pages) * PAGE_BYTES;
    } catch (IOException ended) {
      return 0;
    }
  }

  /// Bytes of a page, on the processors that are supported, unless the kernel was built otherwise.
  int PAGE_BYTES = 4096;
}
