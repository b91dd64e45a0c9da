package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerAndWaitTest {

  @Test
  void eachWorkersResultComesInItsTurn() throws IOException {
    var printed = Program.output(WorkerAndWait.class);

    assertEquals(List.of("worker 0", "worker 1", "worker 2"), printed);
  }
}
