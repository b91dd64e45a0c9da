package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import net.eventlet.Event;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;

class GreenTimerTest {

  @Test
  void tasksRunOnTheHubInOneGreenThread() throws Exception {
    run(() -> {
      var hub = new Event<Hub>();
      var thread = new Event<String>();
      var timer = new GreenTimer("chores");

      timer.schedule(task(() -> hub.send(Hub.current())), 5);
      timer.schedule(task(() -> thread.send(Thread.currentThread().getName())), 1);

      assertSame(Hub.current(), hub.await());
      assertEquals("chores", thread.await());
    });
  }

  @Test
  void waitingForATaskLetsTheHubGoOn() throws Exception {
    Ticker.during(() -> {
      var fired = new CountDownLatch(1);
      new GreenTimer().schedule(task(fired::countDown), 200);
      fired.await();
    });
  }

  @Test
  void aTaskThatWasDueLongAgoRunsOnTheHubAsWell() throws Exception {
    run(() -> {
      var hub = new Event<Hub>();

      new GreenTimer().schedule(task(() -> hub.send(Hub.current())), new Date(0));

      assertSame(Hub.current(), hub.await());
    });
  }

  @Test
  void aRepeatedTaskRunsUntilItIsCancelled() throws Exception {
    run(() -> {
      var runs = new ArrayList<Integer>();
      var timer = new GreenTimer();
      var done = new Event<Boolean>();
      timer.scheduleAtFixedRate(
          new TimerTask() {
            @Override
            public void run() {
              runs.add(runs.size());
              if (runs.size() == 3) {
                assertTrue(cancel());
                done.send(true);
              }
            }
          },
          1,
          1);

      done.await();
      Thread.sleep(10);

      assertEquals(List.of(0, 1, 2), runs);
      timer.cancel();
    });
  }

  @Test
  void aCancelledTaskDoesNotRun() throws Exception {
    run(() -> {
      var seen = new ArrayList<String>();
      var timer = new GreenTimer();
      var dropped = task(() -> seen.add("dropped"));
      timer.schedule(dropped, 1);

      assertTrue(dropped.cancel());
      var last = new Event<Boolean>();
      timer.schedule(task(() -> last.send(true)), 2);
      last.await();

      assertEquals(List.of(), seen);
    });
  }

  @Test
  void cancellingRefusesMoreAndEndsItsThreads() throws Exception {
    run(() -> {
      var before = Hub.current().statistics().alive();
      var timer = new GreenTimer("to-be-cancelled");

      timer.cancel();
      while (Hub.current().statistics().alive() > before || isAlive("to-be-cancelled")) {
        Thread.sleep(1);
      }

      assertThrows(IllegalStateException.class, () -> timer.schedule(task(() -> {}), 1));
    });
  }

  @Test
  void theEndOfTheHubEndsTimersWithTasksPending() throws Exception {
    var begun = System.nanoTime();

    var timer =
        run(() -> {
          var left = new GreenTimer("left-over");
          left.schedule(task(() -> {}), 60_000, 1);
          return left;
        });

    while (takesTasks(timer) || isAlive("left-over")) {
      Thread.onSpinWait();
    }
    assertTrue(System.nanoTime() - begun < 4_000_000_000L);
  }

  @Test
  void timersMadeByThreadsAreGreenOnAHubOnly() throws Exception {
    var off = Threads.newTimer("off", true);
    run(() -> assertInstanceOf(GreenTimer.class, Threads.newTimer(true)));

    assertFalse(off instanceof GreenTimer);
    assertSame(Timer.class, off.getClass());
    off.cancel();
  }

  private static boolean takesTasks(GreenTimer timer) {
    try {
      timer.schedule(task(() -> {}), 60_000);
      return true;
    } catch (IllegalStateException cancelled) {
      return false;
    }
  }

  private static boolean isAlive(String name) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name));
  }

  private static TimerTask task(Runnable action) {
    return new TimerTask() {
      @Override
      public void run() {
        action.run();
      }
    };
  }
}
