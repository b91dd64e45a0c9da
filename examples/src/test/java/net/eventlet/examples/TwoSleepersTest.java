package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoSleepersTest {

  @Test
  void bothSleepAtTheSameTime() throws IOException {
    var printed = Program.output(TwoSleepers.class);

    assertEquals(List.of("hi", "omg", "bye", "no way!"), printed);
  }
}
