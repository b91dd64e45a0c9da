package net.eventlet.models;

import static net.eventlet.Eventlet.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.GreenPool;
import net.eventlet.GreenThread;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any crowd: no slot is lost or doubled, and each task that was spawned ends.
class GreenPoolCrowdTest {

  private static final int MOST = 4;

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noSlotIsLostOrDoubled(int seed) throws Exception {
    var pool = new GreenPool(1 + seed % MOST);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var tasks = new ConcurrentLinkedQueue<GreenThread<?>>();
    var crowd = new Crowd(seed, pool);
    for (var i = 0; i < 6; i++) {
      crowd.add(
          20,
          (random, _) -> {
            var own = new Random(random.nextLong());
            var task =
                pool.spawn(() -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  try {
                    task(pool, own, 2);
                  } finally {
                    inside.decrementAndGet();
                  }
                });
            task.link(GreenPoolCrowdTest::receive);
            tasks.add(task);
            if (random.nextInt(4) == 0) {
              task.cancel(true);
            }
          });
    }
    crowd.add(5, (_, _) -> pool.waitAll());
    crowd.add(
        10,
        (random, _) -> {
          pool.resize(random.nextInt(MOST + 1));
          assertTrue(pool.running() <= MOST && pool.free() <= MOST && pool.waiting() <= 6);
        });

    crowd.harm(crowd.random().nextInt(8));
    while (!crowd.hasEnded()) {
      pool.resize(1 + crowd.random().nextInt(MOST)); // else a size of none may be the last
      Thread.onSpinWait();
    }
    crowd.awaitEnd();
    pool.waitAll();

    assertTrue(most.get() <= MOST, () -> most + " at once");
    assertEquals(0, inside.get());
    assertTrue(tasks.stream().allMatch(GreenThread::isDone));
    pool.resize(3);
    assertEquals(List.of(0, 3, 0), List.of(pool.running(), pool.free(), pool.waiting()), "is idle");
  }

  private static void task(GreenPool pool, Random random, int depth) throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> throw new IllegalStateException("on purpose");
      case 1 -> {
        if (depth > 0) {
          pool.spawn(() -> task(pool, random, depth - 1)).link(GreenPoolCrowdTest::receive);
        }
      }
      case 2 -> {}
      default -> sleep();
    }
  }

  /// Has the failure, so that nobody else is told of it.
  private static void receive(GreenThread<?> task) {
    if (task.state() == Future.State.FAILED) {
      task.exceptionNow();
    }
  }
}
