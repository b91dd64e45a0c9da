package net.eventlet.green.coverage;

import static net.eventlet.green.coverage.Behaviour.BLOCKS;
import static net.eventlet.green.coverage.Behaviour.POOLED;

import java.io.FileOutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Waits for processes.
final class ProcessProbes {

  private static final byte[] MANY = new byte[200_000]; // more than a pipe holds

  static final List<Probe> ALL =
      List.of(
          new Probe(
              "process start",
              "ProcessBuilder.start with a named pipe for input",
              BLOCKS,
              wait -> {
                var folder = Files.createTempDirectory("green");
                var pipe = FileProbes.namedPipe(folder);
                wait.begin(() -> new FileOutputStream(pipe.toFile()).close());
                var child = new ProcessBuilder("cat").redirectInput(pipe.toFile()).start();
                wait.end();
                child.waitFor();
                Files.delete(pipe);
                Files.delete(folder);
              }),
          new Probe(
              "process end",
              "Process.waitFor",
              POOLED,
              wait -> {
                var child = new ProcessBuilder("cat").start();
                wait.begin(child.getOutputStream()::close);
                child.waitFor();
              }),
          new Probe(
              "process end",
              "Process.waitFor with a limit",
              POOLED,
              wait -> {
                var child = new ProcessBuilder("cat").start();
                wait.begin();
                child.waitFor(Probe.TIME.toMillis(), TimeUnit.MILLISECONDS);
                child.destroyForcibly();
              }),
          new Probe(
              "process end",
              "Process.onExit().get",
              POOLED,
              wait -> {
                var child = new ProcessBuilder("cat").start();
                wait.begin(child.getOutputStream()::close);
                child.onExit().get();
              }),
          new Probe(
              "console",
              "Process.getInputStream().read",
              BLOCKS,
              wait -> {
                var child = new ProcessBuilder("cat").start();
                wait.begin(child.getOutputStream()::close);
                var _ = child.getInputStream().read();
              }),
          new Probe(
              "console",
              "Process.getOutputStream().write",
              BLOCKS,
              wait -> {
                var child = new ProcessBuilder("sh", "-c", "sleep 0.3; cat > /dev/null").start();
                wait.begin();
                child.getOutputStream().write(MANY);
                child.getOutputStream().close();
              }));

  private ProcessProbes() {}
}
