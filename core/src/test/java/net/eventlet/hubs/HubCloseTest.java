package net.eventlet.hubs;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static net.eventlet.hubs.OnHub.get;
import static net.eventlet.hubs.OnHub.pass;
import static net.eventlet.hubs.OnHub.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import net.eventlet.posix.Posix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The end of a hub, and what comes after it.
@Bounded
class HubCloseTest {

  private final HandClock clock = new HandClock();
  private final HandPoller poller = new HandPoller(clock);
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

  @Test
  void theEndOfTheFirstFiberUnwindsTheOthersWhereverTheyWait() throws Exception {
    var lock = new ReentrantLock();

    OnHub.run(
        poller.options(),
        () -> {
          lock.lock();
          start(() -> until("waiter", () -> new Waiter().await(Long.MAX_VALUE)));
          start(() -> until("timed waiter", () -> new Waiter().await(Long.MAX_VALUE - 1)));
          start(() -> until("sleeper", () -> sleepWithTheJdk(ofHours(1))));
          start(() -> until("lock", () -> interruptibly(lock)));
          start(() -> until("queue", () -> new LinkedBlockingQueue<String>().take()));
          start(() -> until("descriptor", () -> trampoline(5)));
          start(() -> until("storm", HubCloseTest::storm));
          pass();
          lock.unlock();
        });

    assertEquals(
        List.of("descriptor", "lock", "queue", "sleeper", "storm", "timed waiter", "waiter"),
        seen.stream().sorted().toList());
  }

  @Test
  void whatWasAskedForAtTheEndIsDoneBeforeAnybodyIsUnwoundAndInOrder() throws Exception {
    var first = new Object();
    var second = new Object();

    OnHub.run(
        poller.options(),
        () -> {
          start(() -> until("waiter", () -> new Waiter().await(Long.MAX_VALUE)));
          Hub.current().whenClosing(first, () -> seen.add("first"));
          Hub.current().whenClosing(second, () -> seen.add("second"));
          pass();
        });

    assertEquals(List.of("first", "second", "waiter"), List.copyOf(seen));
  }

  @Test
  void aClosedHubIsAskedForNothingMore() throws Exception {
    var hub = Hub.start("closed");

    hub.close();

    assertThrows(IllegalStateException.class, () -> hub.whenClosing(this, () -> {}));
  }

  @Test
  void whatHadNoTurnNeverRuns() throws Exception {
    var future = new AtomicReference<Future<Boolean>>();
    var failure = new AtomicReference<Throwable>();

    OnHub.run(
        poller.options(),
        () -> {
          future.set(Hub.current().spawn(() -> seen.add("spawned")));
          Hub.current().fiber(recording(failure), this).start();
        });

    assertEquals(List.of(), List.copyOf(seen));
    assertTrue(future.get().isCancelled());
    assertInstanceOf(CancellationException.class, failure.get());
  }

  @Test
  void whatIsSpawnedWhileTheHubClosesNeverRuns() throws Exception {
    var late = new AtomicReference<Future<Boolean>>();

    OnHub.run(
        poller.options(),
        () -> {
          start(() -> {
            try {
              new Waiter().await(Long.MAX_VALUE);
            } finally {
              late.set(Hub.current().spawn(() -> seen.add("late")));
            }
          });
          pass();
        });

    assertEquals(List.of(), List.copyOf(seen));
    assertTrue(late.get().isCancelled());
  }

  @Test
  void aFiberMayWaitWhileItIsUnwound() throws Exception {
    OnHub.run(
        poller.options(),
        () -> {
          start(() -> {
            try {
              new Waiter().await(Long.MAX_VALUE);
            } finally {
              new Waiter().await(ofSeconds(1).toNanos());
              seen.add("cleaned up");
            }
          });
          pass();
        });

    assertEquals(List.of("cleaned up"), List.copyOf(seen));
    assertEquals(ofSeconds(1), clock.elapsed());
  }

