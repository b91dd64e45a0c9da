package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerAndConsumerTest {

  @Test
  void itemsComeInTheOrderInWhichTheyWerePut() throws IOException {
    var printed = Program.output(ProducerAndConsumer.class);

    assertEquals(List.of("Hello,", "World!"), printed);
  }
}
