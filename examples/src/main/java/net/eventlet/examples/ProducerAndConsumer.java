package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import net.eventlet.Queue;

/// Hands words from one green thread to another through a queue with room for one: the producer
/// waits while it is full, the consumer while it is empty. Prints `Hello,` and `World!`.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/ProducerAndConsumer.java`
///
/// Source: the slides.
public final class ProducerAndConsumer {

  public static void main() {
    var words = new Queue<String>(1);
    spawnN(() -> consume(words));

    words.put("Hello,");
    words.put("World!");
    words.join(); // until both are done; the consumer ends with this
  }

  private static void consume(Queue<String> words) {
    while (true) {
      IO.println(words.get());
      words.taskDone();
    }
  }
}
