package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

@Bounded
class BoundedSemaphoreTest {

  @Test
  void releasingMoreOftenThanAcquiringIsRefused() {
    var semaphore = new BoundedSemaphore(2);
    semaphore.acquire();
    semaphore.release();

    var thrown = assertThrows(IllegalStateException.class, semaphore::release);

    assertSays(thrown, "BoundedSemaphore", "2");
    assertEquals(2, semaphore.balance());
  }

  @Test
  void oneOfNoneNeverHasAny() {
    var semaphore = new BoundedSemaphore(0);

    assertThrows(IllegalStateException.class, semaphore::release);

    assertEquals(0, semaphore.balance());
  }

  @Test
  void whoWaitsIsServed() throws Exception {
    run(() -> {
      var semaphore = new BoundedSemaphore(1);
      semaphore.acquire();
      var waiter = spawn(() -> semaphore.acquire());
      sleep();
      assertEquals(-1, semaphore.balance());

      semaphore.release();

      waiter.await();
      assertEquals(0, semaphore.balance());
      semaphore.release();
      assertThrows(IllegalStateException.class, semaphore::release);
    });
  }

  @Test
  void aPermitThatWasHeldIsGivenBackOnce() {
    var semaphore = new BoundedSemaphore(1);
    var permit = semaphore.hold();

    permit.close();
    permit.close();

    assertEquals(1, semaphore.balance());
  }

  @Test
  void aPermitThatWentToNobodyIsThereAgain() throws Exception {
    run(() -> {
      var semaphore = new BoundedSemaphore(1);
      semaphore.acquire();
      var victim = spawn(() -> semaphore.acquire());
      sleep();

      victim.cancel(true);
      semaphore.release();

      assertThrows(IllegalStateException.class, semaphore::release);
      assertEquals(1, semaphore.balance());
    });
  }

  @Test
  void aNegativeCountIsRefused() {
    var thrown = assertThrows(IllegalArgumentException.class, () -> new BoundedSemaphore(-1));

    assertSays(thrown, "-1");
  }

  @Test
  void itSaysHowItIs() {
    assertEquals("BoundedSemaphore[balance 2]", new BoundedSemaphore(2).toString());
  }
}
