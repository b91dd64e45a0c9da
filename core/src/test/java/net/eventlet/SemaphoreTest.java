package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class SemaphoreTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final List<String> steps = new ArrayList<>();

  // -------------------------------------------------------------------------- acquire and release

  @Test
  void permitsAreTakenUntilThereAreNone() {
    var semaphore = new Semaphore(2);

    semaphore.acquire();
    assertTrue(semaphore.tryAcquire());
    assertFalse(semaphore.tryAcquire());
    assertEquals(0, semaphore.balance());

    semaphore.release();
    assertEquals(1, semaphore.balance());
    assertTrue(semaphore.tryAcquire(LONG));
  }

  @Test
  void whoAcquiresIsServedInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      for (var name : List.of("a", "b", "c", "d")) {
        spawn(() -> acquire(semaphore, name));
      }
      sleep();
      assertEquals(-4, semaphore.balance());

      for (var i = 0; i < 4; i++) {
        semaphore.release();
      }
      sleep();

      assertEquals(List.of("a", "b", "c", "d"), steps);
      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void releasingAndAcquiringWithoutAWaitDoNotSwitch() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      spawn(() -> acquire(semaphore, "waiter"));
      sleep();

      semaphore.release();
      semaphore.release();
      semaphore.acquire();
      step("acquired");
      sleep();

      assertEquals(List.of("acquired", "waiter"), steps);
    });
  }

  @Test
  void nobodyOvertakesWhoWaitsNotEvenByTrying() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      var waiter = spawn(() -> acquire(semaphore, "waiter"));
      sleep();

      semaphore.release();

      assertFalse(semaphore.tryAcquire());
      assertFalse(semaphore.tryAcquire(Duration.ZERO));
      waiter.await();
    });
  }

  @Test
  void moreCanBeReleasedThanThereWas() {
    var semaphore = new Semaphore(1);

    semaphore.release();
    semaphore.release();

    assertEquals(3, semaphore.balance());
  }

  @Test
  void itIsNotReentrant() {
    var semaphore = new Semaphore(1);
    semaphore.acquire();

    assertFalse(semaphore.tryAcquire(Duration.ZERO));
  }

  @Test
  void aNegativeCountIsRefused() {
    assertSays(assertThrows(IllegalArgumentException.class, () -> new Semaphore(-3)), "-3");
  }

  @Test
  void itSaysHowItIs() {
    assertEquals("Semaphore[balance 2]", new Semaphore(2).toString());
  }

  // ---------------------------------------------------------------------------------------- hold

  @Test
  void aPermitIsHeldForABlock() throws Exception {
    var semaphore = new Semaphore(1);

    assertThrows(
        IOException.class,
        () -> {
          try (var _ = semaphore.hold()) {
            assertEquals(0, semaphore.balance());
            throw new IOException("mine");
          }
        });

    assertEquals(1, semaphore.balance());
  }

  @Test
  void aPermitThatIsClosedTwiceIsGivenBackOnce() {
    var semaphore = new Semaphore(1);
    var permit = semaphore.hold();

    permit.close();
    permit.close();

    assertEquals(1, semaphore.balance());
  }

  @Test
  void whoIsKilledGivesBackWhatItHolds() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(1);
      var victim =
          spawn(() -> {
            try (var _ = semaphore.hold()) {
              sleep(LONG);
            }
          });
      sleep();
      var heir = spawn(() -> acquire(semaphore, "heir"));
      sleep();

      victim.kill();

      heir.await();
      assertEquals(0, semaphore.balance());
    });
  }

  // --------------------------------------------------------------------------------------- limit

  @Test
  void aLimitRunsOut() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);

      assertFalse(semaphore.tryAcquire(SHORT));
      assertEquals(0, semaphore.balance());
      semaphore.release();
      assertTrue(semaphore.tryAcquire(SHORT));
    });
  }

  @Test
  void aLimitOfZeroOrLessGivesTheOthersATurn() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      spawn(() -> step("another ran"));

      assertFalse(semaphore.tryAcquire(Duration.ZERO));
      assertFalse(semaphore.tryAcquire(LONG.negated()));

      assertEquals(List.of("another ran"), steps);
    });
  }

  @Test
  void noLimitIsForEver() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      var waiter = spawn(() -> semaphore.tryAcquire(null));
      sleep();

      semaphore.release();

      assertTrue(waiter.await());
    });
  }

  // ----------------------------------------------------------------------------------- unwinding

  @Test
  void aPermitGoesPastThoseWhoWereKilled() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      var victim = spawn(() -> acquire(semaphore, "victim"));
      var heir = spawn(() -> acquire(semaphore, "heir"));
      sleep();

      victim.cancel(true); // and has not run since
      semaphore.release();

      heir.await();
      assertEquals(List.of("heir"), steps);
      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void aPermitThatNobodyIsLeftToTakeIsKept() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      var victim = spawn(() -> acquire(semaphore, "victim"));
      sleep();

      victim.cancel(true);
      semaphore.release();

      assertTrue(semaphore.tryAcquire());
      sleep();
      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void whoIsKilledAfterItWasServedHasThePermit() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      var victim =
          spawn(() -> {
            try (var _ = semaphore.hold()) {
              step("served");
              sleep();
              step("went on");
            }
          });
      sleep();

      semaphore.release();
      victim.kill();

      assertEquals(List.of("served"), steps);
      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(1, semaphore.balance());
    });
  }

  @Test
  void aTimeoutLeavesNoTrace() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);

      assertFalse(Timeout.run(SHORT, semaphore::acquire));
      assertFalse(Timeout.run(Duration.ZERO, semaphore::acquire));

      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void anInterruptFromOutsideIsAKill() throws Exception {
    run(() -> {
      var semaphore = new Semaphore(0);
      var victim = spawn(() -> semaphore.acquire());
      sleep();

      victim.thread().interrupt();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(0, semaphore.balance());
    });
  }

  @Test
  void aPlainThreadThatIsInterruptedStaysSo() {
    var semaphore = new Semaphore(0);
    Thread.currentThread().interrupt();

    assertThrows(GreenThreadExit.class, semaphore::acquire);

    assertTrue(Thread.interrupted());
    assertEquals(0, semaphore.balance());
  }

  // ------------------------------------------------------------------------------------- threads

  @Test
  void thoseOfAllKindsAreServedInTheOrderInWhichTheyCame() throws Exception {
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var semaphore = new Semaphore(0);
      var served = new AtomicInteger();
      var waiters = new ArrayList<Future<Integer>>();
      for (var i = 0; i < 9; i++) {
        waiters.add(
            switch (i % 3) {
              case 0 -> spawn(left, () -> count(semaphore, served));
              case 1 -> spawn(right, () -> count(semaphore, served));
              default -> Plain.start(() -> count(semaphore, served));
            });
        var balance = -waiters.size();
        Until.holds(() -> semaphore.balance() == balance);
      }

      for (var i = 0; i < waiters.size(); i++) {
        semaphore.release();
        assertEquals(i, waiters.get(i).get());
      }
    }
  }

  private static int count(Semaphore semaphore, AtomicInteger served) {
    semaphore.acquire();
    return served.getAndIncrement();
  }

  @Test
  void noMoreThanAllowedAreInside() throws Exception {
    var semaphore = new Semaphore(3);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var workers = new ArrayList<Future<?>>();
      Action work =
          () -> {
            for (var i = 0; i < 200; i++) {
              try (var _ = semaphore.hold()) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                sleep();
                inside.decrementAndGet();
              }
            }
          };
      for (var i = 0; i < 4; i++) {
        workers.add(spawn(left, work));
        workers.add(spawn(right, work));
        workers.add(
            Plain.start(() -> {
              work.run();
              return true;
            }));
      }

      for (var worker : workers) {
        worker.get();
      }
    }

    assertTrue(most.get() <= 3, () -> most + " were inside at once"); // fewer, if all are slow
    assertEquals(3, semaphore.balance());
  }

  // ------------------------------------------------------------------------------------- helpers

  private void acquire(Semaphore semaphore, String name) {
    semaphore.acquire();
    step(name);
  }

  private void step(String name) {
    steps.add(name);
  }
}
