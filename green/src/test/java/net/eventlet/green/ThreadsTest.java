package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import net.eventlet.Event;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;

class ThreadsTest {

  @Test
  void aThreadMadeOnAHubRunsOnItAndCanBeJoined() throws Exception {
    run(() -> {
      var seen = new AtomicReference<Hub>();
      var thread = Threads.newThread(() -> seen.set(Hub.current()), "worker");

      thread.start();
      assertNull(seen.get());
      thread.join();

      assertSame(Hub.current(), seen.get());
      assertEquals("worker", thread.getName());
    });
  }

  @Test
  void aThreadMadeOffAHubIsTheOneThatTheConstructorMakes() throws Exception {
    var group = new ThreadGroup("group");

    var thread = Threads.newThread(group, () -> {}, "worker", 0, false);

    assertFalse(thread.isVirtual());
    assertSame(group, thread.getThreadGroup());
    assertEquals("worker", thread.getName());
    assertTrue(Threads.newThread().getName().startsWith("Thread-"));
  }

  @Test
  void aThreadMadeForNothingEndsAtOnce() throws Exception {
    run(() -> {
      var thread = Threads.newThread("idle");

      thread.start();
      thread.join();

      assertEquals(Thread.State.TERMINATED, thread.getState());
    });
  }

  @Test
  void joiningAGreenThreadLetsTheHubGoOn() throws Exception {
    Ticker.during(() -> {
      var thread = Threads.newThread(ThreadsTest::sleepAWhile);
      thread.start();
      thread.join();
    });
  }

  @Test
  void aFailureGoesToTheThreadsOwnHandler() throws Exception {
    run(() -> {
      var told = new Event<Throwable>();
      var thread =
          Threads.newThread(() -> {
            throw new IllegalStateException("broken");
          });
      thread.setUncaughtExceptionHandler((_, failure) -> told.send(failure));

      thread.start();

      assertEquals("broken", told.await().getMessage());
    });
  }

  @Test
  void aFactoryLikeAnotherTakesNamesHandlersAndWrappersFromIt() throws Exception {
    var steps = new ArrayList<String>();
    run(() -> {
      var told = new Event<Throwable>();
      var factory =
          Threads.factory(
              Hub.current(),
              task -> {
                var made =
                    new Thread(
                        () -> {
                          steps.add("wrapped");
                          task.run();
                        },
                        "made-1");
                made.setUncaughtExceptionHandler((_, failure) -> told.send(failure));
                return made;
              });

      factory
          .newThread(() -> {
            steps.add(Thread.currentThread().getName() + " on " + Hub.current().name());
            throw new IllegalStateException("broken");
          })
          .start();

      assertEquals("broken", told.await().getMessage());
      assertEquals(List.of("wrapped", "made-1 on " + Hub.current().name()), steps);
    });
  }

  @Test
  void aFactoryMadeOffAHubUsesTheHubThatIsGiven() throws Exception {
    try (var hub = Hub.start("cellar")) {
      var seen = new CompletableFuture<String>();

      Threads.factory(hub).newThread(() -> seen.complete(Hub.current().name())).start();

      assertEquals("cellar", seen.join());
    }
  }

  @Test
  void aGreenThreadIsADaemonWhateverItIsTold() throws Exception {
    run(() -> {
      var thread = Threads.newThread(() -> {});

      Threads.setDaemon(thread, false);

      assertTrue(thread.isDaemon());
    });
    var platform = Threads.newThread(() -> {});
    Threads.setDaemon(platform, true);
    assertTrue(platform.isDaemon());
  }

  @Test
  void threadLocalsAndScopedValuesBelongToOneGreenThread() throws Exception {
    var local = new ThreadLocal<String>();
    var inherited = new InheritableThreadLocal<String>();
    var scoped = ScopedValue.<String>newInstance();

    run(() -> {
      local.set("parent");
      inherited.set("parent");
      var child =
          spawn(() -> {
            var seen = local.get() + ", " + inherited.get() + ", " + scoped.isBound();
            local.set("child");
            inherited.set("child");
            return seen;
          });

      ScopedValue.where(scoped, "parent").call(child::await);

      assertEquals("null, parent, false", child.await());
      assertEquals("parent", local.get());
      assertEquals("parent", inherited.get());
    });
  }

  private static void sleepAWhile() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
