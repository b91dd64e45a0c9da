package net.eventlet.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import net.eventlet.GreenPool;
import net.eventlet.TPool;

/// Runs a command for each name on standard input, a hundred at once, and prints what each printed
/// in the order of the names. The word HOST in the command stands for the name.
///
/// To wait for a process parks its green thread; to read from it would block the hub, so that is
/// left to the threads of `TPool`.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/FanOut.java ssh HOST uptime
/// < HOSTS`
///
/// Source: the slides.
public final class FanOut {

  public static void main(String... command) throws Exception {
    var hosts = TPool.execute(() -> new InputStreamReader(System.in, UTF_8).readAllLines());
    try (var pool = new GreenPool(100);
        var results = pool.imap(host -> run(host, command), hosts)) {
      results.forEach(IO::println);
    }
  }

  private static String run(String host, String... command) throws Exception {
    var words = Arrays.stream(command).map(word -> word.equals("HOST") ? host : word).toList();
    try {
      var child =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      try {
        var output = child.inputReader();
        var printed = TPool.execute(output::readAllAsString).strip();
        var status = child.waitFor();
        return host + ": " + printed + (status == 0 ? "" : " (exit status " + status + ")");
      } finally {
        child.destroyForcibly(); // does nothing unless this was killed
      }
    } catch (IOException noSuchCommand) {
      return host + ": " + noSuchCommand.getMessage();
    }
  }
}
