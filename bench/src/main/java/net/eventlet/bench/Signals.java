package net.eventlet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// Signals to the processes of `bin/spawn`, which it tells apart by their titles.
final class Signals {

  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final Duration BEFORE_THE_END = Duration.ofSeconds(2);

  private final Process server;
  private final Contender.Signal signal;
  private final Thread thread;

  /// Begins to send them, until counting is nearly over.
  ///
  /// @param server a process of which those descend that get them
  /// @param signal which
  /// @param after which the first one is sent
  /// @param counting for how long requests are counted
  Signals(Process server, Contender.Signal signal, Duration after, Duration counting) {
    this.server = server;
    this.signal = signal;
    thread = Thread.ofVirtual().start(() -> send(after, counting));
  }

  /// Sends no more.
  void end() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  private void send(Duration after, Duration counting) {
    var random = new Random(1);
    try {
      Thread.sleep(after);
      switch (signal) {
        case REPLACE -> kill("HUP", called("spawn: control").getFirst());
        case KILL -> {
          var count = Math.max(1, counting.minus(BEFORE_THE_END).dividedBy(BETWEEN));
          for (var i = 0; i < count; i++) {
            var children = called("spawn: child");
            kill("KILL", children.get(random.nextInt(children.size())));
            Thread.sleep(BETWEEN);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<ProcessHandle> called(String title) {
    return server.descendants().filter(process -> title.equals(titleOf(process))).toList();
  }

  private static String titleOf(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
    } catch (IOException ended) {
      return "";
    }
  }

  private static void kill(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
