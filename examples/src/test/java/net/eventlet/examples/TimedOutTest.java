package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimedOutTest {

  @Test
  void theTimeoutEndsTheWaitAndNotTheWorker() throws IOException {
    var printed = Program.output(TimedOut.class);

    assertEquals(List.of("timed out!", "the worker goes on", "the worker is done"), printed);
  }
}
