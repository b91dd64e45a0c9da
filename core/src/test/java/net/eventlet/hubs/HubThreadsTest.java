package net.eventlet.hubs;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static net.eventlet.hubs.OnHub.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What reaches a real hub from other threads, and from other hubs.
@Bounded
@Tag("poller")
class HubThreadsTest {

  private static final int THREADS = 4;

  private final AtomicInteger looks = new AtomicInteger();
  private final Hub hub =
      Hub.start("threads", HubOptions.DEFAULT.withInstruments(List.of(count())));

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void aHubRunsOnADaemonOfItsName() throws Exception {
    var carrier = carrierOf(hub);

    assertEquals("threads", carrier.getName());
    assertTrue(carrier.isDaemon());
    assertEquals("threads", hub.name());
    assertEquals("Hub[threads]", hub.toString());
  }

  @Test
  void whatIsSpawnedFromOutsideRunsOnTheHubAndItsResultComesBack() throws Exception {
    var where = hub.spawn(Hub::current);

    assertSame(hub, get(where));
  }

  @Test
  void whatASpawnedBodyThrowsComesBack() {
    var failure = new IOException("broken");

    var future =
        hub.spawn(() -> {
          throw failure;
        });

    assertSame(failure, assertThrows(ExecutionException.class, future::get).getCause());
  }

  @Test
  void cancellingTheFutureInterruptsTheGreenThread() throws Exception {
    var parked = new CountDownLatch(1);
    var wakeup = new FutureTask<>(() -> new Waiter().await(Long.MAX_VALUE));
    var future =
        hub.spawn(() -> {
          parked.countDown();
          wakeup.run();
          return null;
        });
    parked.await();

    future.cancel(true);

    assertEquals(Wakeup.INTERRUPTED, get(wakeup));
    assertThrows(CancellationException.class, future::get);
  }

  @Test
  void whatOneThreadSpawnsRunsInItsOrder() throws Exception {
    var order = new ArrayList<Integer>(); // the hub's

    var all = IntStream.range(0, 1000).mapToObj(i -> hub.spawn(() -> order.add(i))).toList();

    for (var one : all) {
      get(one);
    }
    assertEquals(IntStream.range(0, 1000).boxed().toList(), order);
  }

  @Test
  void manyThreadsSpawnAndNothingIsLost() throws Exception {
    var each = 5_000;
    var count = new int[1]; // the hub's: no two green threads run at once

    inThreads(() -> {
      var futures = new ArrayList<Future<Integer>>();
      for (var i = 0; i < each; i++) {
        futures.add(hub.spawn(() -> count[0]++));
      }
      for (var future : futures) {
        get(future);
      }
    });

    assertEquals(THREADS * each, count[0]);
  }

  @Test
  void manyThreadsWakeASleepingHubAndNoWakeUpIsLost() throws Exception {
    var rounds = 5_000;

    inThreads(() -> {
      var to = new Mailbox();
      var from = new Mailbox();
      var partner =
          hub.spawn(() -> {
            Mailbox.answer(to, from, rounds);
            return true;
          });
      Mailbox.serve(to, from, rounds);
      assertTrue(get(partner));
    });
  }

  @Test
  void manyThreadsWakeAHubThatIsAboutToFallAsleepForATime() throws Exception {
    var rounds = 5_000;

    inThreads(() -> {
      for (var i = 0; i < rounds; i++) {
        var fired = new CountDownLatch(1);
        var never = hub.schedule(ofHours(1), () -> {});
        hub.schedule(Duration.ZERO, fired::countDown);
        fired.await();
        never.cancel();
      }
    });

    assertEquals(0, get(hub.spawn(() -> hub.statistics().timers())));
  }

  @Test
  void greenThreadsOfTwoHubsWakeEachOther() throws Exception {
    var rounds = 20_000;
    var to = new Mailbox();
    var from = new Mailbox();

    try (var other = Hub.start("other")) {
      var here =
          hub.spawn(() -> {
            Mailbox.serve(to, from, rounds);
            return Hub.current();
          });
      var there =
          other.spawn(() -> {
            Mailbox.answer(to, from, rounds);
            return Hub.current();
          });

      assertSame(hub, get(here));
      assertSame(other, get(there));
    }
  }

