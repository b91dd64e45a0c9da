package net.eventlet;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Failures.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Bounded
@SuppressWarnings("FutureReturnValueIgnored")
class EventTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final Event<String> event = new Event<>();
  private final List<String> steps = new ArrayList<>();

  // ---------------------------------------------------------------------------------------- send

  @Test
  void allWhoWaitReceiveWhatIsSent() throws Exception {
    run(() -> {
      var waiters = new ArrayList<GreenThread<List<String>>>();
      for (var i = 0; i < 10; i++) {
        waiters.add(spawn(() -> List.of(event.await(), event.await(LONG))));
      }
      sleep();

      event.send("value");

      for (var waiter : waiters) {
        assertEquals(List.of("value", "value"), waiter.await());
      }
    });
  }

  @Test
  void waitersRunInTheOrderInWhichTheyCame() throws Exception {
    run(() -> {
      for (var name : List.of("a", "b", "c", "d", "e", "f")) {
        spawn(() -> await(name));
      }
      sleep();

      event.send("value");
      sleep();

      assertEquals(List.of("a", "b", "c", "d", "e", "f"), steps);
    });
  }

  @Test
  void sendDoesNotSwitch() throws Exception {
    run(() -> {
      spawn(() -> await("waiter"));
      sleep();

      event.send("value");
      step("sent");
      sleep();

      assertEquals(List.of("sent", "waiter"), steps);
    });
  }

  @Test
  void sendExceptionDoesNotSwitch() throws Exception {
    run(() -> {
      var waiter = spawn(() -> await("waiter"));
      sleep();

      event.sendException(new IOException("mine"));

      assertFalse(waiter.isDone());
      assertThrows(IOException.class, waiter::await);
    });
  }

  @Test
  void awaitOfWhatWasSentDoesNotSwitch() throws Exception {
    run(() -> {
      event.send("value");
      spawn(() -> step("another ran"));

      assertEquals("value", event.await());
      assertEquals("value", event.await(LONG));
      assertEquals("value", event.await(Duration.ZERO));
      assertEquals("value", event.await(null));

      assertEquals(List.of(), steps);
    });
  }

  @Test
  void nullCanBeSent() throws Exception {
    var event = new Event<@Nullable String>();
    run(() -> {
      var waiter = spawn(() -> event.await());
      var limited = spawn(() -> event.await(LONG));
      sleep();

      event.send(null);

      assertNull(waiter.await());
      assertNull(limited.await());
      assertNull(event.await(Duration.ZERO));
      assertTrue(event.ready());
    });
  }

  @Test
  void aTimerMaySend() throws Exception {
    run(() -> {
      Hub.current().schedule(SHORT, () -> event.send("value"));

      assertEquals("value", event.await());
    });
  }

  @Test
  void aWaiterMayWaitForTheNextEventInTheSameTurn() throws Exception {
    run(() -> {
      var second = new Event<String>();
      var waiter = spawn(() -> event.await() + second.await());
      sleep();

      event.send("a");
      second.send("b");

      assertEquals("ab", waiter.await());
    });
  }

  // ------------------------------------------------------------------------------------ failures

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("checked"), new IllegalStateException("unchecked"), new Error("error"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void eachWaitThrowsTheVeryObjectThatWasSent(Throwable failure) throws Exception {
    run(() -> {
      var waiters = List.of(spawn(() -> event.await()), spawn(() -> event.await(LONG)));
      sleep();

      event.sendException(failure);

      for (var waiter : waiters) {
        assertSame(failure, assertThrows(Throwable.class, waiter::await));
      }
      assertSame(failure, assertThrows(Throwable.class, event::await));
      assertSame(failure, assertThrows(Throwable.class, () -> event.await(Duration.ZERO)));
      assertSame(failure, assertThrows(Throwable.class, event::poll));
    });
  }

  @Test
  void aFailureThatWasHandedOverIsNotReportedAsWell() throws Exception {
    try (var uncaught = Uncaught.watch()) {
      run(() -> {
        event.sendException(new IOException("mine"));

        assertThrows(IOException.class, event::await);
      });

      assertEquals(List.of(), uncaught.causes());
    }
  }

  // --------------------------------------------------------------------------------- wrong calls

  @Test
  void aSecondSendIsRefusedAndChangesNothing() throws Exception {
    event.send("first");

    var again = assertThrows(IllegalStateException.class, () -> event.send("second"));
    var failing =
        assertThrows(
            IllegalStateException.class, () -> event.sendException(new IOException("mine")));

    assertSays(again, "sent first", "again");
    assertSays(failing, "sent first", "again");
    assertEquals("first", event.await());
  }

  @Test
  void sendingAfterAFailureIsRefusedAndChangesNothing() {
    var failure = new IOException("first");
    event.sendException(failure);

    var again = assertThrows(IllegalStateException.class, () -> event.send("second"));
    var failing =
        assertThrows(
            IllegalStateException.class, () -> event.sendException(new IOException("second")));

    assertSays(again, "failed", "first");
    assertSays(failing, "failed", "first");
    assertSame(failure, assertThrows(IOException.class, event::await));
  }

  @Test
  @SuppressWarnings("NullAway") // that is the mistake
  void sendingNoExceptionIsRefusedAndChangesNothing() throws Exception {
    assertThrows(NullPointerException.class, () -> event.sendException(null));

    assertFalse(event.ready());
    event.send("value");
    assertEquals("value", event.await());
  }

  @Test
  void ofManyWhoSendAtOnceOneSucceeds() throws Exception {
    for (var round = 0; round < 50; round++) {
      var event = new Event<Integer>();
      var begin = new CountDownLatch(1);
      var succeeded = new AtomicInteger();
      var threads = new ArrayList<Thread>();
      for (var i = 0; i < 4; i++) {
        var value = i;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    begin.await();
                    event.send(value);
                    succeeded.incrementAndGet();
                  } catch (IllegalStateException | InterruptedException late) {
                    // another was first
                  }
                }));
      }

      begin.countDown();
      for (var thread : threads) {
        thread.join();
      }

      assertEquals(1, succeeded.get());
    }
  }

  // ---------------------------------------------------------------------------------------- poll

  @Test
  void pollTellsWhatWasSentSoFar() throws Exception {
    assertEquals(Optional.empty(), event.poll());
    assertFalse(event.ready());

    event.send("value");

    assertEquals(Optional.of("value"), event.poll());
    assertTrue(event.ready());
  }

  @Test
  void pollIsEmptyForNullAsWell() throws Exception {
    var event = new Event<@Nullable String>();

    event.send(null);

    assertEquals(Optional.empty(), event.poll());
    assertTrue(event.ready());
  }

  @Test
  void anEventThatFailedIsReady() {
    event.sendException(new IOException("mine"));

    assertTrue(event.ready());
  }

  @Test
  void anEventSaysHowItIs() {
    var failed = new Event<String>();
    assertEquals("Event[pending]", event.toString());

    event.send("value");
    failed.sendException(new IOException("mine"));

    assertEquals("Event[sent value]", event.toString());
    assertEquals("Event[failed java.io.IOException: mine]", failed.toString());
  }

  // --------------------------------------------------------------------------------------- limit

  @Test
  void aLimitThatRunsOutThrows() throws Exception {
    run(() -> {
      var thrown = assertThrows(TimeoutException.class, () -> event.await(SHORT));

      assertSays(thrown, "PT0.002S", "pending");
    });
  }

  @Test
  void aWaitThatRanOutCanBeRepeated() throws Exception {
    run(() -> {
      assertThrows(TimeoutException.class, () -> event.await(SHORT));
      var others = List.of(spawn(() -> await("a")), spawn(() -> await("b")));
      sleep();

      event.send("value");

      assertEquals("value", event.await(SHORT));
      for (var other : others) {
        other.await();
      }
      assertEquals(List.of("a", "b"), steps);
    });
  }

  @Test
  void aLimitOfZeroOrLessGivesTheOthersATurn() throws Exception {
    run(() -> {
      spawn(() -> step("another ran"));

      assertThrows(TimeoutException.class, () -> event.await(Duration.ZERO));
      assertThrows(TimeoutException.class, () -> event.await(LONG.negated()));

      assertEquals(List.of("another ran"), steps);
    });
  }

  @Test
  void aLimitOfZeroIsLongEnoughForWhatTheOthersSendInThatTurn() throws Exception {
    run(() -> {
      spawn(() -> event.send("value"));

      assertEquals("value", event.await(Duration.ZERO));
    });
  }

  @Test
  void aLimitAsLongAsCanBeWaits() throws Exception {
    run(() -> {
      var waiter = spawn(() -> event.await(Duration.ofSeconds(Long.MAX_VALUE)));
      sleep();

      event.send("value");

      assertEquals("value", waiter.await());
      assertEquals(0, Hub.current().statistics().timers());
    });
  }

  // ----------------------------------------------------------------------------------- unwinding

  @Test
  void aKilledWaiterLeavesNoTrace() throws Exception {
    run(() -> {
      spawn(() -> await("a"));
      var victim = spawn(() -> await("victim"));
      spawn(() -> await("b"));
      sleep();

      victim.kill();
      event.send("value");
      sleep();

      assertThrows(GreenThreadExit.class, victim::await);
      assertEquals(List.of("a", "b"), steps);
    });
  }

  @Test
  void aWaiterWhoseTimeoutRunsOutLeavesNoTrace() throws Exception {
    run(() -> {
      assertFalse(Timeout.run(SHORT, () -> event.await()));
      spawn(() -> await("a"));
      sleep();

      event.send("value");
      sleep();

      assertEquals(List.of("a"), steps);
    });
  }

  @Test
  void whoIsKilledAfterTheEventWasSentHasItsValue() throws Exception {
    run(() -> {
      var victim =
          spawn(() -> {
            await("served");
            sleep();
            step("went on");
          });
      sleep();

      event.send("value");
      victim.kill();

      assertEquals(List.of("served"), steps);
      assertThrows(GreenThreadExit.class, victim::await);
    });
  }

  @Test
  void anInterruptFromOutsideIsAKill() throws Exception {
    run(() -> {
      var victim = spawn(() -> event.await());
      sleep();

      victim.thread().interrupt();

      assertThrows(GreenThreadExit.class, victim::await);
      assertTrue(victim.isCancelled());
    });
  }

  @Test
  void aPlainThreadThatIsInterruptedWhileItAwaitsIsToldSo() {
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, event::await);

    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void theEndOfTheHubUnwindsWhoWaits() throws Exception {
    run(() -> {
      spawn(() -> {
        try {
          event.await();
        } finally {
          step("unwound");
        }
      });
      sleep();
    });

    assertEquals(List.of("unwound"), steps);
  }

  // ------------------------------------------------------------------------------------- threads

  @Test
  void oneEventServesSeveralHubsAndPlainThreads() throws Exception {
    try (var left = Hub.start("left");
        var right = Hub.start("right")) {
      var there = List.of(spawn(left, () -> event.await()), spawn(right, () -> event.await(LONG)));
      var plain = new FutureTask<>(event::await);
      var limited = new FutureTask<>(() -> event.await(LONG));
      Until.waits(Thread.ofPlatform().start(plain));
      Until.waits(Thread.ofPlatform().start(limited));

      run(() -> {
        var here = spawn(() -> event.await());
        sleep();

        event.send("value");

        assertEquals("value", here.await());
      });

      for (var waiter : there) {
        assertEquals("value", waiter.await());
      }
      assertEquals("value", plain.get());
      assertEquals("value", limited.get());
    }
  }

  @Test
  void aPlainThreadMaySendToAHub() throws Exception {
    try (var hub = Hub.start("other")) {
      var waiter = spawn(hub, () -> event.await());

      event.send("value");

      assertEquals("value", waiter.await());
    }
  }

  @Test
  void aPlainThreadsLimitRunsOut() {
    assertThrows(TimeoutException.class, () -> event.await(SHORT));
    assertThrows(TimeoutException.class, () -> event.await(Duration.ZERO));
  }

  @Test
  void aStockVirtualThreadMayWait() throws Exception {
    var waiter = new FutureTask<>(event::await);
    var thread = Thread.ofVirtual().start(waiter);
    Until.waits(thread);

    event.send("value");

    assertEquals("value", waiter.get());
  }

  // ------------------------------------------------------------------------------------- helpers

  private void await(String name) throws Exception {
    event.await();
    step(name);
  }

  private void step(String name) {
    steps.add(name);
  }
}
