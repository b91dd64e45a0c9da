package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitPidTest {

  @Test
  void theHubGoesOnWhileTheChildRuns() throws IOException {
    var printed = Program.output(WaitPid.class);

    assertEquals(List.of("the child ended with 3", "and the clock ticked meanwhile"), printed);
  }
}
