package net.eventlet.hubs;

import static java.time.Duration.ofHours;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.Parking.ticks;
import static net.eventlet.hubs.Parking.waiting;
import static net.eventlet.hubs.Parking.waitingInVain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The JDK's locks, queues and sleeps inside green threads, with a partner on the same hub, on
/// another, or in a thread of the JDK's: whoever waits leaves the hub to the others.
@Bounded
@ParameterizedClass(name = "{0}")
@EnumSource(JdkLocksTest.Partner.class)
class JdkLocksTest {

  private static final int ROUNDS = 2000;

  @Parameter Partner partner;

  private Hub hub;
  private Hub other;

  /// Where the other side of a wait runs.
  enum Partner {
    SAME_HUB,
    OTHER_HUB,
    STOCK_VIRTUAL_THREAD,
    PLAIN_THREAD
  }

  @BeforeEach
  void open() {
    hub = Hub.start("hub");
    other = Hub.start("other");
  }

  @AfterEach
  void close() {
    hub.close();
    other.close();
  }

  @Test
  void whoSleepsIsInterrupted() throws Exception {
    run(() -> {
      var sleeper = new FutureTask<>(() -> interrupted(() -> Thread.sleep(ofHours(1))));
      var fiber = OnHub.start(sleeper::run);
      ticks(sleeper);
      get(partner(fiber.thread()::interrupt));
      assertTrue(get(sleeper));
    });
  }

  @Test
  void whoWaitsForALockGetsIt() throws Exception {
    var lock = new ReentrantLock();
    run(() -> {
      var locked = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var holder =
          partner(() -> {
            lock.lock();
            locked.countDown();
            release.await();
            lock.unlock();
          });
      locked.await();
      var waiting =
          waiting(() -> {
            lock.lock();
            lock.unlock();
            return true;
          });
      release.countDown();
      get(holder);
      assertTrue(get(waiting));
    });
  }

  @Test
  void whoWaitsForAWriteLockGetsIt() throws Exception {
    var lock = new ReentrantReadWriteLock();
    run(() -> {
      var locked = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var holder =
          partner(() -> {
            lock.readLock().lock();
            locked.countDown();
            release.await();
            lock.readLock().unlock();
          });
      locked.await();
      var waiting =
          waiting(() -> {
            lock.writeLock().lock();
            return lock.isWriteLockedByCurrentThread();
          });
      release.countDown();
      get(holder);
      assertTrue(get(waiting));
    });
  }

  @Test
  void whoWaitsForAMonitorGetsIt() throws Exception {
    var monitor = new Object();
    run(() -> {
      var locked = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var holder =
          partner(() -> {
            synchronized (monitor) {
              locked.countDown();
              release.await();
            }
          });
      locked.await();
      var waiting =
          waiting(() -> {
            synchronized (monitor) {
              return true;
            }
          });
      release.countDown();
      get(holder);
      assertTrue(get(waiting));
    });
  }

  @Test
  void whoWaitsForAConditionIsSignalled() throws Exception {
    var lock = new ReentrantLock();
    var condition = lock.newCondition();
    run(() -> {
      var signalled = new boolean[1];
      var waiting =
          waiting(() -> {
            lock.lock();
            try {
              while (!signalled[0]) {
                condition.await();
              }
              return true;
            } finally {
              lock.unlock();
            }
          });
      get(
          partner(() -> {
            lock.lock();
            signalled[0] = true;
            condition.signal();
            lock.unlock();
          }));
      assertTrue(get(waiting));
    });
  }

  @Test
  void whoWaitsOnAnObjectIsNotified() throws Exception {
    var monitor = new Object();
    run(() -> {
      var notified = new boolean[2];
      var waiting = waiting(() -> awaitFlag(monitor, notified, 0, 0));
      var waitingForATime = waiting(() -> awaitFlag(monitor, notified, 1, 60_000));
      get(
          partner(() -> {
            synchronized (monitor) {
              notified[0] = true;
              notified[1] = true;
              monitor.notifyAll();
            }
          }));
      assertTrue(get(waiting));
      assertTrue(get(waitingForATime));
    });
  }

  @Test
  void whoWaitsOnAnObjectIsInterrupted() throws Exception {
    var monitor = new Object();
    run(() -> {
      for (var millis : List.of(0, 60_000)) {
        var waiter =
            new FutureTask<>(
                () -> interrupted(() -> awaitFlag(monitor, new boolean[1], 0, millis)));
        var fiber = OnHub.start(waiter::run);
        ticks(waiter);
        get(partner(fiber.thread()::interrupt));
        assertTrue(get(waiter));
      }
    });
  }

