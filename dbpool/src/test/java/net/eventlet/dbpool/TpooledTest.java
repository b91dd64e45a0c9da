package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import net.eventlet.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite, whose native code would hold up the hub: its calls go through the thread pool.
@Bounded
class TpooledTest {

  private static final String COUNT_TO_MANY =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
          + " SELECT MAX(i) FROM n";

  @TempDir private Path folder;

  private ConnectionPool pool;

  @BeforeEach
  void open() throws Exception {
    var credentials =
        Credentials.of("jdbc:sqlite:" + folder.resolve("file")).with("busy_timeout", "50000");
    pool = ConnectionPool.of(credentials, PoolOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    assertEquals(4, pool.free());
    assertTrue(pool.close(Duration.ofSeconds(30)), pool::toString);
  }

  @Test
  void theUrlDecidesThatItIsTpooled() {
    assertInstanceOf(TpooledConnectionPool.class, pool);
  }

  @Test
  void twoHundredGreenThreadsCountOnFourConnections() throws Exception {
    Eventlet.run(() -> {
      execute("PRAGMA journal_mode=WAL");
      execute("CREATE TABLE foo (count INT)");
      execute("INSERT INTO foo VALUES (0)");
      var workers = new GreenPool(200);
      for (var i = 0; i < 200; i++) {
        workers.spawnN(() -> execute("UPDATE foo SET count = count + 1"));
      }
      workers.waitAll();

      assertEquals(200, number("SELECT count FROM foo"));
    });
  }

  @Test
  void theHubTicksWhileNativeCodeWorks() throws Exception {
    Eventlet.run(() -> {
      var ticks = new int[1];
      var ticker =
          Eventlet.spawn(() -> {
            while (true) {
              Eventlet.sleep(Duration.ofMillis(1));
              ticks[0]++;
            }
          });

      assertEquals(1_000_000, number(COUNT_TO_MANY.formatted(1_000_000)));

      ticker.kill();
      assertTrue(ticks[0] > 5, () -> ticks[0] + " ticks");
    });
  }

  @Test
  void aConnectionInNativeCodeAtATimeoutIsReplacedAtOnceAndClosedWhenItIsDone() throws Exception {
    Eventlet.run(() -> {
      execute("SELECT 1"); // connects

      assertThrows(
          Timeout.class,
          () ->
              Timeout.call(
                  Duration.ofMillis(50), () -> number(COUNT_TO_MANY.formatted(5_000_000))));

      assertEquals(4, pool.free());
      assertEquals(1, number("SELECT 1"));
    });

    assertEquals(1, pool.statistics().broken());
  }

  @Test
  void whoIsKilledInNativeCodeDoesNotWaitForItToClose() throws Exception {
    Eventlet.run(() -> {
      execute("SELECT 1"); // connects
      var victim = Eventlet.spawn(() -> number(COUNT_TO_MANY.formatted(20_000_000)));
      Eventlet.sleep(Duration.ofMillis(50));

      victim.kill(); // returns when the victim has closed its statement and its connection

      assertEquals(0, pool.statistics().lent());
      assertTrue(isInNativeCode(), "the query has ended, so this shows nothing");
    });
  }

  private static boolean isInNativeCode() {
    return Thread.getAllStackTraces().values().stream()
        .anyMatch(
            stack -> stack.length > 0 && stack[0].getClassName().startsWith("org.sqlite.core"));
  }

  private void execute(String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement();
        var results = statement.executeQuery(sql)) {
      results.next();
      return results.getLong(1);
    }
  }
}
