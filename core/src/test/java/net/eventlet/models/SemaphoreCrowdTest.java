package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.BoundedSemaphore;
import net.eventlet.CappedSemaphore;
import net.eventlet.Semaphore;
import net.eventlet.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any crowd: no permit is lost or doubled.
class SemaphoreCrowdTest {

  static IntStream seeds() {
    return IntStream.range(0, 80);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noMoreAreInsideThanMayBe(int seed) throws Exception {
    var permits = 1 + seed % 3;
    var semaphore = seed % 2 == 0 ? new Semaphore(permits) : new BoundedSemaphore(permits);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var crowd = new Crowd(seed, semaphore);
    for (var i = 0; i < 8; i++) {
      crowd.add(
          40,
          (random, limit) -> {
            if (limit == null) {
              semaphore.acquire();
            } else if (random.nextBoolean()
                ? !semaphore.tryAcquire(limit)
                : !semaphore.tryAcquire()) {
              throw new TimeoutException();
            }
            try {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              if (random.nextInt(3) > 0) {
                sleep();
              }
            } finally {
              inside.decrementAndGet();
              semaphore.release();
            }
          });
    }

    crowd.harm(crowd.random().nextInt(8));
    crowd.awaitEnd();

    assertEquals(permits, semaphore.balance());
    assertTrue(most.get() <= permits, () -> most + " inside");
    if (seed % 2 == 1) {
      assertThrows(IllegalStateException.class, semaphore::release);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void asManyAreAcquiredAsAreReleased(int seed) throws Exception {
    var limit = seed % 4;
    var permits = limit / 2;
    var semaphore = new CappedSemaphore(permits, limit);
    var released = new AtomicInteger();
    var acquired = new AtomicInteger();
    var crowd = new Crowd(seed, semaphore);
    for (var i = 0; i < 4; i++) {
      crowd.add(
          40,
          (_, _) -> {
            semaphore.release();
            released.incrementAndGet();
          });
      crowd.add(
          40,
          (random, time) -> {
            if (time == null) {
              semaphore.acquire();
            } else if (random.nextBoolean()
                ? !semaphore.tryAcquire(time)
                : !semaphore.tryAcquire()) {
              throw new TimeoutException();
            }
            acquired.incrementAndGet();
          });
    }

    crowd.harm(crowd.random().nextInt(8));
    while (!crowd.hasEnded()) { // some are left without a counterpart
      if (semaphore.balance() < 0) {
        if (spawn(() -> Timeout.run(Duration.ofNanos(50_000), semaphore::release)).await()) {
          released.incrementAndGet();
        }
      } else if (semaphore.tryAcquire()) {
        acquired.incrementAndGet();
      }
      Thread.onSpinWait();
    }
    crowd.awaitEnd();

    assertEquals(permits + released.get() - acquired.get(), semaphore.balance());
    assertTrue(semaphore.balance() >= 0 && semaphore.balance() <= limit, semaphore::toString);
  }
}
