package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseCounterTest {

  @Test
  void theCountIsExact() throws Exception {
    assertEquals(List.of("200"), Program.output(DatabaseCounter.class));
  }
}
