package net.eventlet.models;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For any program: a pool runs no more than it may, lets in first come first served, and counts
/// right at every moment.
class GreenPoolModelTest {

  static IntStream seeds() {
    return IntStream.range(0, 1_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void poolsDoAsTheirModelDoes(int seed) throws Exception {
    new GreenPoolProgram(seed).run();
  }
}
