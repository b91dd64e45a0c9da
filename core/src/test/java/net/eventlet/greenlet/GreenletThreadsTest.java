package net.eventlet.greenlet;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import net.eventlet.Eventlet;
import net.eventlet.hubs.Bounded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What greenlets have to do with threads: to which one each belongs, and what they share with it.
@Bounded
class GreenletThreadsTest {

  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  private final Object monitor = new Object();

  // ---------------------------------------------------------------------------------- other
  // threads

  @ParameterizedTest
  @EnumSource
  void aSwitchToAGreenletOfAnotherThreadIsRefusedAndNamesBoth(Where where) throws Exception {
    var other = new Greenlet(_ -> null);
    where.run(() -> {
      var main = Greenlet.current();

      for (var greenlet : new Greenlet[] {other, requireNonNull(other.parent())}) {
        var thrown = assertThrows(IllegalStateException.class, greenlet::switchTo);

        assertTrue(thrown.getMessage().contains(main.toString()), thrown::getMessage);
        assertTrue(thrown.getMessage().contains(greenlet.toString()), thrown::getMessage);
      }
      assertThrows(IllegalStateException.class, other::throwTo);
      assertThrows(IllegalStateException.class, () -> other.parent(main));
      assertFalse(other.dead());
    });
  }

  @ParameterizedTest
  @EnumSource
  void aSwitchToAGreenletOfAThreadThatHasEndedIsRefusedAndSaysSo(Where where) throws Exception {
    var ended = new AtomicReference<Greenlet>();
    where.run(() -> {
      var main = Greenlet.current();
      ended.set(new Greenlet(_ -> main.switchTo()));
      ended.get().switchTo();
    });

    var thrown = assertThrows(IllegalStateException.class, () -> ended.get().switchTo());

    assertTrue(thrown.getMessage().contains("has ended"), thrown::getMessage);
  }

  @ParameterizedTest
  @EnumSource
  void aGreenletBelongsToItsParentsThread(Where where) throws Exception {
    var gift = new AtomicReference<@Nullable Greenlet>();
    where.run(() -> {
      var main = Greenlet.current();
      Where.PLAIN_THREAD.run(() -> gift.set(new Greenlet(first -> first, main)));

      assertEquals("mine", requireNonNull(gift.get()).switchTo("mine"));
    });
  }

  @Test
  void aParentOfAnotherThreadIsRefused() throws Exception {
    var other = new Greenlet(_ -> null);
    Where.PLAIN_THREAD.run(() -> {
      var greenlet = new Greenlet(_ -> null);

      var thrown = assertThrows(IllegalArgumentException.class, () -> greenlet.parent(other));

      assertTrue(thrown.getMessage().contains(other.toString()), thrown::getMessage);
      assertSame(Greenlet.current(), greenlet.parent());
    });
  }

  @ParameterizedTest
  @EnumSource
  void threadsSwitchSideBySide(Where where) throws Exception {
    var barrier = new CyclicBarrier(2);
    var tasks =
        new FutureTask<?>[] {
          new FutureTask<>(() -> switchInStep(where, barrier), null),
          new FutureTask<>(() -> switchInStep(where, barrier), null)
        };

    for (var task : tasks) {
      Thread.ofPlatform().start(task);
    }

    for (var task : tasks) {
      assertNull(task.get());
    }
  }

  private static void switchInStep(Where where, CyclicBarrier barrier) {
    try {
      where.run(() -> {
        var main = Greenlet.current();
        var greenlet =
            new Greenlet(_ -> {
              for (var i = 0; i < 200; i++) {
                await(barrier);
                main.switchTo(i);
              }
              return null;
            });
        for (var i = 0; i < 200; i++) {
          assertEquals(i, greenlet.switchTo());
        }
      });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aHubMayRunInsideAGreenletAndItsGreenThreadsHaveGreenletsOfTheirOwn() throws Exception {
    Where.PLAIN_THREAD.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(_ ->
              Eventlet.run(() -> {
                assertThrows(IllegalStateException.class, main::switchTo);
                var inner =
                    new Greenlet(first -> {
                      Eventlet.sleep();
                      return first;
                    });
                return Eventlet.spawn(() -> "spawned").await() + inner.switchTo(", switched");
              }));

      assertEquals("spawned, switched", greenlet.switchTo());
    });
  }

  // ------------------------------------------------------------------------------- what is shared

