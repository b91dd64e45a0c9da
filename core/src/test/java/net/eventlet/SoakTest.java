package net.eventlet;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Very many green threads. Run: `make soak`.
@Tag("soak")
class SoakTest {

  private static final int BATCH = 10_000;

  @Test
  void aMillionAreAliveAtOnce() throws Exception {
    run(() -> {
      var ended = new AtomicLong();
      for (var i = 0; i < 1_000_000; i++) {
        spawn(() -> {
          sleep(ofDays(1));
          ended.incrementAndGet();
        });
      }
      sleep();

      assertEquals(1_000_001, Hub.current().statistics().alive());
      assertEquals(1_000_000, Hub.current().statistics().timers());
      assertEquals(0, ended.get());
    });
  }

  @Test
  void tenMillionSpawnedParkedKilledAndTimedOutLeaveNothingBehind() throws Exception {
    run(() -> {
      endInTurn(BATCH * 50); // until everything is compiled
      var before = usedBytes();
      var killed = endInTurn(10_000_000);

      assertEquals(5_000_000, killed);
      assertEquals(1, Hub.current().statistics().alive());
      assertEquals(0, Hub.current().statistics().timers());
      var grown = usedBytes() - before;
      assertTrue(grown < 64 << 20, "the heap grew by " + grown + " bytes");
    });
  }

  /// Spawns in batches; kills every other one where it sleeps, and lets the rest time out.
  private static long endInTurn(int count) throws Exception {
    var killed = 0L;
    for (var begun = 0; begun < count; begun += BATCH) {
      var batch = new ArrayList<GreenThread<?>>();
      for (var i = 0; i < BATCH / 2; i++) {
        batch.add(spawn(() -> sleep(ofDays(1))));
        batch.add(spawn(() -> Timeout.run(ofMillis(1), () -> sleep(ofDays(1)))));
      }
      sleep();
      for (var i = 0; i < BATCH; i += 2) {
        batch.get(i).kill();
      }
      for (var one : batch) {
        try {
          one.await();
        } catch (GreenThreadExit exit) {
          killed++;
        }
      }
    }
    return killed;
  }

  private static long usedBytes() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
