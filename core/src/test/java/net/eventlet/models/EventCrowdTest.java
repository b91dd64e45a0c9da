package net.eventlet.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.eventlet.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any crowd: an event is sent once, and nobody who waits for it misses it.
class EventCrowdTest {

  static IntStream seeds() {
    return IntStream.range(0, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobodyMissesAnEvent(int seed) throws Exception {
    List<Event<Integer>> events = new ArrayList<>();
    List<AtomicInteger> sent = new ArrayList<>();
    for (var i = 0; i < 10; i++) {
      events.add(new Event<>());
      sent.add(new AtomicInteger());
    }
    var crowd = new Crowd(seed, events);
    for (var i = 0; i < 6; i++) {
      crowd.add(
          10,
          (random, limit) -> {
            var number = random.nextInt(10);
            assertEquals(number, events.get(number).await(limit));
          });
    }
    for (var i = 0; i < 2; i++) {
      crowd.add(12, (random, _) -> send(events, sent, random.nextInt(10)));
    }

    crowd.harm(crowd.random().nextInt(6));
    for (var number = 0; number < 10; number++) {
      send(events, sent, number);
    }
    crowd.awaitEnd();

    assertTrue(sent.stream().allMatch(times -> times.get() == 1), sent::toString);
  }

  private static void send(List<Event<Integer>> events, List<AtomicInteger> sent, int number) {
    try {
      events.get(number).send(number);
      sent.get(number).incrementAndGet();
    } catch (IllegalStateException again) {
      // another was first
    }
  }
}
