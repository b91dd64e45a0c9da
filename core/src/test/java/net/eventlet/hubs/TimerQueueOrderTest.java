package net.eventlet.hubs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any deadlines, and whatever is cancelled: timers fire by deadline, then by order of adding.
///
/// A list that is sorted each time is the whole specification, so the test compares with one.
class TimerQueueOrderTest {

  private TimerQueue timers = new TimerQueue(0);
  private final List<Numbered> model = new ArrayList<>(); // in order of adding
  private final List<Integer> fired = new ArrayList<>();
  private final List<Integer> expected = new ArrayList<>();

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void timersFireAsAStableSortWould(int seed) {
    var random = new Random(seed);
    var span = 10L << (10 * random.nextInt(5)); // from many ties to hours
    var now = random.nextBoolean() ? 0 : Long.MAX_VALUE - span; // a clock may overflow
    timers = new TimerQueue(now);

    for (var step = 0; step < 300; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> add(step, now + random.nextLong(span));
        case 4 -> add(step, now - random.nextLong(span)); // late when it comes
        case 5, 6 -> cancel(random);
        default -> fireDue(now += random.nextLong(span / 4 + 1));
      }
      assertEquals(model.size(), timers.size());
      assertNextIsNotLate(now);
    }
    fireDue(now + span);

    assertEquals(expected, fired);
    assertEquals(0, timers.size());
  }

  private void assertNextIsNotLate(long now) {
    if (!model.isEmpty()) {
      var first = model.stream().mapToLong(timer -> timer.due - now).min().getAsLong();
      assertTrue(timers.nextDue() - now <= first);
    }
  }

  private void add(int number, long due) {
    var timer = new Numbered(number, due);
    timers.add(due, timer);
    model.add(timer);
  }

  private void cancel(Random random) {
    if (!model.isEmpty()) {
      timers.remove(model.remove(random.nextInt(model.size())));
    }
  }

  private void fireDue(long now) {
    timers.fireDue(now);

    var due = model.stream().filter(timer -> timer.due - now <= 0).toList();
    model.removeAll(due);
    due.stream()
        .sorted(Comparator.comparing(timer -> timer.due - now))
        .forEach(timer -> expected.add(timer.number));
  }

  private final class Numbered extends TimerQueue.Entry {

    private final int number;
    private final long due;

    Numbered(int number, long due) {
      this.number = number;
      this.due = due;
    }

    @Override
    void fire() {
      fired.add(number);
    }
  }
}
