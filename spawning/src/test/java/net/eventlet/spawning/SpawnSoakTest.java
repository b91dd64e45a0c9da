package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A hundred of each, under load. Run: `make soak`.
@Tag("soak")
@Timeout(1800)
class SpawnSoakTest {

  private static final int TIMES = 100;
  private static final int CLIENTS = 8;
  private static final String ECHO = "net.eventlet.spawning.TestApplications$Echo";

  @Test
  void aHundredReplacementsLoseNothing() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);
      try (var checker = new Checker(spawned.port(), CLIENTS)) {
        for (var i = 1; i <= TIMES; i++) {
          spawned.signal("HUP");
          spawned.awaitServing(2 + 2 * i);
        }
        assertEquals(List.of(), checker.lost());
        System.out.printf("%d answered, %d repeated%n", checker.answered(), checker.repeated());
      }
    }
  }

  @Test
  void aHundredKillsLoseOnlyWhatTheChildHadInHand() throws Exception {
    var random = new Random(1);
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);
      try (var checker = new Checker(spawned.port(), CLIENTS)) {
        for (var i = 1; i <= TIMES; i++) {
          checker.awaitMore(50);
          var children = spawned.children();
          Spawned.kill("KILL", children.get(random.nextInt(children.size())));
          spawned.awaitServing(2 + i);
        }
        var lost = checker.lost();
        System.out.printf(
            "%d answered, %d repeated, %d lost%n",
            checker.answered(), checker.repeated(), lost.size());
        assertTrue(lost.size() <= TIMES * CLIENTS, lost.size() + " lost: " + lost);
      }
    }
  }
}
