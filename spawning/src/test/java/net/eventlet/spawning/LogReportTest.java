package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class LogReportTest {

  private static final String LOG =
      """
      10.0.0.1 - - [24/Nov/2026 10:00:00] "GET /a?x=1 HTTP/1.1" 200 12 0.010000
      10.0.0.1 - - [24/Nov/2026 10:00:01] "GET /a HTTP/1.1" 200 12 0.030000
      10.0.0.2 - - [24/Nov/2026 10:00:02] "POST /b HTTP/1.1" 404 9 0.001000
      something else
      """;

  @Test
  void pathsAreCountedWithTheirTimes() throws Exception {
    assertEquals(
        """
             count    mean ms     p50 ms     p99 ms  path
                 2      20.00      10.00      30.00  /a
                 1       1.00       1.00       1.00  /b
                 1 lines are in another format
        """,
        new LogReport().report(new BufferedReader(new StringReader(LOG))));
  }

  @Test
  void statusesAreAKeyAsWell() throws Exception {
    var report = new LogReport();
    report.groupBy = LogReport.Key.status;

    var lines = report.report(new BufferedReader(new StringReader(LOG))).lines().toList();

    assertEquals("         2      20.00      10.00      30.00  200", lines.get(1));
    assertEquals("         1       1.00       1.00       1.00  404", lines.get(2));
  }
}