  @Test
  void whoWaitsForAQueueGetsWhatIsPut() throws Exception {
    for (var queue :
        List.of(
            new LinkedBlockingQueue<Integer>(),
            new ArrayBlockingQueue<Integer>(1),
            new SynchronousQueue<Integer>())) {
      run(() -> {
        var waiting = waiting(queue::take);
        get(partner(() -> queue.put(7)));
        assertEquals(7, get(waiting));
      });
    }
  }

  @Test
  void whoWaitsForRoomInAQueueGetsIt() throws Exception {
    var queue = new ArrayBlockingQueue<Integer>(1);
    run(() -> {
      queue.put(1);
      var waiting =
          waiting(() -> {
            queue.put(2);
            return true;
          });
      get(partner(queue::take));
      assertTrue(get(waiting));
    });
  }

  @Test
  void whoWaitsForAFutureGetsItsValue() throws Exception {
    run(() -> {
      var future = new CompletableFuture<String>();
      var waiting = waiting(future::get);
      var joining = waiting(future::join);
      get(partner(() -> future.complete("done")));
      assertEquals("done", get(waiting));
      assertEquals("done", get(joining));
    });
  }

  @Test
  void whoWaitsForALatchASemaphoreOrABarrierGetsOn() throws Exception {
    run(() -> {
      var latch = new CountDownLatch(1);
      var atLatch =
          waiting(() -> {
            latch.await();
            return true;
          });
      get(partner(latch::countDown));
      assertTrue(get(atLatch));

      var semaphore = new Semaphore(0);
      var atSemaphore =
          waiting(() -> {
            semaphore.acquire();
            return true;
          });
      get(partner(semaphore::release));
      assertTrue(get(atSemaphore));

      var barrier = new CyclicBarrier(2);
      var atBarrier = waiting(barrier::await);
      get(partner(barrier::await));
      assertEquals(1, get(atBarrier));

      var exchanger = new Exchanger<String>();
      var exchanging = waiting(() -> exchanger.exchange("here"));
      get(partner(() -> assertEquals("here", exchanger.exchange("there"))));
      assertEquals("there", get(exchanging));
    });
  }

  @Test
  void whoJoinsAThreadWaitsForItsEnd() throws Exception {
    run(() -> {
      var latch = new CountDownLatch(1);
      var thread = partnerThread(latch::await);
      var waiting =
          waiting(() -> {
            thread.join();
            return thread.isAlive();
          });
      latch.countDown();
      assertFalse(get(waiting));
    });
  }

  @Test
  void aPartnerWaitsForAGreenThreadAsWell() throws Exception {
    run(() -> {
      var queue = new LinkedBlockingQueue<Integer>();
      var future = new CompletableFuture<Integer>();
      var waiting = partner(() -> assertEquals(7, queue.take() + future.get()));
      ticks(waiting);
      queue.put(3);
      future.complete(4);
      get(waiting);
    });
  }

  @Test
  void aMonitorThatBothWantAllTheTimeGoesToAndFro() throws Exception {
    var monitor = new Object();
    var turns = new int[1];
    run(() -> {
      OnHub.Body play =
          () -> {
            for (var i = 0; i < ROUNDS; i++) {
              synchronized (monitor) {
                turns[0]++;
                if (i % 100 == 0) {
                  pass(); // while it holds the monitor
                }
              }
            }
          };
      OnHub.Body playElsewhere =
          () -> {
            for (var i = 0; i < ROUNDS; i++) {
              synchronized (monitor) {
                turns[0]++;
                if (i % 100 == 0) {
                  Thread.yield();
                }
              }
            }
          };
      var there = partner(playElsewhere);
      play.run();
      get(there);
    });

    assertEquals(2 * ROUNDS, turns[0]);
  }

  @Test
  void waitAndNotifyPlayPingPong() throws Exception {
    var monitor = new Object();
    var ball = new int[1];
    run(() -> {
      var there = partner(() -> play(monitor, ball, 1));
      play(monitor, ball, 0);
      get(there);
    });

    assertEquals(2 * ROUNDS, ball[0]);
  }

