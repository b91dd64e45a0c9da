package net.eventlet.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import net.eventlet.dbpool.ConnectionPool;
import net.eventlet.dbpool.Credentials;
import net.eventlet.dbpool.PoolOptions;

/// What does a transaction cost a client that has ten connections: borrow one, update a row, return
/// it? By two hundred green threads, by as many stock virtual threads on HikariCP, or by ten
/// platform threads on it.
///
/// Run: `make bench ARGS=database`; the arguments are a contender, the server's port, and a tenth
/// of how many to count.
final class DatabaseClient {

  private static final int CONNECTIONS = 10;
  private static final int TASKS = 200;

  private DatabaseClient() {}

  /// Measures.
  ///
  /// @param arguments the contender, the server's port, a tenth of how many to count
  /// @throws Exception if the server fails
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var contender = arguments[0];
    var url = "jdbc:postgresql://localhost:" + arguments[1] + "/postgres?user=postgres";
    var tenth = Long.parseLong(arguments[2]);
    if (contender.equals("eventlet")) {
      var options = PoolOptions.DEFAULT.withMaxSize(CONNECTIONS).withConnectTimeout(null);
      try (var pool = ConnectionPool.of(Credentials.of(url), options)) {
        new Repeated("database", tenth, () -> transact(pool)).green(TASKS);
      }
      return;
    }
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    try (var pool = new HikariDataSource(config)) {
      var repeated = new Repeated("database", tenth, () -> transact(pool));
      if (contender.equals("virtual")) {
        repeated.threads(Executors.newVirtualThreadPerTaskExecutor(), TASKS);
      } else {
        repeated.threads(Executors.newFixedThreadPool(CONNECTIONS), CONNECTIONS);
      }
    }
  }

  private static void transact(DataSource source) throws SQLException {
    try (var connection = source.getConnection();
        var statement =
            connection.prepareStatement("UPDATE account SET money = money + 1 WHERE id = ?")) {
      statement.setInt(1, ThreadLocalRandom.current().nextInt(1000));
      statement.executeUpdate();
    }
  }
}