  @Test
  void aGreenThreadSpawnsOnAnotherHubAndWaitsForTheResult() throws Exception {
    try (var other = Hub.start("other")) {
      var result =
          hub.spawn(() -> {
            var there = get(other.spawn(Hub::current));
            return List.of(Hub.current(), there);
          });

      assertEquals(List.of(hub, other), get(result));
    }
  }

  @Test
  void anExecutorsTasksAreGreenThreads() throws Exception {
    var where = new FutureTask<>(Hub::current);

    hub.executor().execute(where);

    assertSame(hub, get(where));
  }

  @Test
  void whatAnExecutorsTaskThrowsGoesToTheUncaughtHandlerOnce() throws Exception {
    var failure = new IllegalStateException("broken task");

    try (var uncaught = Uncaught.watch()) {
      hub.executor()
          .execute(() -> {
            throw failure;
          });

      assertSame(failure, uncaught.next().cause());
      get(hub.spawn(() -> true));
      assertEquals(List.of(), uncaught.causes());
    }
  }

  @Test
  void aThreadFactoryMakesGreenThreadsThatWaitToBeStarted() throws Exception {
    var where = new FutureTask<>(Hub::current);
    var thread = hub.threadFactory().newThread(where);

    assertEquals(Thread.State.NEW, thread.getState());
    thread.start();

    assertSame(hub, get(where));
    thread.join();
    assertTrue(thread.isVirtual());
  }

  @Test
  void anExecutorServiceOfTheJdkRunsOnAHubsThreads() throws Exception {
    try (var service = Executors.newThreadPerTaskExecutor(hub.threadFactory())) {
      var hubs = service.invokeAll(List.of(Hub::current, Hub::current));

      for (var future : hubs) {
        assertSame(hub, get(future));
      }
    }
  }

  @Test
  void aTimerFiresOnTheCarrierWhoeverSchedulesIt() throws Exception {
    var where = new FutureTask<>(Thread::currentThread);

    hub.schedule(ofMillis(1), where);

    assertSame(carrierOf(hub), get(where));
  }

  @Test
  void aTimerIsCancelledFromAnyThread() throws Exception {
    var fired = new AtomicInteger();
    var last = new CountDownLatch(1);

    var timer = hub.schedule(ofMillis(50), fired::incrementAndGet);
    timer.cancel();
    hub.schedule(ofMillis(50), last::countDown);
    last.await();

    assertEquals(0, fired.get());
    assertFalse(timer.pending());
  }

  @Test
  void aTimerThatAnotherThreadScheduledIsCancelledEvenIfTheHubHasNotSeenItYet() throws Exception {
    var fired = new AtomicInteger();

    var cancelled =
        hub.spawn(() -> {
          var timer = new AtomicReference<Timer>();
          Thread.ofPlatform()
              .start(() -> timer.set(hub.schedule(ofMillis(1), fired::incrementAndGet)));
          while (timer.get() == null) { // without a wait: the hub sees nothing meanwhile
            Thread.onSpinWait();
          }
          timer.get().cancel();
          new Waiter().await(ofMillis(20).toNanos());
          return true;
        });

    assertTrue(get(cancelled));
    assertEquals(0, fired.get());
  }

  @Test
  void anUnwindThatAnotherThreadSetIsCancelledEvenIfTheHubHasNotSeenItYet() throws Exception {
    var wakeup =
        hub.spawn(() -> {
          var me = Fiber.currentOrNull();
          assertNotNull(me);
          var timer = new AtomicReference<Timer>();
          Thread.ofPlatform()
              .start(() -> timer.set(me.unwindAfter(ofMillis(1), new Error("cancelled"))));
          while (timer.get() == null) { // without a wait: the hub sees nothing meanwhile
            Thread.onSpinWait();
          }
          timer.get().cancel();
          return new Waiter().await(ofMillis(20).toNanos());
        });

    assertEquals(Wakeup.TIMED_OUT, get(wakeup));
  }

