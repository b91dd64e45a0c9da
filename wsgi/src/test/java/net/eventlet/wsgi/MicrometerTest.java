package net.eventlet.wsgi;

import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server tells, read by Micrometer in its two ways: polled, and recorded as it happens.
@Timeout(30)
class MicrometerTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void pollsConnectionsStatusesAndTimes() throws IOException {
    try (var server = Server.start(ANY, _ -> Response.text("hello"))) {
      Gauge.builder("connections", server, s -> s.statistics().connections()).register(registry);
      FunctionCounter.builder("ok", server, s -> s.statistics().statuses().getOrDefault(200, 0L))
          .register(registry);
      FunctionTimer.builder(
              "answers",
              server,
              s -> s.statistics().latencies().count(),
              s -> s.statistics().latencies().total().toNanos(),
              TimeUnit.NANOSECONDS)
          .register(registry);

      Raw.ask(server.port(), GET + GET + "nonsense\r\n\r\n");

      assertEquals(2, registry.get("ok").functionCounter().count());
      assertEquals(3, registry.get("answers").functionTimer().count());
      assertTrue(registry.get("answers").functionTimer().totalTime(TimeUnit.NANOSECONDS) > 0);
      assertTrue(registry.get("connections").gauge().value() <= 1);
    }
  }

  @Test
  void recordsEachAnswerAsItHappens() throws IOException {
    var options =
        ServerOptions.DEFAULT.withHook(exchange ->
            registry
                .timer("requests", "status", Integer.toString(exchange.status()))
                .record(exchange.took()));

    Raw.ask(_ -> Response.of(404), options, GET + GET);

    assertEquals(2, registry.get("requests").tag("status", "404").timer().count());
  }
}
