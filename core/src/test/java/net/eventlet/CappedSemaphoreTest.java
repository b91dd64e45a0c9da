package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class CappedSemaphoreTest {

  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();

  @Test
  void whoAcquiresWaitsAtZeroAndWhoReleasesAtTheLimit() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(0, 2);
      semaphore.release();
      semaphore.release();
      assertEquals(2, semaphore.balance());
      var releaser = spawn(() -> semaphore.release());
      sleep();
      assertFalse(releaser.isDone());
      assertEquals(3, semaphore.balance());

      semaphore.acquire();

      releaser.await();
      assertEquals(2, semaphore.balance());
      semaphore.acquire();
      semaphore.acquire();
      assertFalse(semaphore.tryAcquire());
    });
  }

  @Test
  void theBalanceGoesFromMinusThreeToThree() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(0, 0);
      for (var i = 1; i <= 3; i++) {
        spawn(() -> semaphore.acquire());
        sleep();
        assertEquals(-i, semaphore.balance());
      }
      for (var i = -2; i <= 0; i++) {
        semaphore.release();
        assertEquals(i, semaphore.balance());
      }
      for (var i = 1; i <= 3; i++) {
        spawn(() -> semaphore.release());
        sleep();
        assertEquals(i, semaphore.balance());
      }
    });
  }

  @Test
  void whoReleasesIsServedInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(1, 1);
      for (var name : List.of("a", "b", "c")) {
        spawn(() -> {
          semaphore.release();
          step(name);
        });
      }
      sleep();

      for (var i = 0; i < 4; i++) {
        assertTrue(semaphore.tryAcquire());
      }
      sleep();

      assertEquals(List.of("a", "b", "c"), steps);
      assertFalse(semaphore.tryAcquire());
    });
  }

  @Test
  void aLimitOfZeroIsARendezvous() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(0, 0);
      assertFalse(semaphore.tryAcquire());
      var releaser = spawn(() -> semaphore.release());
      sleep();
      assertFalse(releaser.isDone());

      assertTrue(semaphore.tryAcquire());

      releaser.await();
      var acquirer = spawn(() -> semaphore.acquire());
      sleep();
      semaphore.release();
      acquirer.await();
      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void releasingForOneWhoWaitsDoesNotSwitch() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(0, 1);
      spawn(() -> {
        semaphore.acquire();
        step("acquired");
      });
      sleep();

      semaphore.release();
      semaphore.release();
      step("released");
      sleep();

      assertEquals(List.of("released", "acquired"), steps);
      assertEquals(1, semaphore.balance());
    });
  }

  @Test
  void aPermitOfAReleaserThatWasKilledIsNotThere() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(1, 1);
      var victim = spawn(() -> semaphore.release());
      var heir = spawn(() -> semaphore.release());
      sleep();

      victim.cancel(true);
      semaphore.acquire();

      heir.await();
      assertEquals(1, semaphore.balance());
    });
  }

  @Test
  void aReleaseWaitsThoughThoseWhoWaitedToAcquireWereKilled() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(0, 0);
      var victim = spawn(() -> semaphore.acquire());
      sleep();

      victim.cancel(true); // and has not run since
      assertFalse(Timeout.run(SHORT, semaphore::release));

      assertEquals(0, semaphore.balance());
      assertFalse(semaphore.tryAcquire());
    });
  }

  @Test
  void whoIsUnwoundLeavesNoTrace() throws Exception {
    run(() -> {
      var semaphore = new CappedSemaphore(1, 1);
      assertFalse(Timeout.run(SHORT, semaphore::release));
      assertEquals(1, semaphore.balance());
      semaphore.acquire();

      assertFalse(semaphore.tryAcquire(SHORT));
      assertFalse(Timeout.run(SHORT, semaphore::acquire));

      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void itWorksBetweenHubsAndPlainThreads() throws Exception {
    try (var hub = Hub.start("other")) {
      var semaphore = new CappedSemaphore(1, 1);
      var there = spawn(hub, () -> semaphore.release());
      Until.holds(() -> semaphore.balance() == 2);
      var plain =
          Plain.start(() -> {
            semaphore.release();
            return true;
          });
      Until.holds(() -> semaphore.balance() == 3);

      semaphore.acquire();
      there.await();
      semaphore.acquire();
      assertTrue(plain.get());
      semaphore.acquire();

      assertEquals(0, semaphore.balance());
    }
  }

  @Test
  void wrongBoundsAreRefused() {
    assertSays(
        assertThrows(IllegalArgumentException.class, () -> new CappedSemaphore(-1, 3)), "-1");
    assertSays(
        assertThrows(IllegalArgumentException.class, () -> new CappedSemaphore(3, 2)),
        "count=3",
        "limit=2");
    assertThrows(IllegalArgumentException.class, () -> new CappedSemaphore(0, -1));
  }

  @Test
  void itSaysHowItIs() {
    assertEquals("CappedSemaphore[balance 2]", new CappedSemaphore(2, 3).toString());
  }

  private void step(String name) {
    steps.add(name);
  }
}