  @Test
  void anIdleHubUsesNoTimeOfTheProcessor() throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    var carrier = carrierOf(hub).threadId();
    for (var i = 0; i < 100; i++) { // more than a hub looks at one by one
      hub.schedule(ofHours(1).plusNanos(i), () -> {});
    }
    get(hub.spawn(() -> true));
    var looksBefore = looks.get();
    var before = threads.getThreadCpuTime(carrier);

    get(hub.spawn(() -> new Waiter().await(ofMillis(300).toNanos())));

    var used = Duration.ofNanos(threads.getThreadCpuTime(carrier) - before);
    var looked = looks.get() - looksBefore;
    assertTrue(used.compareTo(ofMillis(60)) < 0, () -> "used in 300 ms: " + used);
    assertTrue(looked < 30, () -> "looks: " + looked);
  }

  @Test
  void aHubIsPinnedToTheProcessorOneAsksFor() throws Exception {
    var allowed = allowedCpus();
    var cpu =
        Integer.parseInt(allowed.substring(allowed.lastIndexOf('-') + 1).replaceAll(".*,", ""));

    try (var pinned = Hub.start("pinned", HubOptions.DEFAULT.withCpu(cpu))) {
      assertEquals(Integer.toString(cpu), get(pinned.spawn(HubThreadsTest::allowedCpus)));
    }
    assertEquals(allowed, allowedCpus());
  }

  @Test
  void aHubThatCannotBePinnedSaysSoAndIsClosed() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      var pinned = Hub.start("pinned", HubOptions.DEFAULT.withCpu(2047));
      pinned.close();

      var failure = uncaught.next().cause();
      assertEquals(IllegalArgumentException.class, failure.getClass());
      assertTrue(failure.getMessage().contains("pinned to processor 2047"), failure::getMessage);
      assertThrows(IllegalStateException.class, () -> pinned.spawn(() -> true));
    }
  }

  @Test
  void aHubOnTheCallingThreadThatCannotBePinnedLeavesNothingOpen() {
    var poller = new HandPoller(new HandClock());

    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> OnHub.run(poller.options().withCpu(2047), () -> {}));

    assertTrue(failure.getMessage().contains("2047"), failure::getMessage);
    assertTrue(poller.closed);
  }

  @Test
  void theFirstHubMayBeStartedInAnyThread() throws Exception {
    var started = new FutureTask<>(() -> Hub.start("from a virtual thread"));

    Thread.ofVirtual().start(started);

    try (var other = get(started)) {
      assertSame(other, get(other.spawn(Hub::current)));
    }
  }

  @Test
  void aGreenThreadStartsAHub() throws Exception {
    var started = hub.spawn(() -> Hub.start("from a green thread"));

    try (var other = get(started)) {
      assertSame(other, get(other.spawn(Hub::current)));
    }
  }

  @Test
  void theSharedHubIsStartedAgainIfItWasClosed() throws Exception {
    var first = Hub.shared();
    assertSame(first, Hub.shared());

    first.close();

    var second = Hub.shared();
    assertSame(second, get(second.spawn(Hub::current)));
  }

  private Instrument count() {
    return new Instrument() {
      @Override
      public void polled(int ready, long timeoutNanos) {
        looks.incrementAndGet();
      }
    };
  }

  private static Thread carrierOf(Hub hub) throws Exception {
    var carrier = new FutureTask<>(Thread::currentThread);
    hub.schedule(Duration.ZERO, carrier);
    return get(carrier);
  }

  private static String allowedCpus() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /// Does the same in several plain threads at once.
  private static void inThreads(OnHub.Body body) throws Exception {
    var tasks =
        IntStream.range(0, THREADS)
            .mapToObj(_ ->
                new FutureTask<>(() -> {
                  body.run();
                  return true;
                }))
            .toList();
    tasks.forEach(Thread.ofPlatform()::start);
    for (var task : tasks) {
      get(task);
    }
  }
}
