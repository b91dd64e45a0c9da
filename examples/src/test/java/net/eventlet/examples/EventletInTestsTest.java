package net.eventlet.examples;

import static net.eventlet.Eventlet.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How a test uses green threads: in `run`, where the order is the same each time.
class EventletInTestsTest {

  @Test
  void whoYieldsComesAfterWhoWasSpawnedBefore() throws Exception {
    var steps = new ArrayList<String>();

    run(() -> {
      spawnN(() -> steps.add("child"));
      steps.add("parent");
      sleep();
      steps.add("parent again");
    });

    assertEquals(List.of("parent", "child", "parent again"), steps);
  }
}
