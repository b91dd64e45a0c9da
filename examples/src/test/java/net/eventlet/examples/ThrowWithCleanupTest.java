package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrowWithCleanupTest {

  @Test
  void theWorkerCleansUpBeforeTheKillerGoesOn() throws IOException {
    var printed = Program.output(ThrowWithCleanup.class);

    assertEquals(List.of("working", "cleaning up", "killed", "it stopped working"), printed);
  }
}
