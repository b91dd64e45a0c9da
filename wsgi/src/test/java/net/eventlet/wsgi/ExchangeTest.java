package net.eventlet.wsgi;

import static net.eventlet.wsgi.Raw.ANY;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server tells of requests: hooks, access logs, statistics.
@Timeout(30)
class ExchangeTest {

  private static final Exchange ONE =
      new Exchange(
          "1.2.3.4",
          99,
          "GET /\"a\\b HTTP/1.1",
          200,
          5,
          Instant.EPOCH,
          Duration.ofNanos(1_234_567),
          "",
          "agent \"\u00e4\"");

  @Test
  void aHookIsToldOfEveryRequestThoughAnotherFails() throws IOException {
    var told = Collections.synchronizedList(new ArrayList<Exchange>());
    var options =
        ServerOptions.DEFAULT
            .withHook(_ -> {
              throw new IllegalStateException("a hook");
            })
            .withHook(told::add);

    Raw.ask(
        request -> {
          if (request.path().equals("/fails")) {
            throw new IOException("fails");
          }
          return Response.written("text/plain", output -> output.write(new byte[100_000]));
        },
        options,
        GET + "GET /fails HTTP/1.1\r\nHost: x\r\nReferer: r\r\nUser-Agent: u\r\n\r\n");

    assertEquals(List.of(200, 500), told.stream().map(Exchange::status).toList());
    assertEquals(100_000, told.getFirst().bodyBytes()); // without the sizes of chunks
    assertEquals("GET", told.getLast().method());
    assertEquals("/fails", told.getLast().target());
    assertEquals("127.0.0.1", told.getLast().client());
    assertEquals("r u", told.getLast().referer() + " " + told.getLast().userAgent());
  }

  @Test
  void whatIsRefusedIsToldOfAsWellAndOnce() throws IOException {
    var told = Collections.synchronizedList(new ArrayList<Exchange>());
    var options = ServerOptions.DEFAULT.withHook(told::add);

    Raw.ask(_ -> Response.text(""), options, "nonsense\r\n\r\n");
    Raw.ask(
        _ -> Response.text(""), // does not read the body, which turns out to be malformed
        options,
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx");

    assertEquals(List.of(400, 200), told.stream().map(Exchange::status).toList());
    assertEquals("", told.getFirst().requestLine());
    assertEquals("", told.getFirst().method());
  }

  @Test
  void theFormatsTellOfItAndEscapeWhatCouldForgeALine() {
    var time = LogTimes.eventlet(Instant.EPOCH);

    assertEquals(
        "1.2.3.4 - - [" + time + "] \"GET /\\x22a\\x5cb HTTP/1.1\" 200 5 0.001235",
        LogFormat.EVENTLET.line(ONE));
    assertEquals(
        "1.2.3.4 - - [" + LogTimes.common(Instant.EPOCH) + "] \"GET /\\x22a\\x5cb HTTP/1.1\" 200 5",
        LogFormat.COMMON.line(ONE));
    assertEquals(
        LogFormat.COMMON.line(ONE) + " \"-\" \"agent \\x22\\xe4\\x22\"",
        LogFormat.COMBINED.line(ONE));
    assertEquals(
        "{\"time\":\"1970-01-01T00:00:00Z\",\"client\":\"1.2.3.4\",\"method\":\"GET\","
            + "\"target\":\"/\\\"a\\\\b\",\"status\":200,\"bytes\":5,\"seconds\":0.001235,"
            + "\"referer\":\"\",\"user_agent\":\"agent \\\"\\u00e4\\\"\"}",
        LogFormat.JSON.line(ONE));
    assertEquals(
        "1.2.3.4:99 " + time + " 200 5 0.001235 100%",
        LogFormat.of(
                "%(client_ip)s:%(client_port)s %(date_time)s %(status_code)s %(body_length)s"
                    + " %(wall_seconds).6f 100%")
            .line(ONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%(nothing)s", "%(client_ip)d", "%(client_ip"})
  void aFormatWithAnotherNameIsRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> LogFormat.of(pattern));
  }

  @Test
  void statisticsCountStatusesBytesAndTimes() throws IOException {
    try (var server =
        Server.start(
            ANY,
            request -> {
              if (request.path().equals("/fails")) {
                throw new IOException("fails");
              }
              return Response.text("hello");
            })) {
      var sent = GET + GET + "GET /fails HTTP/1.1\r\nHost: x\r\n\r\n";
      var answers = Raw.ask(server.port(), sent);
      Raw.ask(server.port(), "nonsense\r\n\r\n");

      var statistics = server.statistics();

      assertArrayEquals(new int[] {200, 200, 500}, Raw.statuses(answers));
      assertEquals(Map.of(200, 2L, 400, 1L, 500, 1L), statistics.statuses());
      assertEquals(4, statistics.requests());
      assertEquals(1, statistics.refused());
      assertEquals(1, statistics.failed());
      assertEquals(2, statistics.accepted());
      assertEquals(sent.length() + "nonsense\r\n\r\n".length(), statistics.bytesReceived());
      assertTrue(statistics.bytesSent() > answers.length(), statistics.toString());
      assertEquals(4, statistics.latencies().count());
      assertTrue(statistics.latencies().quantile(1).isPositive());
      assertTrue(
          statistics
                  .latencies()
                  .total()
                  .compareTo(statistics.latencies().quantile(1).multipliedBy(4))
              <= 0);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aQuantileIsAtMostAQuarterTooLong(long seed) {
    var random = new Random(seed);
    var counters = new Counters();
    var nanos = new long[1000];
    for (var i = 0; i < nanos.length; i++) {
      nanos[i] = (long) Math.exp(random.nextDouble(Math.log(2e3), Math.log(6e10)));
      counters.answered(200, nanos[i]);
    }
    Arrays.sort(nanos);

    var latencies = Counters.statistics(List.of(counters), 0).latencies();

    for (var share : new double[] {0.1, 0.5, 0.9, 0.99, 1}) {
      var exact = nanos[(int) Math.ceil(share * nanos.length) - 1];
      var measured = latencies.quantile(share).toNanos();
      assertTrue(
          measured >= exact && measured <= exact * 1.25 + 1, share + ": " + exact + " " + measured);
    }
  }

  @Test
  void aShareThatIsNoneIsRefused() {
    var none = new Latencies(0, Duration.ZERO, List.of());

    assertEquals(Duration.ZERO, none.quantile(0.5));
    assertThrows(IllegalArgumentException.class, () -> none.quantile(1.1));
    assertThrows(IllegalArgumentException.class, () -> none.quantile(Double.NaN));
  }
}
