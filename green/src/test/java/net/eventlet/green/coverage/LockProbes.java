package net.eventlet.green.coverage;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import net.eventlet.green.coverage.Probe.Wait;

/// Sleeps, and waits for monitors, locks and other threads.
final class LockProbes {

  static final List<Probe> ALL =
      List.of(
          parks(
              "sleeping",
              "Thread.sleep",
              wait -> {
                wait.begin();
                Thread.sleep(Probe.TIME);
              }),
          parks(
              "sleeping",
              "TimeUnit.sleep",
              wait -> {
                wait.begin();
                MILLISECONDS.sleep(Probe.TIME.toMillis());
              }),
          parks(
              "joining",
              "Thread.join of a platform thread",
              wait -> {
                var over = new CountDownLatch(1);
                var thread = Thread.ofPlatform().daemon().start(() -> Probe.await(over));
                wait.begin(over::countDown);
                thread.join();
              }),
          parks(
              "joining",
              "TimeUnit.timedJoin",
              wait -> {
                var over = new CountDownLatch(1);
                var thread = Thread.ofPlatform().daemon().start(() -> Probe.await(over));
                wait.begin(over::countDown);
                SECONDS.timedJoin(thread, 10);
              }),
          parks(
              "parking",
              "LockSupport.park",
              wait -> {
                var parked = Thread.currentThread();
                wait.begin(() -> LockSupport.unpark(parked));
                LockSupport.park();
              }),
          parks(
              "parking",
              "LockSupport.parkNanos",
              wait -> {
                wait.begin();
                LockSupport.parkNanos(Probe.TIME.toNanos());
              }),
          parks("monitors", "synchronized", LockProbes::enterMonitor),
          parks(
              "monitors",
              "Object.wait",
              wait -> {
                var monitor = new Object();
                wait.begin(() -> notify(monitor));
                synchronized (monitor) {
                  monitor.wait();
                }
              }),
          parks(
              "monitors",
              "Object.wait with a limit",
              wait -> {
                var monitor = new Object();
                wait.begin();
                synchronized (monitor) {
                  monitor.wait(Probe.TIME.toMillis());
                }
              }),
          parks("locks", "ReentrantLock.lock", wait -> take(wait, new ReentrantLock())),
          parks(
              "locks",
              "ReentrantReadWriteLock.writeLock",
              wait -> take(wait, new ReentrantReadWriteLock().writeLock())),
          parks(
              "locks",
              "StampedLock.asWriteLock",
              wait -> take(wait, new StampedLock().asWriteLock())),
          parks(
              "locks",
              "Condition.await",
              wait -> {
                var lock = new ReentrantLock();
                var condition = lock.newCondition();
                lock.lock();
                wait.begin(() -> {
                  lock.lock();
                  condition.signal();
                  lock.unlock();
                });
                condition.await();
                lock.unlock();
              }),
          parks(
              "locks",
              "Lock.tryLock with a limit",
              wait -> {
                var lock = new ReentrantLock();
                hold(lock, new CountDownLatch(1));
                wait.begin();
                lock.tryLock(Probe.TIME.toMillis(), MILLISECONDS);
              }),
          parks(
              "synchronizers",
              "Semaphore.acquire",
              wait -> {
                var semaphore = new Semaphore(0);
                wait.begin(semaphore::release);
                semaphore.acquire();
              }),
          parks(
              "synchronizers",
              "CountDownLatch.await",
              wait -> {
                var latch = new CountDownLatch(1);
                wait.begin(latch::countDown);
                latch.await();
              }),
          parks(
              "synchronizers",
              "CyclicBarrier.await",
              wait -> {
                var barrier = new CyclicBarrier(2);
                wait.begin(barrier::await);
                barrier.await();
              }),
          parks(
              "synchronizers",
              "Phaser.arriveAndAwaitAdvance",
              wait -> {
                var phaser = new Phaser(2);
                wait.begin(phaser::arrive);
                phaser.arriveAndAwaitAdvance();
              }),
          parks(
              "synchronizers",
              "Exchanger.exchange",
              wait -> {
                var exchanger = new Exchanger<String>();
                wait.begin(() -> exchanger.exchange("from outside"));
                exchanger.exchange("from inside");
              }));

  private LockProbes() {}

  private static Probe parks(String group, String call, Probe.Body body) {
    return new Probe(group, call, Behaviour.PARKS, body);
  }

  private static void enterMonitor(Wait wait) throws InterruptedException {
    var monitor = new Object();
    var taken = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          synchronized (monitor) {
            taken.countDown();
            Probe.await(over);
          }
        });
    taken.await();
    wait.begin(over::countDown);
    synchronized (monitor) {
      over.countDown();
    }
  }

  private static void notify(Object monitor) {
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  private static void take(Wait wait, Lock lock) throws InterruptedException {
    var over = new CountDownLatch(1);
    hold(lock, over);
    wait.begin(over::countDown);
    lock.lock();
    lock.unlock();
  }

  private static void hold(Lock lock, CountDownLatch until) throws InterruptedException {
    var taken = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          lock.lock();
          taken.countDown();
          Probe.await(until);
          lock.unlock();
        });
    taken.await();
  }
}
