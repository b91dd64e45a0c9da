package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A pool seen through HikariCP's bindings.
@Bounded
class MetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void micrometerSeesThePool() throws Exception {
    var options =
        PoolOptions.DEFAULT
            .withName("shop")
            .withMaxSize(2)
            .withMetrics(new MicrometerMetricsTrackerFactory(registry));
    try (var pool = new RawConnectionPool(new Made(), options);
        var _ = pool.get()) {
      pool.get().close();
      try (var _ = pool.get()) {
        assertThrows(SQLTransientConnectionException.class, () -> pool.get(Duration.ofMillis(1)));
      }
      System.gc(); // Micrometer holds what it reads weakly; the pool must not

      assertEquals(2, gauge("hikaricp.connections"));
      assertEquals(1, gauge("hikaricp.connections.active"));
      assertEquals(1, gauge("hikaricp.connections.idle"));
      assertEquals(0, gauge("hikaricp.connections.pending"));
      assertEquals(2, gauge("hikaricp.connections.max"));
      assertEquals(3, registry.get("hikaricp.connections.acquire").timer().count());
      assertEquals(2, registry.get("hikaricp.connections.usage").timer().count());
      assertEquals(2, registry.get("hikaricp.connections.creation").timer().count());
      assertEquals(1, registry.get("hikaricp.connections.timeout").counter().count());
    }

    assertTrue(
        registry.find("hikaricp.connections").gauges().isEmpty(), registry::getMetersAsString);
  }

  @Test
  void aBindingThatFailsLosesNoConnection() throws Exception {
    var failing =
        new IMetricsTracker() {
          private volatile boolean created = true;

          @Override
          public void recordConnectionCreatedMillis(long millis) {
            if (created) {
              created = false;
              throw new IllegalStateException("created");
            }
          }

          @Override
          public void recordConnectionUsageMillis(long millis) {
            throw new IllegalStateException("used");
          }
        };
    var options = PoolOptions.DEFAULT.withMaxSize(1).withMetrics((_, _) -> failing);
    try (var pool = new RawConnectionPool(new Made(), options)) {
      assertThrows(IllegalStateException.class, pool::get);
      assertThrows(IllegalStateException.class, () -> pool.get().close());

      assertEquals(1, pool.free());
      assertEquals(1, pool.statistics().idle());
      assertTrue(pool.close(Duration.ofSeconds(60)));
    }
  }

  private double gauge(String name) {
    return registry.get(name).tag("pool", "shop").gauge().value();
  }
}
