package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentOnceTest {

  @Test
  void whatOneSendsTheOtherReceives() throws IOException {
    var printed = Program.output(SentOnce.class);

    assertEquals(List.of("11"), printed);
  }
}
