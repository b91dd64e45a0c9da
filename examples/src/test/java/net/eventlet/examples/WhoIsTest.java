package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhoIsTest {

  @Test
  void namesComeInTheirOrderWithTheirAddresses() throws IOException {
    var printed = Program.output(WhoIs.class, "127.0.0.7", "[no-name", "localhost");

    assertEquals(List.of("127.0.0.7 127.0.0.7", "[no-name unknown"), printed.subList(0, 2));
    assertTrue(
        List.of("localhost 127.0.0.1", "localhost 0:0:0:0:0:0:0:1").contains(printed.get(2)));
  }
}
