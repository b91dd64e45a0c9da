package net.eventlet.models;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Very many programs. Run: `make soak`.
@Tag("soak")
class ModelsSoakTest {

  private static final Map<String, IntFunction<Program>> PROGRAMS =
      Map.of(
          "events", EventProgram::new,
          "queues", QueueProgram::new,
          "semaphores", SemaphoreProgram::new,
          "green pools", GreenPoolProgram::new,
          "pools", PoolProgram::new);

  @ParameterizedTest
  @ValueSource(strings = {"events", "queues", "semaphores", "green pools", "pools"})
  void allDoAsTheirModelsDo(String programs) {
    for (var seed = 10_000; seed < 60_000; seed++) {
      try {
        PROGRAMS.getOrDefault(programs, EventProgram::new).apply(seed).run();
      } catch (Throwable failure) {
        fail("seed " + seed, failure);
      }
    }
  }
}
