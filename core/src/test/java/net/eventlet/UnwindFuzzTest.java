package net.eventlet;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any kills and timeouts, at any wait: nothing is lost and nothing doubled.
///
/// Workers pass numbered items around, through every kind of wait there is, while one of them after
/// the other is killed, interrupted, or times out. An item is always in exactly one place: in a
/// worker's hand, who puts it into the bank when it is unwound; in the bank; in a queue; or on its
/// way through a socket. The clock is moved by the seed's own steps.
@Bounded
@Tag("poller")
@SuppressWarnings("FutureReturnValueIgnored")
class UnwindFuzzTest {

  private static final int ITEMS = 40;
  private static final int WORKERS = 12;
  private static final int TURNS = 1_500;
  private static final long PATIENCE_NANOS = 3_000_000_000L; // monitors need a thread of the JDK's

  static IntStream seeds() {
    return IntStream.range(0, 24);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsLost(int seed) throws Exception {
    var now = new AtomicLong();
    try (var hub = Hub.start("fuzz", HubOptions.DEFAULT.withClock(now::get))) {
      spawn(hub, () -> new Town(seed, now).live()).await();
    }
  }

  static IntStream manySeeds() {
    return IntStream.range(1_000, 3_000);
  }

  @Tag("soak")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  void nothingIsLostWhateverTheSeed(int seed) throws Exception {
    nothingIsLost(seed);
  }

  /// Killed on purpose, with an exception of the killer's own.
  private static final class Mine extends Exception {

    private static final long serialVersionUID = 1;

    Mine() {
      super("killed with this");
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

  /// Everybody, and everything that is passed around.
  private static final class Town {

    private final Random random;
    private final AtomicLong now;

    private final ArrayDeque<Integer> bank = new ArrayDeque<>();
    private final ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
    private final List<GreenSocket> arrived = new ArrayList<>(); // accepted, and not read yet
    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore semaphore = new Semaphore(2);
    private final Object monitor = new Object();
    private final Connected pipe = new Connected();
    private final GreenServerSocket listener = Eventlet.listen(Connected.LOOPBACK);
    private final Set<GreenThread<?>> killed = new HashSet<>();
    private final List<GreenThread<?>> workers = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private int inLock;
    private boolean reading; // one at a time, as a socket wants
    private boolean writing;
    private boolean accepting;
    private boolean over;
    private boolean peace;

    Town(int seed, AtomicLong now) throws IOException {
      random = new Random(seed);
      this.now = now;
    }

    void live() throws Exception {
      for (var item = 0; item < ITEMS; item++) {
        bank.add(item);
      }
      var ticker = spawn(this::tick);
      for (var turn = 0; turn < TURNS; turn++) {
        hire();
        harm();
        sleep();
      }
      awaitEndOf(killed, "killed, and goes on");
      peace = true;
      for (var worker : workers) {
        worker.kill();
      }
      awaitEndOf(workers, "killed at the end, and goes on");
      assertNothingIsLost();
      over = true;
      ticker.await();
      close();
      assertEquals(1, Hub.current().statistics().alive());
      assertEquals(0, Hub.current().statistics().timers());
      assertEquals(List.of(), failures);
    }

    private void tick() {
      while (!over) {
        now.addAndGet(random.nextInt(50_000));
        sleep();
      }
    }

    private void hire() {
      while (workers.stream().filter(worker -> !worker.isDone()).count() < WORKERS) {
        var worker = spawn(this::work);
        worker.link(this::check);
        workers.add(worker);
      }
    }

    private void check(GreenThread<?> worker) {
      if (worker.state() != Future.State.FAILED) {
        return;
      }
      switch (worker.exceptionNow()) {
        case Mine _, InterruptedException _ -> {}
        case SocketException e when "Closed by interrupt".equals(e.getMessage()) -> {}
        case Throwable unexpected -> failures.add(unexpected);
      }
    }

    private void harm() {
      var victim = workers.get(random.nextInt(workers.size()));
      switch (random.nextInt(12)) {
        case 0 -> {
          killed.add(victim);
          victim.kill();
        }
        case 1 -> {
          killed.add(victim);
          victim.kill(new Mine());
        }
        case 2 -> {
          if (!victim.isDone() && victim.thread().isAlive()) {
            victim.thread().interrupt();
          }
        }
        default -> {}
      }
    }

    private void awaitEndOf(Iterable<GreenThread<?>> victims, String otherwise) {
      var deadline = System.nanoTime() + PATIENCE_NANOS;
      for (var victim : victims) {
        while (!victim.isDone() && System.nanoTime() - deadline < 0) {
          sleep();
        }
        assertTrue(
            victim.isDone(),
            () -> victim + " was " + otherwise + ", " + victim.thread() + ": " + stackOf(victim));
      }
    }

    private static String stackOf(GreenThread<?> victim) {
      return Stream.of(victim.thread().getStackTrace())
          .map(StackTraceElement::toString)
          .collect(Collectors.joining("\n    "));
    }

    private void assertNothingIsLost() throws Exception {
      bank.addAll(queue);
      var inPipe = new byte[ITEMS];
      while (pipe.accepted().getInputStream().available() > 0) {
        var count = pipe.accepted().read(inPipe, 0, ITEMS);
        for (var i = 0; i < count; i++) {
          bank.add((int) inPipe[i]);
        }
      }
      listener.setSoTimeout(1);
      while (true) {
        try {
          arrived.add(listener.accept());
        } catch (SocketTimeoutException all) {
          break;
        }
      }
      for (var connection : arrived) {
        var item = connection.getInputStream().read();
        if (item >= 0) { // its sender was not killed before it sent
          bank.add(item);
        }
        connection.close();
      }

      assertEquals(IntStream.range(0, ITEMS).boxed().toList(), bank.stream().sorted().toList());
      assertEquals(0, inLock);
      assertFalse(lock.isLocked());
      assertFalse(lock.hasQueuedThreads());
      assertEquals(2, semaphore.availablePermits());
    }

    private void close() {
      pipe.close();
      listener.close();
    }

    // ------------------------------------------------------------------------------ what one does

    private void work() throws Exception {
      while (!peace) {
        perhapsInTime(this::doSomething);
      }
    }

    private void perhapsInTime(Action action) throws Exception {
      switch (random.nextInt(4)) {
        case 0 -> Timeout.run(soon(), action);
        case 1 -> Timeout.run(soon(), () -> Timeout.run(soon(), action));
        case 2 -> {
          try {
            Timeout.call(
                soon(),
                () -> {
                  action.run();
                  return "done";
                });
          } catch (Timeout ranOut) {
            // as it may
          }
        }
        default -> action.run();
      }
    }

    private Duration soon() {
      return Duration.ofNanos(random.nextInt(400_000));
    }

    private void doSomething() throws Exception {
      switch (random.nextInt(13)) {
        case 0 -> sleep();
        case 1 -> withItem(_ -> sleep(soon()));
        case 2 -> withItem(this::putIntoQueue);
        case 3 -> keep(queue.poll(random.nextInt(300), MICROSECONDS));
        case 4 -> withItem(this::sendThroughPipe);
        case 5 -> receiveFromPipe();
        case 6 -> withItem(this::sendByConnecting);
        case 7 -> accept();
        case 8 -> withItem(_ -> holdLock());
        case 9 -> withItem(this::giveToChild);
        case 10 -> awaitLatch();
        case 11 -> withItem(_ -> holdPermit());
        default -> waitInTheJdk();
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
      if (random.nextBoolean()) {
        hand.full = !queue.offer(hand.item, random.nextInt(300), MICROSECONDS);
      } else {
        queue.put(hand.item);
        hand.full = false;
      }
    }

    private void sendThroughPipe(Hand hand) throws IOException {
      if (writing) {
        return;
      }
      writing = true;
      try {
        pipe.connected().write(new byte[] {(byte) hand.item}, 0, 1);
        hand.full = false;
      } finally {
        writing = false;
      }
    }

    private void receiveFromPipe() throws IOException {
      if (reading) {
        return;
      }
      reading = true;
      try {
        pipe.accepted().readLimit(Duration.ofNanos(1 + random.nextInt(300_000)));
        var one = new byte[1];
        if (pipe.accepted().read(one, 0, 1) == 1) {
          bank.add((int) one[0]);
        }
      } catch (SocketTimeoutException ranOut) {
        // as it may
      } finally {
        reading = false;
      }
    }

    private void sendByConnecting(Hand hand) throws IOException {
      try (var connection = Eventlet.connect(Connected.addressOf(listener))) {
        connection.getOutputStream().write(hand.item);
        hand.full = false;
      }
    }

    private void accept() throws IOException {
      if (accepting || listener.isClosed()) {
        return;
      }
      accepting = true;
      GreenSocket connection;
      try {
        listener.setSoTimeout(1);
        connection = listener.accept();
      } catch (SocketTimeoutException ranOut) {
        return;
      } finally {
        accepting = false;
      }
      arrived.add(connection);
      var item = connection.getInputStream().read();
      if (item >= 0) {
        bank.add(item);
      }
      arrived.remove(connection);
      connection.close();
    }

    private void holdLock() throws Exception {
      switch (random.nextInt(3)) {
        case 0 -> lock.lock();
        case 1 -> lock.lockInterruptibly();
        default -> {
          if (!lock.tryLock(random.nextInt(300), MICROSECONDS)) {
            return;
          }
        }
      }
      try {
        assertEquals(1, ++inLock);
        sleep(soon());
      } finally {
        inLock--;
        lock.unlock();
      }
    }

    private void giveToChild(Hand hand) throws Exception {
      var child = spawn(() -> keepAfterSleep(hand.item));
      hand.full = false;
      try {
        if (random.nextBoolean()) {
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
      try {
        sleep(soon());
      } finally {
        bank.add(item);
      }
    }

    private void awaitLatch() throws Exception {
      var latch = new CountDownLatch(2);
      spawn(latch::countDown);
      Thread.startVirtualThread(latch::countDown);
      latch.await();
    }

    private void holdPermit() throws Exception {
      semaphore.acquire();
      try {
        sleep(soon());
      } finally {
        semaphore.release();
      }
    }

    @SuppressWarnings("WaitNotInLoop") // for a time only
    private void waitInTheJdk() throws Exception {
      switch (random.nextInt(8)) {
        case 0 -> Thread.sleep(0, 1 + random.nextInt(300_000));
        case 1 -> {
          synchronized (monitor) {
            monitor.wait(0, 1 + random.nextInt(300_000));
          }
        }
        case 2 -> {
          synchronized (monitor) {
            monitor.notifyAll();
          }
        }
        case 3 -> readStock();
        default -> LockSupport.parkNanos(1 + random.nextInt(300_000));
      }
    }

    private void readStock() throws IOException {
      try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          var socket = new Socket(server.getInetAddress(), server.getLocalPort());
          var peer = server.accept()) {
        peer.getOutputStream().write(1);
        socket.getInputStream().read();
        socket.setSoTimeout(1);
        socket.getInputStream().read();
      } catch (SocketTimeoutException ranOut) {
        // as it may
      }
    }
  }
}
