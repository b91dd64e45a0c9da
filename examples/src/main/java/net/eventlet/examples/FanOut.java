package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Arrays;
import net.eventlet.GreenPool;
import net.eventlet.green.Command;
import net.eventlet.green.Os;
import net.eventlet.green.Stdio;
import net.eventlet.green.Subprocess;
import net.eventlet.green.TimeoutExpired;

/// Runs a command for each name on standard input, a hundred at once, and prints what each printed
/// in the order of the names. The word HOST in the command stands for the name.
///
/// A command that takes longer than ten minutes is ended.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/FanOut.java ssh HOST uptime
/// < HOSTS`
///
/// Source: the slides.
public final class FanOut {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  public static void main(String... command) throws Exception {
    var hosts = new InputStreamReader(Os.standardInput(), UTF_8).readAllLines();
    try (var pool = new GreenPool(100);
        var results = pool.imap(host -> run(host, command), hosts)) {
      results.forEach(IO::println);
    }
  }

  private static String run(String host, String... command) {
    var words = Arrays.stream(command).map(word -> word.equals("HOST") ? host : word).toList();
    try {
      var done = Subprocess.run(Command.of(words).withError(Stdio.OUTPUT), LIMIT);
      var status = done.status() == 0 ? "" : " (exit status " + done.status() + ")";
      return host + ": " + done.output().strip() + status;
    } catch (IOException | TimeoutExpired failure) {
      return host + ": " + failure.getMessage();
    }
  }
}
