package net.eventlet.bench;

import static net.eventlet.Eventlet.spawn;

import net.eventlet.Event;
import net.eventlet.Eventlet;

/// What does it cost to hand a value to another green thread through an [Event], and wait?
///
/// An event is sent once, so each hand-off makes the next one's: the question carries the event for
/// its answer and the event of the next question.
///
/// Run: `make bench ARGS=handoff`, or by itself with the flags of `eventlet.flags`.
final class EventletHandOff {

  private EventletHandOff() {}

  private record Question(Event<Integer> answer, Event<Question> next) {}

  /// Measures it.
  ///
  /// @param arguments none
  /// @throws Exception if it cannot be measured
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    Eventlet.run(() -> Measure.report("handoff", 1_000_000, EventletHandOff::handOff));
  }

  private static void handOff(int handOffs) throws Exception {
    var rounds = handOffs / 2;
    var first = new Event<Question>();
    var other = spawn(() -> answer(first, rounds));
    var there = first;
    for (var i = 0; i < rounds; i++) {
      var question = new Question(new Event<>(), new Event<>());
      there.send(question);
      there = question.next();
      question.answer().await();
    }
    other.await();
  }

  private static void answer(Event<Question> first, int rounds) throws Exception {
    var there = first;
    for (var i = 0; i < rounds; i++) {
      var question = there.await();
      there = question.next();
      question.answer().send(i);
    }
  }
}
