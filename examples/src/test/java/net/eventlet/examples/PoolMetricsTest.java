package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PoolMetricsTest {

  @Test
  void micrometerSeesTheConnectionThatIsLent() throws Exception {
    assertEquals(List.of("1.0"), Program.output(PoolMetrics.class));
  }
}
