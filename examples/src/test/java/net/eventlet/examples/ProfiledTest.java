package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProfiledTest {

  @Test
  void aLineForEachPlaceOfSpawn() throws IOException {
    var printed = Program.output(Profiled.class);

    assertTrue(printed.getFirst().endsWith("spawned at"), printed::toString);
    assertTrue(
        printed.stream().anyMatch(line -> line.contains("Profiled.main(Profiled.java:")),
        printed::toString);
  }
}
