package net.eventlet.green;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static net.eventlet.Eventlet.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExecutorsTest {

  /// What has no place here: wrappers of pools and tasks, which make no thread.
  private static final Set<String> NOT_MIRRORED =
      Set.of(
          "unconfigurableExecutorService",
          "unconfigurableScheduledExecutorService",
          "callable",
          "privilegedCallable",
          "privilegedCallableUsingCurrentClassLoader",
          "privilegedThreadFactory");

  static Stream<Supplier<ExecutorService>> pools() {
    return Stream.of(
        () -> Executors.newFixedThreadPool(2),
        Executors::newSingleThreadExecutor,
        Executors::newCachedThreadPool,
        Executors::newWorkStealingPool,
        Executors::newVirtualThreadPerTaskExecutor,
        () -> Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory()),
        () -> Executors.newScheduledThreadPool(2),
        Executors::newSingleThreadScheduledExecutor,
        () -> Executors.newThreadPoolExecutor(1, 2, 1, SECONDS, new LinkedBlockingQueue<>()),
        () -> Executors.newScheduledThreadPoolExecutor(2));
  }

  @ParameterizedTest
  @MethodSource("pools")
  void everyPoolMadeOnAHubRunsItsTasksOnIt(Supplier<ExecutorService> make) throws Exception {
    run(() -> {
      try (var pool = make.get()) {
        assertSame(Hub.current(), pool.submit(Hub::current).get());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("pools")
  void noPoolMadeOffAHubHasGreenThreads(Supplier<ExecutorService> make) throws Exception {
    try (var pool = make.get()) {
      assertTrue(pool.submit(() -> Hub.currentOrNull() == null).get());
    }
  }

  @ParameterizedTest
  @MethodSource("pools")
  void theEndOfTheHubEndsAPoolThatNobodyShutDown(Supplier<ExecutorService> make) throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    var begun = System.nanoTime();

    var pool =
        run(() -> {
          var left = make.get();
          var running = new CountDownLatch(1);
          left.execute(() -> {
            running.countDown();
            interrupted.complete(sleepIsInterrupted());
          });
          running.await();
          return left;
        });

    assertTrue(pool.awaitTermination(10, SECONDS));
    assertTrue(interrupted.get(10, SECONDS));
    assertTrue(Duration.ofNanos(System.nanoTime() - begun).toMillis() < 4000);
  }

  @Test
  void waitingForAPoolLetsTheHubGoOn() throws Exception {
    Ticker.during(() -> {
      try (var pool = Executors.newFixedThreadPool(10)) {
        pool.invokeAll(java.util.Collections.nCopies(30, sleeping(70)));
      }
    });
  }

  @Test
  void aScheduledPoolRepeatsOnTheHub() throws Exception {
    run(() -> {
      var hub = Hub.current();
      var runs = new AtomicInteger();
      var done = new CountDownLatch(5);
      try (var pool = Executors.newScheduledThreadPool(1)) {
        var repeated =
            pool.scheduleAtFixedRate(
                () -> {
                  assertSame(hub, Hub.current());
                  runs.incrementAndGet();
                  done.countDown();
                },
                1,
                1,
                MILLISECONDS);

        done.await();
        repeated.cancel(false);
      }
      assertTrue(runs.get() >= 5);
    });
  }

  @Test
  void theBoundsOfThePoolAreThoseOfTheJdk() throws Exception {
    run(() -> {
      var gate = new CountDownLatch(1);
      var pool = Executors.newThreadPoolExecutor(1, 1, 0, SECONDS, new LinkedBlockingQueue<>(1));
      Callable<Boolean> waits =
          () -> {
            gate.await();
            return true;
          };
      pool.submit(waits);
      pool.submit(waits);

      assertThrows(RejectedExecutionException.class, () -> pool.submit(waits));
      gate.countDown();
      pool.close();

      assertEquals(2, pool.getCompletedTaskCount());
    });
  }

  @Test
  void aTaskThatTakesTooLongCanBeCancelled() throws Exception {
    run(() -> {
      try (var pool = Executors.newSingleThreadExecutor()) {
        var task = pool.submit(sleeping(60_000));

        assertThrows(TimeoutException.class, () -> task.get(10, MILLISECONDS));
        task.cancel(true);

        assertEquals("next", pool.submit(() -> "next").get());
      }
    });
  }

  @Test
  void tasksOfOneThreadKeepTheirOrder() throws Exception {
    run(() -> {
      var order = new ArrayList<Integer>();
      try (var pool = Executors.newSingleThreadExecutor()) {
        for (var i = 0; i < 5; i++) {
          var task = i;
          pool.execute(() -> order.add(task));
        }
      }
      assertEquals(List.of(0, 1, 2, 3, 4), order);
    });
  }

  @Test
  void everyFactoryMethodOfTheJdkHasItsMirror() {
    var theirs = shapes(java.util.concurrent.Executors.class);
    var ours = shapes(Executors.class);

    assertFalse(theirs.isEmpty());
    theirs.removeAll(ours);

    assertEquals(Set.of(), theirs);
  }

  @Test
  void everyConstructorOfThePoolsHasItsMirror() {
    var ours = shapes(Executors.class);

    for (var type : List.of(ThreadPoolExecutor.class, ScheduledThreadPoolExecutor.class)) {
      for (var constructor : type.getConstructors()) {
        var shape =
            "new"
                + type.getSimpleName()
                + MethodType.methodType(type, constructor.getParameterTypes()).descriptorString();
        assertTrue(ours.contains(shape), shape);
      }
    }
  }

  private static Set<String> shapes(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> !NOT_MIRRORED.contains(method.getName()))
        .map(method ->
            method.getName()
                + MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                    .descriptorString())
        .collect(Collectors.toSet());
  }

  private static Callable<Boolean> sleeping(long millis) {
    return () -> {
      Thread.sleep(millis);
      return true;
    };
  }

  private static boolean sleepIsInterrupted() {
    try {
      Thread.sleep(60_000);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
