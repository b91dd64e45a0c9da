package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class UncaughtFailuresTest {

  @Test
  void theHandlerLearnsWhatFailedAndWhereItWasSpawned() throws IOException {
    var printed = Program.output(UncaughtFailures.class);

    assertEquals(List.of("the disk is full, spawned in UncaughtFailures.java"), printed);
  }
}
