package net.eventlet.models;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any program: semaphores of all kinds hand out each permit once, first come first served.
class SemaphoreModelTest {

  static IntStream seeds() {
    return IntStream.range(0, 1_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void semaphoresDoAsTheirModelDoes(int seed) throws Exception {
    new SemaphoreProgram(seed).run();
  }
}
