package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.green.Command;
import net.eventlet.green.Os;
import net.eventlet.green.ProcessGroup;
import net.eventlet.green.Stdio;
import net.eventlet.green.Subprocess;

/// A controller without a terminal, started by one that has one and that returns once a child
/// serves.
///
/// A JVM cannot fork; so it starts itself again, in a session of its own.
final class Daemon {

  /// Holds the descriptor to tell the starter by; empty in a successor, whose starter has been
  /// told.
  static final String LINE = "SPAWN_DAEMON_LINE";

  private static final Duration CHECK = Duration.ofSeconds(30);

  private Daemon() {}

  static boolean isOne(Map<String, String> environment) {
    return environment.containsKey(LINE);
  }

  /// Starts it, and waits until a child serves.
  ///
  /// @return 0 if one does, 1 if it ended before
  static int start(Options options, List<String> arguments) throws Exception {
    return Eventlet.run(() -> {
      var pair = Os.socketPair();
      try (var ours = pair.getFirst()) {
        Subprocess daemon;
        try (var theirs = pair.getLast()) {
          daemon =
              Subprocess.popen(
                  Command.of(commandLine())
                      .withVariable(LINE, "3")
                      .withDescriptors(theirs.fileno())
                      .withGroup(ProcessGroup.SESSION)
                      .withInput(Stdio.NULL)
                      .withOutput(Stdio.append(options.stdout))
                      .withError(Stdio.append(options.stderr)));
        }
        var said = ours.readLine();
        if (said == null) {
          System.err.printf(
              "spawn: it ended with status %d before a child served; see %s%n",
              daemon.waitFor(), options.stderr);
          return 1;
        }
        System.out.println("spawn: serving, process " + daemon.pid());
        return 0;
      }
    });
  }

  /// Tells whoever started this that a child serves; to be called once.
  static void tellStarter() {
    var descriptor = System.getenv(LINE);
    if (descriptor == null || descriptor.isEmpty()) {
      return;
    }
    try (var line = GreenSocket.adopt(Integer.parseInt(descriptor))) {
      line.getOutputStream().write("serving\n".getBytes(UTF_8));
    } catch (IOException gone) {
      // it did not wait
    }
  }

  /// {@return the command line of this process}
  static List<String> commandLine() throws IOException {
    var words = Files.readString(Path.of("/proc/self/cmdline")).split("\0", -1);
    var all = Stream.of(words).limit(words.length - 1L).toList();
    return Stream.concat(
            Stream.of(Path.of("/proc/self/exe").toRealPath().toString()), all.stream().skip(1))
        .toList();
  }

  /// Sees whether a command line of `spawn` would start.
  ///
  /// @throws IOException with what it said, if it would not
  static void check(List<String> command) throws Exception {
    var words = Stream.concat(command.stream(), Stream.of("--help")).toList();
    var result = Subprocess.run(Command.of(words).withError(Stdio.OUTPUT), CHECK);
    if (result.status() != 0) {
      throw new IOException("the new version does not start: " + result.output().strip());
    }
  }
}
