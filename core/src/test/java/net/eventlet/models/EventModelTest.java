package net.eventlet.models;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any program: events serve who waits in order, once, and as what they were sent.
class EventModelTest {

  static IntStream seeds() {
    return IntStream.range(0, 400);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void eventsDoAsTheirModelDoes(int seed) throws Exception {
    new EventProgram(seed).run();
  }
}
