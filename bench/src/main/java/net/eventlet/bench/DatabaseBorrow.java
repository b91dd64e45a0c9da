package net.eventlet.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import net.eventlet.Eventlet;
import net.eventlet.dbpool.ConnectionPool;

/// What does it cost a green thread to borrow a connection that nobody else wants, and to return
/// it? HikariCP beside it, in the same green thread: its figure is one of a thread that borrows
/// again and again, for which it has a list.
///
/// Run: `make bench ARGS=borrow`; the argument is whose pool.
final class DatabaseBorrow {

  private static final String URL = "jdbc:h2:mem:borrow;DB_CLOSE_DELAY=-1";
  private static final int BATCH = 1_000_000;

  private DatabaseBorrow() {}

  /// Measures.
  ///
  /// @param arguments `eventlet` or `hikari`
  /// @throws Exception never
  static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("eventlet")) {
      try (var pool = ConnectionPool.of(URL)) {
        measure(pool);
      }
      return;
    }
    var config = new HikariConfig();
    config.setJdbcUrl(URL);
    config.setMaximumPoolSize(4);
    try (var pool = new HikariDataSource(config)) {
      measure(pool);
    }
  }

  private static void measure(DataSource pool) throws Exception {
    Eventlet.run(() ->
        Measure.report(
            "borrow",
            BATCH,
            operations -> {
              for (var i = 0; i < operations; i++) {
                pool.getConnection().close();
              }
            }));
  }
}