  @ParameterizedTest
  @EnumSource
  void aMonitorThatTheMainGreenletHoldsStaysHeldUntilItIsLeft(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet = new Greenlet(_ -> main.switchTo());

      synchronized (monitor) {
        greenlet.switchTo();

        assertTrue(Thread.holdsLock(monitor));
        assertFalse(isFree(monitor));
      }

      assertFalse(Thread.holdsLock(monitor));
      assertTrue(isFree(monitor));
      greenlet.switchTo();
      assertTrue(isFree(monitor));
    });
  }

  @ParameterizedTest
  @EnumSource
  void aMonitorThatOneGreenletHoldsAllOfTheThreadHold(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(_ -> {
            synchronized (monitor) {
              main.switchTo();
              assertTrue(Thread.holdsLock(monitor));
            }
            return Thread.holdsLock(monitor);
          });

      greenlet.switchTo();
      synchronized (monitor) {
        assertTrue(Thread.holdsLock(monitor));
      }
      assertTrue(Thread.holdsLock(monitor));
      assertFalse(isFree(monitor));

      assertEquals(false, greenlet.switchTo());
      assertTrue(isFree(monitor));
    });
  }

  @ParameterizedTest
  @EnumSource
  void monitorsNestedAcrossSwitchesAreEachLeftOnce(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var monitors = new Object[12];
      for (var i = 0; i < monitors.length; i++) {
        monitors[i] = i % 3 == 2 ? monitors[i - 1] : new Object(); // some twice
      }
      var greenlets = new Greenlet[2];
      for (var i = 0; i < greenlets.length; i++) {
        greenlets[i] =
            new Greenlet(_ -> {
              hold(monitors, 0, main);
              return "left";
            });
      }

      for (var i = 0; i <= monitors.length; i++) {
        for (var greenlet : greenlets) {
          assertEquals("holds " + i, greenlet.switchTo());
        }
        if (i > 0) {
          assertFalse(isFree(monitors[i - 1]));
        }
      }
      for (var greenlet : greenlets) {
        assertEquals("left", greenlet.switchTo());
      }

      for (var each : monitors) {
        assertFalse(Thread.holdsLock(each));
        assertTrue(isFree(each));
      }
    });
  }

  private static void hold(Object[] monitors, int index, Greenlet main) {
    main.switchTo("holds " + index);
    if (index < monitors.length) {
      synchronized (monitors[index]) {
        hold(monitors, index + 1, main);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLockOfTheJdkIsOfTheThreadToo(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var lock = new ReentrantLock();
      var greenlet =
          new Greenlet(_ -> {
            lock.lock();
            main.switchTo();
            lock.unlock();
            return null;
          });

      greenlet.switchTo();
      assertTrue(lock.isHeldByCurrentThread());
      greenlet.switchTo();

      assertFalse(lock.isLocked());
    });
  }

  @ParameterizedTest
  @EnumSource
  void threadLocalsAndTheInterruptAreOfTheThread(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var local = new ThreadLocal<String>();
      var greenlet =
          new Greenlet(_ -> {
            local.set("of the greenlet");
            Thread.currentThread().interrupt();
            return main.switchTo(Thread.currentThread());
          });

      assertSame(Thread.currentThread(), greenlet.switchTo());

      assertEquals("of the greenlet", local.get());
      assertTrue(Thread.interrupted());
    });
  }

  @ParameterizedTest
  @EnumSource
  void scopedValuesAreOfTheGreenlet(Where where) throws Exception {
    where.run(() -> {
      var main = Greenlet.current();
      var greenlet =
          new Greenlet(_ -> {
            main.switchTo(SCOPED.get());
            return ScopedValue.where(SCOPED, "of the greenlet")
                .call(() -> {
                  main.switchTo(SCOPED.get());
                  return SCOPED.get();
                });
          });

      ScopedValue.where(SCOPED, "of whoever began it")
          .run(() -> assertEquals("of whoever began it", greenlet.switchTo()));
      assertFalse(SCOPED.isBound());
      assertEquals("of the greenlet", greenlet.switchTo());
      assertFalse(SCOPED.isBound());
      ScopedValue.where(SCOPED, "of another")
          .run(() -> {
            assertEquals("of the greenlet", greenlet.switchTo());
            assertEquals("of another", SCOPED.get());
          });
      assertFalse(SCOPED.isBound());
    });
  }

  // --------------------------------------------------------------------------------------- helpers

  /// {@return whether another thread can enter a monitor}
  private static boolean isFree(Object monitor) throws InterruptedException {
    var entered = new CountDownLatch(1);
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              synchronized (monitor) {
                entered.countDown();
              }
            });
    while (entered.getCount() > 0 && thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    return entered.getCount() == 0;
  }
}
