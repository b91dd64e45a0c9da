package net.eventlet.examples;

import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.eventlet.dbpool.ConnectionPool;
import net.eventlet.dbpool.Credentials;
import net.eventlet.dbpool.PoolOptions;

/// A pool of connections, seen by Micrometer through HikariCP's binding.
///
/// Run: `bin/eventlet run -cp MICROMETER.jar:H2.jar
/// examples/src/main/java/net/eventlet/examples/PoolMetrics.java`; Micrometer's core and its two
/// companions, commons and observation, are meant.
public final class PoolMetrics {

  public static void main(String... arguments) throws Exception {
    var url = arguments.length > 0 ? arguments[0] : "jdbc:h2:mem:shop";
    var registry = new SimpleMeterRegistry();
    var metrics = new MicrometerMetricsTrackerFactory(registry);
    var options = PoolOptions.DEFAULT.withName("shop").withMetrics(metrics);
    try (var pool = ConnectionPool.of(Credentials.of(url), options);
        var _ = pool.item()) {
      var lent = registry.get("hikaricp.connections.active").tag("pool", "shop").gauge();
      IO.println(lent.value());
    }
  }
}
