package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import org.junit.jupiter.api.Test;

/// The program of Eventlet's slides: two hundred at once count on ten connections.
@Bounded
class UpdateCountTest {

  private static final int GREEN_THREADS = 200;

  private boolean over;
  private long ticks;

  @Test
  void twoHundredGreenThreadsCountOnTenConnections() throws Exception {
    var options = PoolOptions.DEFAULT.withMaxSize(10).withWaitLimit(Duration.ofSeconds(50));
    var credentials = Credentials.of("jdbc:h2:mem:count;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000");

    Eventlet.run(() -> {
      try (var pool = ConnectionPool.of(credentials, options)) {
        count(pool);
      }
    });
  }

  private void count(ConnectionPool pool) throws Exception {
    update(pool, "CREATE TABLE foo (count INT)");
    update(pool, "INSERT INTO foo VALUES (0)");
    var ticker = Eventlet.spawn(this::tick);

    var workers = new GreenPool(GREEN_THREADS);
    for (var i = 0; i < GREEN_THREADS; i++) {
      workers.spawnN(() -> update(pool, "UPDATE foo SET count = count + 1"));
    }
    workers.waitAll();

    over = true;
    ticker.await();
    assertEquals(GREEN_THREADS, count(pool, "SELECT count FROM foo"));
    assertTrue(ticks > 0);
    assertTrue(pool.statistics().connected() <= 10, pool::toString);
  }

  private void tick() {
    while (!over) {
      ticks++;
      Eventlet.sleep(Duration.ofMillis(1));
    }
  }

  private static void update(ConnectionPool pool, String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static int count(ConnectionPool pool, String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement();
        var results = statement.executeQuery(sql)) {
      results.next();
      return results.getInt(1);
    }
  }
}
