package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.io.IOException;
import java.time.Duration;
import net.eventlet.green.Command;
import net.eventlet.green.Subprocess;

/// Waits for a child process, while another green thread goes on.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/WaitPid.java`
///
/// Source: the slides, where a helper asks `os.waitpid` again and again.
public final class WaitPid {

  private int ticks;

  public static void main() throws Exception {
    new WaitPid().wait(Command.shell("sleep 0.5; exit 3"));
  }

  private void wait(Command command) throws IOException, InterruptedException {
    spawnN(this::tick);
    try (var child = Subprocess.popen(command)) {
      IO.println("the child ended with " + child.waitFor());
    }
    IO.println(ticks > 1 ? "and the clock ticked meanwhile" : "and the clock had to wait");
  }

  private void tick() {
    for (; ; ticks++) {
      sleep(Duration.ofMillis(10));
    }
  }
}
