package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeveralHubsTest {

  @Test
  void oneHubWorksWhileTheOtherGoesOn() throws IOException {
    var printed = Program.output(SeveralHubs.class);

    assertEquals(List.of("2^2203 - 1 is prime", "and this hub went on meanwhile"), printed);
  }
}
