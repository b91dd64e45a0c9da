package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import net.eventlet.Event;

/// One green thread sends what another waits for: prints `11`.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/SentOnce.java`
///
/// Source: the slides.
public final class SentOnce {

  public static void main() throws Exception {
    var sum = new Event<Integer>();
    spawnN(() -> sum.send(10 + 1));

    IO.println(sum.await());
  }
}
