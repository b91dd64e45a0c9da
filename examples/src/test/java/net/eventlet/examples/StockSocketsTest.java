package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StockSocketsTest {

  @Test
  void aClientAndAServerThatKnowNothingOfGreenThreadsTalk() throws IOException {
    var printed = Program.output(StockSockets.class);

    assertEquals(List.of("hello, world"), printed);
  }
}
