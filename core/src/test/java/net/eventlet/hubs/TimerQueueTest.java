package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimerQueueTest {

  private TimerQueue timers = new TimerQueue(0);
  private final List<String> fired = new ArrayList<>();

  @Test
  void timersDueTogetherFireInTheOrderTheyWereAdded() {
    add(10, "a");
    add(5, "b");
    add(10, "c");

    timers.fireDue(10);

    assertEquals(List.of("b", "a", "c"), fired);
  }

  @Test
  void aTimerThatIsNotDueStays() {
    add(10, "late");

    var ran = timers.fireDue(9);

    assertEquals(0, ran);
    assertEquals(1, timers.size());
    assertEquals(10, timers.nextDue());
  }

  @Test
  void aTimerThatWasLateWhenItCameFiresAtOnce() {
    timers.fireDue(100);
    add(50, "late");
    add(40, "later");

    assertEquals(40, timers.nextDue());
    timers.fireDue(100);

    assertEquals(List.of("later", "late"), fired);
  }

  @Test
  void theLongestTimesAreKeptInOrder() {
    add(Durations.LONGEST_NANOS, "last");
    add(Durations.LONGEST_NANOS - 1, "first");

    timers.fireDue(Durations.LONGEST_NANOS - 2);
    assertEquals(List.of(), fired);
    timers.fireDue(Durations.LONGEST_NANOS);

    assertEquals(List.of("first", "last"), fired);
  }

  @Test
  void theNextMomentIsNeverAfterTheFirstTimerAndComesNearerWithEachLook() {
    var due = 123_456_789_012L;
    IntStream.range(0, 1000).forEach(i -> add(due + i, "x"));

    var looks = 0;
    for (long now = 0; timers.size() == 1000; now = timers.nextDue()) {
      assertTrue(timers.nextDue() <= due);
      timers.fireDue(now);
      looks++;
    }

    assertTrue(looks < 20, () -> "a sleeping hub would wake up in vain too often");
  }

  @Test
  void firingAnswersHowManyRan() {
    add(1, "a");
    add(2, "b");
    add(3, "c");

    var ran = timers.fireDue(2);

    assertEquals(2, ran);
    assertEquals(3, timers.nextDue());
  }

  @Test
  void aCancelledTimerDoesNotFire() {
    var dropped = add(1, "dropped");
    add(1, "kept");

    timers.remove(dropped);
    timers.fireDue(1);

    assertEquals(List.of("kept"), fired);
  }

  @Test
  void aCancelledTimerTakesNoRoom() {
    var entries = IntStream.range(0, 1000).mapToObj(i -> add(i, "x")).toList();

    entries.forEach(timers::remove);

    assertEquals(0, timers.size());
  }

  @Test
  void cancellingTwiceOrAfterFiringDoesNothing() {
    var cancelled = add(1, "cancelled");
    var spent = add(1, "spent");
    add(2, "last");

    timers.remove(cancelled);
    timers.remove(cancelled);
    timers.fireDue(1);
    timers.remove(spent);
    timers.fireDue(2);

    assertEquals(List.of("spent", "last"), fired);
  }

  @Test
  void aTimerIsPendingFromAddingToFiring() {
    var timer = new Named("timer");

    assertFalse(timer.pending());
    timers.add(1, timer);
    assertTrue(timer.pending());
    timers.fireDue(1);
    assertFalse(timer.pending());
  }

  @Test
  void aTimerIsNoLongerPendingWhileItFires() {
    var pending = new ArrayList<Boolean>();
    timers.add(
        1,
        new TimerQueue.Entry() {
          @Override
          void fire() {
            pending.add(pending());
          }
        });

    timers.fireDue(1);

    assertEquals(List.of(false), pending);
  }

  @Test
  void aTimerMayBeAddedAgainOnceItFired() {
    var timer = add(1, "again");

    timers.fireDue(1);
    timers.add(2, timer);
    timers.fireDue(2);

    assertEquals(List.of("again", "again"), fired);
  }

  @Test
  void aTimerThatAddsItselfAgainFiresOncePerCall() {
    timers.add(0, new Endless());

    timers.fireDue(0);
    timers.fireDue(0);

    assertEquals(List.of("endless", "endless"), fired);
  }

  @Test
  void whatATimerAddsForTheSameMomentDoesNotHoldUpTheOthers() {
    timers.add(0, new Endless());
    add(0, "other");

    timers.fireDue(0);

    assertEquals(List.of("endless", "other"), fired);
  }

  @Test
  void aTimerMayCancelAnotherThatIsDue() {
    var victim = new Named("victim");
    timers.add(
        0,
        new TimerQueue.Entry() {
          @Override
          void fire() {
            timers.remove(victim);
          }
        });
    timers.add(0, victim);

    var ran = timers.fireDue(0);

    assertEquals(1, ran);
    assertEquals(List.of(), fired);
  }

  @Test
  void theOthersStayWhenATimerThrows() {
    timers.add(
        0,
        new TimerQueue.Entry() {
          @Override
          void fire() {
            throw new IllegalStateException("broken");
          }
        });
    add(0, "other");

    assertThrows(IllegalStateException.class, () -> timers.fireDue(0));
    timers.fireDue(0);

    assertEquals(List.of("other"), fired);
  }

  @Test
  void deadlinesMayLieOnBothSidesOfAClocksOverflow() {
    timers = new TimerQueue(Long.MAX_VALUE - 100);
    add(Long.MIN_VALUE + 5, "after");
    add(Long.MAX_VALUE - 5, "before");

    timers.fireDue(Long.MAX_VALUE - 1);

    assertEquals(List.of("before"), fired);
    timers.fireDue(Long.MIN_VALUE + 5);
    assertEquals(List.of("before", "after"), fired);
  }

  private TimerQueue.Entry add(long due, String name) {
    var timer = new Named(name);
    timers.add(due, timer);
    return timer;
  }

  private final class Named extends TimerQueue.Entry {

    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    void fire() {
      fired.add(name);
    }
  }

  private final class Endless extends TimerQueue.Entry {

    @Override
    void fire() {
      fired.add("endless");
      timers.add(0, this);
    }
  }
}
