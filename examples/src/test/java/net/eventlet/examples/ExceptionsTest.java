package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionsTest {

  @Test
  void awaitThrowsTheVeryObject() throws IOException {
    var printed = Program.output(Exceptions.class);

    assertEquals(List.of("caught / by zero", "and it is the same one"), printed);
  }
}