  @Test
  void queuesPlayPingPong() throws Exception {
    var to = new ArrayBlockingQueue<Integer>(1);
    var from = new SynchronousQueue<Integer>();
    run(() -> {
      var there =
          partner(() -> {
            for (var i = 0; i < ROUNDS; i++) {
              from.put(to.take());
            }
          });
      for (var i = 0; i < ROUNDS; i++) {
        to.put(i);
        assertEquals(i, from.take());
      }
      get(there);
    });
  }

  @Test
  void waitsForATimeEndInVainWithoutHoldingTheHubUp() throws Exception {
    var lock = new ReentrantLock();
    var monitor = new Object();
    run(() -> {
      var locked = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var holder =
          partner(() -> {
            lock.lock();
            locked.countDown();
            release.await();
            lock.unlock();
          });
      locked.await();

      waitingInVain(() -> {
        Thread.sleep(20);
        return true;
      });
      assertFalse(waitingInVain(() -> lock.tryLock(20, MILLISECONDS)));
      assertEquals(null, waitingInVain(() -> new LinkedBlockingQueue<>().poll(20, MILLISECONDS)));
      assertFalse(waitingInVain(() -> new CountDownLatch(1).await(20, MILLISECONDS)));
      assertFalse(waitingInVain(() -> new Semaphore(0).tryAcquire(20, MILLISECONDS)));
      waitingInVain(() ->
          assertThrows(
              TimeoutException.class, () -> new CompletableFuture<>().get(20, MILLISECONDS)));
      waitingInVain(() -> {
        synchronized (monitor) {
          monitor.wait(20);
        }
        return true;
      });
      release.countDown();
      get(holder);
    });
  }

  @Test
  void thoseOfOneHubWhoWaitForAQueueAreServedInTheirOrder() throws Exception {
    var queue = new LinkedBlockingQueue<Integer>();
    var served = new ArrayList<List<Integer>>(); // the hub's
    run(() -> {
      var takers =
          IntStream.range(0, 10)
              .mapToObj(i -> Hub.current().spawn(() -> served.add(List.of(i, queue.take()))))
              .toList();
      ticks(takers.getLast());
      get(
          partner(() -> {
            for (var i = 0; i < 10; i++) {
              queue.put(i);
            }
          }));
      for (var taker : takers) {
        assertTrue(get(taker));
      }
    });

    if (partner == Partner.SAME_HUB) { // else the JDK promises no order
      assertEquals(IntStream.range(0, 10).mapToObj(i -> List.of(i, i)).toList(), served);
    }
  }

  private static boolean awaitFlag(Object monitor, boolean[] flags, int flag, long millis)
      throws InterruptedException {
    synchronized (monitor) {
      while (!flags[flag]) {
        monitor.wait(millis);
      }
      return true;
    }
  }

  private static void play(Object monitor, int[] ball, int side) throws InterruptedException {
    for (var i = 0; i < ROUNDS; i++) {
      synchronized (monitor) {
        while (ball[0] % 2 != side) {
          monitor.wait();
        }
        ball[0]++;
        monitor.notifyAll();
      }
    }
  }

  private static boolean interrupted(OnHub.Body wait) throws Exception {
    assertThrows(InterruptedException.class, wait::run);
    return !Thread.currentThread().isInterrupted();
  }

  private Future<Boolean> partner(OnHub.Body body) throws Exception {
    var task = task(body);
    threadOf(task).start();
    return task;
  }

  private Thread partnerThread(OnHub.Body body) throws Exception {
    var thread = threadOf(task(body));
    thread.start();
    return thread;
  }

  private static FutureTask<Boolean> task(OnHub.Body body) {
    return new FutureTask<>(() -> {
      body.run();
      return true;
    });
  }

  private Thread threadOf(Runnable task) throws Exception {
    return switch (partner) {
      case SAME_HUB -> hub.threadFactory().newThread(task);
      case OTHER_HUB -> other.threadFactory().newThread(task);
      case PLAIN_THREAD -> Thread.ofPlatform().unstarted(task);
      case STOCK_VIRTUAL_THREAD -> {
        var made = new FutureTask<>(() -> Thread.ofVirtual().unstarted(task));
        Thread.ofPlatform().start(made); // where it does not inherit the hub
        yield made.get();
      }
    };
  }

  private void run(OnHub.Body body) throws Exception {
    get(
        hub.spawn(() -> {
          body.run();
          return true;
        }));
  }
}
