package net.eventlet.models;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any program: queues of all orders and sizes hand over each item once, in order, first come
/// first served.
class QueueModelTest {

  static IntStream seeds() {
    return IntStream.range(0, 1_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void queuesDoAsTheirModelDoes(int seed) throws Exception {
    new QueueProgram(seed).run();
  }
}
