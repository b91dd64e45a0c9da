package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreenletCounterTest {

  @Test
  void eachSwitchBringsTheNextNumber() throws IOException {
    var printed = Program.output(GreenletCounter.class);

    assertEquals(List.of("0", "1", "2"), printed);
  }
}
