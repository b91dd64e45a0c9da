package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.eventlet.Eventlet;
import net.eventlet.green.Command;
import net.eventlet.green.Os;
import net.eventlet.green.Subprocess;
import org.junit.jupiter.api.Test;

class ChildTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration LONG_AGO = Duration.ofHours(-1);

  @Test
  void itIsOverdueOnceAndNoMoreWhenItIsKilled() throws Exception {
    Eventlet.run(() -> {
      var pair = Os.socketPair();
      try (var ours = pair.getFirst();
          var _ = pair.getLast();
          var process = Subprocess.popen(Command.of("sleep", "100"))) {
        var child = new Child(new Handle.Started(process), ours, Instant.now());
        assertEquals(Optional.empty(), child.overdue(LONG));
        assertEquals(Optional.of("does not serve after 0s"), child.overdue(LONG_AGO));

        child.drain(LONG_AGO);

        assertEquals(Optional.of("has not drained"), child.overdue(LONG));
        child.kill();
        assertEquals(Optional.empty(), child.overdue(LONG));
        assertEquals(137, child.waitFor());
      }
    });
  }
}
