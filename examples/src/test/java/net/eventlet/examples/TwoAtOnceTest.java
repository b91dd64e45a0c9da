package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoAtOnceTest {

  @Test
  void whoComesFirstWorksFirst() throws IOException {
    var printed = Program.output(TwoAtOnce.class);

    assertEquals(List.of("worker 0", "worker 1", "worker 2", "worker 3", "worker 4"), printed);
  }
}
