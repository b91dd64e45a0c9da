package net.eventlet;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// As [UnwindFuzzTest], on two hubs at once, with plain threads that kill: nothing is lost between
/// threads either. What happens depends on who is faster, so that a round has a number and no seed.
@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class HubsFuzzTest {

  private static final int ITEMS = 40;
  private static final int WORKERS = 12;
  private static final int KILLS = 400;
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final Queue<Integer> bank = new ConcurrentLinkedQueue<>();
  private final ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
  private final ReentrantLock lock = new ReentrantLock();
  private final Semaphore mayRead = new Semaphore(1);
  private final Semaphore mayWrite = new Semaphore(1);
  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicReferenceArray<@Nullable GreenThread<?>> workers =
      new AtomicReferenceArray<>(WORKERS);
  private final Connected pipe = new Connected();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private int inLock; // guarded by the lock
  private volatile boolean peace;

  /// Killed on purpose, with an exception of the killer's own.
  private static final class Mine extends Exception {

    private static final long serialVersionUID = 1;

    Mine() {
      super("killed with this");
    }
  }

  HubsFuzzTest() throws IOException {}

  static IntStream rounds() {
    return IntStream.range(0, 6);
  }

  @ParameterizedTest(name = "round {0}")
  @MethodSource("rounds")
  void nothingIsLostBetweenHubs(int round) throws Exception {
    for (var item = 0; item < ITEMS; item++) {
      bank.add(item);
    }
    try (var uncaught = Uncaught.watch(); // told of those that were cancelled, and failed later
        pipe;
        var first = Hub.start("first");
        var second = Hub.start("second")) {
      var hubs = List.of(first, second);
      for (var i = 0; i < WORKERS; i++) {
        hire(i, hubs);
      }

      var killers =
          List.of(
              Thread.ofPlatform().start(() -> harm(new Random(round), hubs)),
              Thread.ofPlatform().start(() -> harm(new Random(-1 - round), hubs)));
      for (var killer : killers) {
        killer.join();
      }
      peace = true;
      awaitEndOfWork(hubs);

      assertNothingIsLost();
      uncaught.causes().forEach(this::check);
      assertEquals(List.of(), List.copyOf(failures));
      for (var hub : hubs) {
        awaitIdle(hub);
      }
    }
  }

  static IntStream manyRounds() {
    return IntStream.range(1_000, 1_500);
  }

  @Tag("soak")
  @ParameterizedTest(name = "round {0}")
  @MethodSource("manyRounds")
  void nothingIsLostBetweenHubsInManyRounds(int round) throws Exception {
    nothingIsLostBetweenHubs(round);
  }

  /// Each green thread makes system calls off its socket's home, and wakes one of the next hub,
  /// which sleeps most of the time.
  @Tag("soak")
  @RepeatedTest(5)
  void hubsThatWakeEachOtherGoOn() throws Exception {
    var hubs = Stream.of("first", "second", "third", "fourth").map(Hub::start).toList();
    var done = new AtomicLong();
    var socket = new GreenSocket();
    try {
      for (var i = 0; i < 8 * hubs.size(); i++) {
        var other = hubs.get((i + 1) % hubs.size());
        spawn(
            hubs.get(i % hubs.size()),
            () -> {
              while (true) {
                socket.getKeepAlive();
                spawn(other, () -> socket.getKeepAlive()).await();
                done.incrementAndGet();
              }
            });
      }

      var before = -1L;
      for (var i = 0; i < 40; i++) {
        var now = done.get();
        assertNotEquals(before, now, "they have locked up");
        before = now;
        Thread.sleep(200);
      }
    } finally {
      hubs.forEach(Hub::close);
      socket.close();
    }
  }

  private void hire(int place, List<Hub> hubs) {
    var hub = hubs.get(place % hubs.size());
    var worker = spawn(hub, () -> work(hubs.get((place + 1) % hubs.size())));
    worker.link(this::check);
    workers.set(place, worker);
  }

  private void check(GreenThread<?> worker) {
    if (worker.state() == Future.State.FAILED) {
      check(worker.exceptionNow());
    }
  }

  private void check(Throwable failure) {
    switch (failure) {
      case Mine _, InterruptedException _ -> {}
      case Throwable unexpected -> failures.add(unexpected);
    }
  }

  private void harm(Random random, List<Hub> hubs) {
    for (var i = 0; i < KILLS; i++) {
      var place = random.nextInt(WORKERS);
      var victim = workers.get(place);
      if (victim == null || victim.isDone()) {
        hire(place, hubs);
        continue;
      }
      switch (random.nextInt(5)) {
        case 0 -> victim.kill();
        case 1 -> victim.kill(new Mine());
        case 2 -> victim.cancel(true);
        case 3 -> spawn(hubs.get(random.nextInt(2)), () -> victim.kill());
        default -> victim.thread().interrupt();
      }
      spinFor(random.nextInt(100_000));
    }
  }

  private void awaitEndOfWork(List<Hub> hubs) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE_NANOS;
    while (atWork.get() > 0 && System.nanoTime() - deadline < 0) {
      for (var i = 0; i < WORKERS; i++) {
        var worker = workers.get(i);
        if (worker != null) {
          worker.kill(); // again, as one that hires might have been late
        }
      }
      for (var hub : hubs) {
        spawn(hub, () -> sleep());
      }
      Thread.sleep(1);
    }
    assertEquals(0, atWork.get(), "they were killed, and go on");
  }

  private void assertNothingIsLost() throws IOException {
    bank.addAll(queue);
    pipe.connected().shutdownOutput();
    pipe.accepted().readLimit(null);
    for (var item : pipe.accepted().getInputStream().readAllBytes()) {
      bank.add((int) item);
    }
    assertEquals(IntStream.range(0, ITEMS).boxed().toList(), bank.stream().sorted().toList());
    assertFalse(lock.isLocked());
    assertFalse(lock.hasQueuedThreads());
    assertEquals(1, mayRead.availablePermits());
    assertEquals(1, mayWrite.availablePermits());
  }

  private static void awaitIdle(Hub hub) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() - deadline < 0) {
      var statistics = hub.statistics();
      if (statistics.alive() == 0 && statistics.runnable() == 0 && statistics.timers() == 0) {
        return;
      }
      Thread.sleep(1);
    }
    assertEquals("idle", hub.statistics().toString());
  }

  // -------------------------------------------------------------------------------- what one does

  private void work(Hub other) throws Exception {
    atWork.incrementAndGet();
    try {
      while (!peace) {
        if (random(3) == 0) {
          Timeout.run(soon(), () -> doSomething(other));
        } else {
          doSomething(other);
        }
      }
    } finally {
      atWork.decrementAndGet();
    }
  }

  private void doSomething(Hub other) throws Exception {
    switch (random(8)) {
      case 0 -> withItem(_ -> sleep(soon()));
      case 1 -> withItem(this::putIntoQueue);
      case 2 -> keep(queue.poll(random(300), MICROSECONDS));
      case 3 -> withItem(this::sendThroughPipe);
      case 4 -> receiveFromPipe();
      case 5 -> withItem(hand -> giveTo(other, hand));
      case 6 -> withItem(_ -> holdLock());
      default -> awaitLatch(other);
    }
  }

  /// An item that somebody has taken.
  private static final class Hand {

    private final int item;
    private boolean full = true; // until it is passed on

    Hand(int item) {
      this.item = item;
    }
  }

  /// What is done with an item in one's hand.
  private interface Errand {

    /// Does it, and empties the hand if it passes the item on.
    void with(Hand hand) throws Exception;
  }

  /// Takes an item from the bank; what is not passed on returns there.
  private void withItem(Errand errand) throws Exception {
    var item = bank.poll();
    if (item == null) {
      sleep();
      return;
    }
    var hand = new Hand(item);
    try {
      errand.with(hand);
    } finally {
      if (hand.full) {
        bank.add(item);
      }
    }
  }

  private void keep(@Nullable Integer item) {
    if (item != null) {
      bank.add(item);
    }
  }

  private void putIntoQueue(Hand hand) throws InterruptedException {
    hand.full = !queue.offer(hand.item, random(300), MICROSECONDS);
  }

  private void sendThroughPipe(Hand hand) throws IOException {
    if (mayWrite.tryAcquire()) {
      try {
        pipe.connected().write(new byte[] {(byte) hand.item}, 0, 1);
        hand.full = false;
      } finally {
        mayWrite.release();
      }
    }
  }

  private void receiveFromPipe() throws IOException {
    if (!mayRead.tryAcquire()) {
      return;
    }
    try {
      pipe.accepted().readLimit(Duration.ofNanos(1 + random(300_000)));
      var one = new byte[1];
      if (pipe.accepted().read(one, 0, 1) == 1) {
        bank.add((int) one[0]);
      }
    } catch (SocketTimeoutException ranOut) {
      // as it may
    } finally {
      mayRead.release();
    }
  }

  private void giveTo(Hub other, Hand hand) throws Exception {
    var child = spawn(other, () -> keepAfterSleep(hand.item));
    hand.full = false;
    try {
      if (random(2) == 0) {
        child.await();
      } else {
        child.await(soon());
      }
    } catch (TimeoutException ranOut) {
      // it goes on
    } finally {
      hand.full = child.cancel();
    }
  }

  private void keepAfterSleep(int item) {
    atWork.incrementAndGet();
    try {
      sleep(soon());
    } finally {
      bank.add(item);
      atWork.decrementAndGet();
    }
  }

  private void holdLock() throws Exception {
    if (random(2) == 0) {
      lock.lockInterruptibly();
    } else if (!lock.tryLock(random(300), MICROSECONDS)) {
      return;
    }
    try {
      assertEquals(1, ++inLock);
      sleep(soon());
    } finally {
      inLock--;
      lock.unlock();
    }
  }

  private static void awaitLatch(Hub other) throws Exception {
    var latch = new CountDownLatch(2);
    spawn(other, latch::countDown);
    spawn(latch::countDown);
    latch.await();
  }

  private static Duration soon() {
    return Duration.ofNanos(random(200_000));
  }

  private static int random(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }

  private static void spinFor(long nanos) {
    var end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
