package net.eventlet.models;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any program: a pool lends each thing to one at a time, makes no more than it may, and lets
/// in first come first served.
class PoolModelTest {

  static IntStream seeds() {
    return IntStream.range(0, 1_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void poolsDoAsTheirModelDoes(int seed) throws Exception {
    new PoolProgram(seed).run();
  }
}
