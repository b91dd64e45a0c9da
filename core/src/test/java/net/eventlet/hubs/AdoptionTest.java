package net.eventlet.hubs;

import static java.time.Duration.ofHours;
import static net.eventlet.hubs.OnHub.pass;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Virtual threads that stock code starts inside a green thread: they run on its hub.
@Bounded
class AdoptionTest {

  private final HandPoller poller = new HandPoller(new HandClock());
  private final List<Object> seen = new ArrayList<>(); // the hub's

  @Test
  void aStockThreadRunsOnTheHubInItsTurn() throws Exception {
    run(() -> {
      var hub = Hub.current();
      for (var name : List.of("a", "b")) {
        Thread.ofVirtual()
            .start(() -> {
              seen.add(name + "1");
              assertSame(hub, Hub.currentOrNull());
              Thread.yield();
              seen.add(name + "2");
            });
      }
      assertEquals(List.of(), seen); // starting does not switch
      pass();
      pass();
    });

    assertEquals(List.of("a1", "b1", "a2", "b2"), seen);
  }

  @Test
  void itIsCountedWhileItLivesAndForgottenAfterwards() throws Exception {
    run(() -> {
      var hub = Hub.current();
      var thread = Thread.ofVirtual().start(LockSupport::park);
      assertEquals(2, hub.statistics().alive());
      pass();
      assertEquals(2, hub.statistics().alive());
      LockSupport.unpark(thread);
      pass();
      assertFalse(thread.isAlive());
      assertEquals(1, hub.statistics().alive());
    });
  }

  @Test
  void itWaitsInOurWaits() throws Exception {
    run(() -> {
      var waiter = new AtomicReference<Waiter>();
      Thread.ofVirtual()
          .start(() -> {
            waiter.set(new Waiter());
            seen.add(waiter.get().await(Long.MAX_VALUE));
          });
      pass();
      assertTrue(waiter.get().wake());
      pass();
    });

    assertEquals(List.of(Wakeup.READY), seen);
  }

  @Test
  void itIsAFiberToItselfButNotOneThatWasSpawned() throws Exception {
    run(() -> {
      var thread = Thread.ofVirtual().start(() -> seen.add(Fiber.currentOrNull()));
      pass();
      var fiber = (Fiber) seen.getFirst();
      assertSame(thread, fiber.thread());
      assertNull(fiber.place());
      assertTrue(fiber.ended());
      assertEquals(Optional.empty(), Fiber.of(thread));
    });
  }

  @Test
  void itCanBeUnwoundLikeAnyOther() throws Exception {
    var unwound = new Error("unwound");
    run(() -> {
      var fiber = new AtomicReference<Fiber>();
      Thread.ofVirtual()
          .start(() -> {
            fiber.set(Fiber.currentOrNull());
            seen.add(assertThrows(Error.class, () -> new Waiter().await(Long.MAX_VALUE)));
          });
      pass();
      fiber.get().unwind(unwound);
      pass();
    });

    assertEquals(List.of(unwound), seen);
  }

  @Test
  void theEndOfTheHubUnwindsItWhereverItWaits() throws Exception {
    run(() -> {
      Thread.ofVirtual()
          .start(() -> {
            assertThrows(InterruptedException.class, () -> Thread.sleep(ofHours(1)));
            seen.add("sleeper");
          });
      Thread.ofVirtual()
          .start(() -> {
            assertThrows(CancellationException.class, () -> new Waiter().await(Long.MAX_VALUE));
            seen.add("waiter");
          });
      pass();
    });

    assertEquals(List.of("waiter", "sleeper"), seen);
  }

  @Test
  void whatItStartsIsAdoptedAsWell() throws Exception {
    run(() -> {
      var hub = Hub.current();
      var inner = new FutureTask<>(Hub::currentOrNull);
      Thread.ofVirtual().start(() -> Thread.ofVirtual().start(inner));
      assertSame(hub, inner.get());
    });
  }

  @Test
  void anExecutorOfStockThreadsRunsOnTheHub() throws Exception {
    run(() -> {
      var hub = Hub.current();
      try (var service = Executors.newVirtualThreadPerTaskExecutor()) {
        var futures = service.invokeAll(List.of(Hub::currentOrNull, Hub::currentOrNull));
        for (var future : futures) {
          assertSame(hub, future.get());
        }
      }
      assertEquals(1, hub.statistics().alive());
    });
  }

  @Test
  void anExecutorOfStockThreadsIsUnwoundAtTheEnd() throws Exception {
    run(() -> {
      var service = Executors.newVirtualThreadPerTaskExecutor();
      var future =
          service.submit(() -> {
            try {
              return new LinkedBlockingQueue<String>().take();
            } catch (InterruptedException e) {
              seen.add("interrupted");
              throw e;
            }
          });
      pass();
      assertFalse(future.isDone());
    });

    assertEquals(List.of("interrupted"), seen);
  }

  @Test
  void aStockThreadOfAPlainThreadIsNotAdopted() throws Exception {
    var task = new FutureTask<>(Hub::currentOrNull);

    try (var hub = Hub.start("not asked")) {
      assertNotNull(hub);
      Thread.ofVirtual().start(task);

      assertNull(OnHub.get(task));
    }
  }

  @Test
  void manyThatComeAndGoLeaveNothingBehind() throws Exception {
    run(() -> {
      for (var i = 0; i < 10_000; i++) {
        Thread.ofVirtual().start(() -> {}).join();
      }
      assertEquals(new Statistics(1, 0, 0, 20_001), Hub.current().statistics());
    });
  }

  private void run(OnHub.Body body) throws Exception {
    OnHub.run(poller.options(), body);
  }
}