  @Test
  void theOptionsSayWhatUnwindsThoseThatSayNothingElse() throws Exception {
    var options = poller.options().withExit(IllegalCallerException::new);
    var thrown = new AtomicReference<Throwable>();

    OnHub.run(
        options,
        () -> {
          start(() -> {
            thrown.set(
                assertThrows(
                    IllegalCallerException.class, () -> new Waiter().await(Long.MAX_VALUE)));
          });
          pass();
        });

    assertEquals("its hub was closed", thrown.get().getMessage());
  }

  @Test
  void oneThatSwallowsItsUnwindingIsGivenUpAndReportedOnce() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var stubborn = new AtomicReference<Fiber>();

      OnHub.run(
          poller.options().withCloseLimit(ofSeconds(3)),
          () -> {
            stubborn.set(start(this::swallow));
            start(() -> until("willing", () -> new Waiter().await(Long.MAX_VALUE)));
            pass();
          });

      assertEquals(ofSeconds(3), clock.elapsed());
      var failure = uncaught.next();
      assertSame(stubborn.get().thread(), failure.thread());
      var message = failure.cause().getMessage();
      assertTrue(message.contains(stubborn.get().toString()), message);
      assertTrue(message.contains("did not end within PT3S"), message);
      assertTrue(message.contains("HubCloseTest.swallow"), message);
      assertEquals(List.of(), uncaught.causes());
    }
    assertEquals(List.of("willing"), List.copyOf(seen));
  }

  @Test
  void closingFromAnotherThreadReturnsWhenAllHaveEnded() throws Exception {
    var hub = Hub.start("closed");
    var waiting = new CountDownLatch(10);
    for (var i = 0; i < 10; i++) {
      start(
          hub,
          () -> {
            waiting.countDown();
            until("ended", () -> new Waiter().await(Long.MAX_VALUE));
          });
    }
    waiting.await();

    hub.close();

    assertEquals(10, seen.size());
    assertEquals(0, hub.statistics().alive());
    assertEquals("Hub[closed, closed]", hub.toString());
  }

  @Test
  void closingAHubThatRunsOnItsCallersThreadEndsTheCall() throws Exception {
    var closer = new AtomicReference<Thread>();

    OnHub.run(
        HubOptions.DEFAULT,
        () -> {
          var hub = Hub.current();
          closer.set(Thread.ofPlatform().start(hub::close));
          assertThrows(CancellationException.class, () -> new Waiter().await(Long.MAX_VALUE));
        });

    closer.get().join();
  }

  @Test
  void closingTheHubOneRunsOnReturnsAtOnceAndUnwindsTheCallerAtItsNextWait() throws Exception {
    var hub = Hub.start("itself");

    var future =
        hub.spawn(() -> {
          hub.close();
          seen.add("went on");
          until("unwound", () -> new Waiter().await(Long.MAX_VALUE));
          return true;
        });

    assertThrows(CancellationException.class, () -> get(future));
    assertEquals(List.of("went on", "unwound"), List.copyOf(seen));
    hub.close();
  }

  @Test
  void aTimerMayCloseItsHub() throws Exception {
    var hub = Hub.start("by timer");

    hub.schedule(Duration.ZERO, hub::close);
    hub.close();

    assertThrows(IllegalStateException.class, () -> hub.spawn(() -> true));
  }

  @Test
  void aGreenThreadOfAnotherHubMayCloseIt() throws Exception {
    var hub = Hub.start("closed");
    var waiting = new CountDownLatch(1);
    start(
        hub,
        () -> {
          waiting.countDown();
          until("ended", () -> new Waiter().await(Long.MAX_VALUE));
        });
    waiting.await();

    try (var other = Hub.start("other")) {
      var closer =
          other.spawn(() -> {
            hub.close();
            return true;
          });
      var ticker = other.spawn(() -> true); // the closing parks its caller only

      assertTrue(get(closer));
      assertTrue(get(ticker));
    }
    assertEquals(List.of("ended"), List.copyOf(seen));
  }

  @Test
  void closingTwiceOrAtOnceFromManyThreadsIsOneEnd() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var hub = Hub.start("closed often");
      start(hub, () -> until("ended", () -> new Waiter().await(Long.MAX_VALUE)));
      get(hub.spawn(() -> true));

      var closers =
          IntStream.range(0, 4).mapToObj(_ -> Thread.ofPlatform().start(hub::close)).toList();
      for (var closer : closers) {
        closer.join();
      }
      hub.close();

      assertEquals(List.of("ended"), List.copyOf(seen));
      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void anInterruptedCloserWaitsAndStaysInterrupted() {
    var hub = Hub.start("closed");

    Thread.currentThread().interrupt();
    hub.close();

    assertTrue(Thread.interrupted());
    assertTrue(hub.toString().endsWith("closed]"));
  }

  @Test
  void aClosedHubRefusesWork() {
    var hub = Hub.start("refuses");
    var fiber = hub.fiber(() -> seen.add("ran"), this);
    hub.close();

    var refusal = assertThrows(IllegalStateException.class, () -> hub.spawn(() -> true));
    assertTrue(
        refusal.getMessage().contains("Hub[refuses, closed] runs nothing any more"),
        refusal::getMessage);
    assertThrows(IllegalStateException.class, fiber::start);
    assertThrows(IllegalStateException.class, () -> hub.executor().execute(() -> seen.add("ran")));
    assertEquals(List.of(), List.copyOf(seen));
  }

  @Test
  void aClosedHubRefusesTimers() {
    var hub = Hub.start("refuses");
    hub.close();

    assertThrows(
        IllegalStateException.class, () -> hub.schedule(Duration.ZERO, () -> seen.add("fired")));
  }

  @Test
  void aGreenThreadOfTheFactoryThatIsStartedOnAClosedHubDoesNotRunElsewhere() throws Exception {
    var hub = Hub.start("refuses");
    var thread = hub.threadFactory().newThread(() -> seen.add("ran"));
    hub.close();

    assertThrows(IllegalStateException.class, thread::start);
    thread.join();
    assertEquals(List.of(), List.copyOf(seen));
    assertEquals(0, hub.statistics().alive());
  }

  @Test
  void aStockThreadThatIsStartedOnAClosedHubGoesOnElsewhere() throws Exception {
    var task = new FutureTask<>(Hub::currentOrNull);
    var hub = Hub.start("left");
    var thread = get(hub.spawn(() -> Thread.ofVirtual().unstarted(task)));
    hub.close();

    thread.start();

    assertNull(get(task));
  }

  @Test
  void whatIsDoneToWhatAClosedHubLeftBehindHarmsNobody() throws Exception {
    var hub = Hub.start("left");
    var fiber = start(hub, () -> {});
    var timer = hub.schedule(ofHours(1), () -> {});
    hub.close();

    fiber.unwind(new CancellationException("late"));
    fiber.thread().interrupt();
    LockSupport.unpark(fiber.thread());
    timer.cancel();

    assertTrue(fiber.ended());
    assertFalse(timer.pending());
    assertEquals(0, hub.statistics().alive());
  }

  @Test
  void oneThatOutlivedItsHubGoesOnElsewhereOnceItIsWoken() throws Exception {
    try (var _ = Uncaught.watch()) {
      var hub = Hub.start("outlived", HubOptions.DEFAULT.withCloseLimit(ofMillis(50)));
      var released = new AtomicBoolean();
      var begun = new CountDownLatch(1);
      var fiber =
          start(
              hub,
              () -> {
                begun.countDown();
                while (!released.get()) {
                  LockSupport.park();
                  var _ = Thread.interrupted(); // and swallows that it is unwound
                }
                seen.add("released");
              });
      begun.await();
      hub.close();

      released.set(true);
      LockSupport.unpark(fiber.thread());
      fiber.thread().join();

      assertEquals(List.of("released"), List.copyOf(seen));
    }
  }

  @Test
  void oneThatOutlivedItsHubStillWaitsForATime() throws Exception {
    try (var _ = Uncaught.watch()) {
      var hub = Hub.start("outlived", HubOptions.DEFAULT.withCloseLimit(ofMillis(50)));
      var released = new AtomicBoolean();
      var begun = new CountDownLatch(1);
      var fiber =
          start(
              hub,
              () -> {
                begun.countDown();
                while (!released.get()) {
                  LockSupport.park();
                  var _ = Thread.interrupted();
                }
                LockSupport.parkNanos(1_000_000);
                new Waiter().await(1_000_000);
                seen.add("woke up");
              });
      begun.await();
      hub.close();

      released.set(true);
      LockSupport.unpark(fiber.thread());

      assertTrue(fiber.thread().join(ofSeconds(5)), "it sleeps for ever");
      assertEquals(List.of("woke up"), List.copyOf(seen));
    }
  }

  @Test
  void whoeverStillSleepsWhenTheHubIsClosedWakesUpElsewhere() throws Exception {
    try (var _ = Uncaught.watch()) {
      var hub = Hub.start("outlived", HubOptions.DEFAULT.withCloseLimit(ofMillis(50)));
      var asleep = new CountDownLatch(1);
      var fiber =
          start(
              hub,
              () -> {
                try {
                  new Waiter().await(Long.MAX_VALUE);
                } catch (CancellationException _) {
                  asleep.countDown();
                  LockSupport.parkNanos(ofMillis(100).toNanos()); // longer than the hub waits
                  seen.add("woke up");
                }
              });
      get(hub.spawn(() -> true));
      hub.close();
      asleep.await();

      assertTrue(fiber.thread().join(ofSeconds(5)), "it sleeps for ever");
      assertEquals(List.of("woke up"), List.copyOf(seen));
    }
  }

  @Test
  void whatIsSpawnedWhileAnotherThreadClosesTheHubRunsThereOrNotAtAll() throws Exception {
    var elsewhere = new AtomicInteger();
    try (var closers = Executors.newSingleThreadExecutor()) {
      for (var round = 0; round < 300; round++) {
        var hub = Hub.start("closing");
        Callable<Boolean> body =
            () -> {
              if (Hub.currentOrNull() != hub) {
                elsewhere.incrementAndGet();
              }
              return true;
            };
        get(hub.spawn(body));
        var closing = closers.submit(hub::close);

        var futures = new ArrayList<Future<Boolean>>();
        try {
          for (var i = 0; i < 200; i++) {
            futures.add(hub.spawn(body));
          }
        } catch (IllegalStateException _) { // closed now
        }

        closing.get();
        for (var future : futures) {
          try {
            get(future);
          } catch (CancellationException _) { // not at all
          }
        }
      }
    }

    assertEquals(0, elsewhere.get(), "bodies that ran off their hub");
  }

  @Test
  void aFloodOfWorkDoesNotHoldUpTheEnd() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var hub = Hub.start("flooded", HubOptions.DEFAULT.withCloseLimit(ofSeconds(1)));
      var flowing = new CountDownLatch(1);
      var flood =
          Thread.ofPlatform()
              .start(() ->
                  assertThrows(
                      IllegalStateException.class,
                      () -> {
                        while (true) {
                          var _ = hub.spawn(() -> true);
                          flowing.countDown();
                        }
                      }));
      flowing.await();

      hub.close();

      flood.join();
      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void timersMayBeCancelledWhileTheHubCloses() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      for (var round = 0; round < 10; round++) {
        var hub = Hub.start("closing");
        var timers =
            IntStream.range(0, 20_000).mapToObj(i -> hub.schedule(ofHours(i), () -> {})).toList();
        var canceller =
            Thread.ofPlatform()
                .start(() -> {
                  while (!hub.toString().endsWith("closed]")) {
                    Thread.onSpinWait();
                  }
                  timers.forEach(Timer::cancel); // while the hub still has them
                });

        hub.close();

        canceller.join();
        assertTrue(timers.stream().noneMatch(Timer::pending));
      }
      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void anActionWhoseTimeHasNotComeIsReplacedByTheOther() throws Exception {
    OnHub.run(
        poller.options(),
        () -> {
          var hub = Hub.current();
          hub.schedule(ofMillis(1), () -> seen.add("due"), () -> seen.add("due otherwise"));
          hub.schedule(ofMillis(9), () -> seen.add("late"), () -> seen.add("late otherwise"));
          hub.schedule(ofMillis(9), () -> seen.add("cancelled"), () -> seen.add("otherwise"))
              .cancel();
          new Waiter().await(ofMillis(2).toNanos());
        });

    assertEquals(List.of("due", "late otherwise"), List.copyOf(seen));
  }

  @Test
  void whoWaitsElsewhereForADescriptorLeavesTheEndOfTheHubAlone() throws Exception {
    for (var kernel : Kernel.values()) {
      for (var round = 0; round < 100; round++) {
        var home = Hub.start("home", kernel.options());
        try (var other = Hub.start("other", kernel.options())) {
          var counter = new Descriptor(Posix.eventfd());
          get(home.spawn(() -> counter.await(true, Long.MAX_VALUE)));
          var over = new AtomicBoolean();
          var reader =
              other.spawn(() -> {
                while (!over.get()) { // finds another home meanwhile
                  counter.await(false, 10_000);
                }
                return true;
              });

          home.close();
          over.set(true);

          assertTrue(get(reader));
          counter.close();
        }
      }
    }
  }

  @Test
  void hubsThatComeAndGoLeaveNothingOpen() throws Exception {
    for (var kernel : Kernel.values()) {
      var before = openDescriptors();

      for (var i = 0; i < 100; i++) {
        try (var hub = Hub.start("passing", kernel.options())) {
          assertTrue(get(hub.spawn(() -> true)));
        }
      }

      assertTrue(openDescriptors() - before < 50);
    }
  }

  @Test
  void aHubWhosePollerFailsEndsTheCallWithAMessageAndUnwinds() {
    var broken =
        new Poller() {
          @Override
          public boolean register(int fd) {
            return false;
          }

          @Override
          public void watch(int fd, Interest interest) {}

          @Override
          public int poll(long timeoutNanos, Report report) throws IOException {
            throw new IOException("no more polling");
          }

          @Override
          public void wakeUp() {}

          @Override
          public void close() {
            seen.add("closed");
          }
        };

    var failure =
        assertThrows(
            UncheckedIOException.class,
            () ->
                OnHub.run(
                    HubOptions.DEFAULT.withPoller(() -> broken),
                    () -> until("unwound", () -> new Waiter().await(Long.MAX_VALUE))));

    assertTrue(failure.getMessage().contains("cannot go on"), failure::getMessage);
    assertEquals("no more polling", failure.getCause().getMessage());
    assertEquals(List.of("unwound", "closed"), List.copyOf(seen));
  }

  @Test
  void aPollerThatCannotBeMadeIsTheCallersFailure() {
    var options =
        HubOptions.DEFAULT.withPoller(() -> {
          throw new IOException("too many open files");
        });

    var failure = assertThrows(UncheckedIOException.class, () -> Hub.start("poor", options));

    assertEquals("the hub poor cannot watch descriptors", failure.getMessage());
    assertEquals("too many open files", failure.getCause().getMessage());
  }

  /// Waits, and records the name if it is unwound.
  private void until(String name, Callable<?> wait) throws Exception {
    var returned = false;
    try {
      wait.call();
      returned = true;
    } finally {
      if (!returned) {
        seen.add(name);
      }
    }
  }

  private void swallow() {
    while (true) {
      try {
        new Waiter().await(Long.MAX_VALUE);
      } catch (CancellationException _) { // and wait again
      }
    }
  }

  private Fiber.Body recording(AtomicReference<Throwable> failure) {
    return new Fiber.Body() {
      @Override
      public void run() {
        seen.add("ran");
      }

      @Override
      public void ended(Fiber fiber, @Nullable Throwable thrown) {
        failure.set(thrown);
      }
    };
  }

  private static long openDescriptors() throws IOException {
    try (var numbers = Files.list(Path.of("/proc/self/fd"))) {
      return numbers.count();
    }
  }

  private static Object storm() {
    while (true) {
      pass();
    }
  }

  private static Object sleepWithTheJdk(Duration time) throws InterruptedException {
    Thread.sleep(time);
    return time;
  }

  private static Object interruptibly(ReentrantLock lock) throws InterruptedException {
    lock.lockInterruptibly();
    return lock;
  }

  private static Object trampoline(int fd) throws Exception {
    Hub.current().trampoline(fd, Interest.READ, null);
    return fd;
  }
}
