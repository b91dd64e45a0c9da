package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoresTest {

  @Test
  void theRepeatedWorkAndTheOtherTakeTurns() throws IOException {
    assertEquals(List.of("swept 5 times"), Program.output(Chores.class));
  }
}
