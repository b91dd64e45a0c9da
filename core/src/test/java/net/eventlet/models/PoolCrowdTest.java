package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.Pool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any crowd: each thing is one's at a time, there are no more than there may be, and none is
/// lost.
class PoolCrowdTest {

  private static final int MOST = 4;

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  /// What is lent.
  private static final class Thing {

    private final AtomicBoolean used = new AtomicBoolean();
    private volatile boolean broken;
  }

  /// A pool that counts what there is.
  private static final class Things extends Pool<Thing> {

    private final AtomicInteger alive;

    Things(int maxSize, boolean orderAsStack, AtomicInteger alive, AtomicInteger most) {
      super(
          0,
          maxSize,
          orderAsStack,
          () -> {
            if (ThreadLocalRandom.current().nextBoolean()) {
              sleep();
            }
            if (ThreadLocalRandom.current().nextInt(6) == 0) {
              throw new IOException("on purpose");
            }
            most.accumulateAndGet(alive.incrementAndGet(), Math::max);
            return new Thing();
          });
      this.alive = alive;
    }

    @Override
    protected boolean usable(Thing thing) {
      return !thing.broken;
    }

    @Override
    protected void dispose(Thing thing) {
      alive.decrementAndGet();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noThingIsLostOrDoubled(int seed) throws Exception {
    var alive = new AtomicInteger();
    var most = new AtomicInteger();
    var size = 1 + seed % MOST;
    var pool = new Things(size, seed % 2 == 0, alive, most);
    var crowd = new Crowd(seed, pool);
    for (var i = 0; i < 8; i++) {
      crowd.add(
          30,
          (random, limit) -> {
            try {
              var thing = pool.get(limit);
              try {
                use(thing, random);
              } finally {
                pool.put(thing);
              }
            } catch (IOException notMade) {
              // on purpose
            }
          });
    }

    crowd.harm(crowd.random().nextInt(8));
    crowd.awaitEnd();

    assertEquals(size, pool.free());
    assertEquals(0, pool.waiting());
    assertTrue(most.get() <= size + 1, () -> most + " of " + size); // one may just be disposed of
    pool.close();
    assertEquals(0, alive.get());
  }

  private static void use(Thing thing, Random random) {
    assertTrue(thing.used.compareAndSet(false, true), "two have it");
    try {
      if (random.nextBoolean()) {
        sleep();
      }
      thing.broken = random.nextInt(8) == 0;
    } finally {
      thing.used.set(false);
    }
  }
}
