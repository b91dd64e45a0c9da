package net.eventlet.examples;

import java.sql.SQLException;
import net.eventlet.GreenPool;
import net.eventlet.dbpool.ConnectionPool;
import net.eventlet.dbpool.Credentials;
import net.eventlet.dbpool.PoolOptions;

/// Two hundred green threads count in a database, on ten connections.
///
/// Run: `bin/eventlet run -cp H2.jar
/// examples/src/main/java/net/eventlet/examples/DatabaseCounter.java`, or with another driver's jar
/// and its URL after it.
///
/// Source: the slides.
public final class DatabaseCounter {

  public static void main(String... arguments) throws Exception {
    var url =
        arguments.length > 0
            ? arguments[0]
            : "jdbc:h2:mem:foo;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
    var options = PoolOptions.DEFAULT.withMaxSize(10);
    try (var pool = ConnectionPool.of(Credentials.of(url), options)) {
      execute(pool, "CREATE TABLE foo (count INT)");
      execute(pool, "INSERT INTO foo VALUES (0)");

      var workers = new GreenPool(200);
      for (var i = 0; i < 200; i++) {
        workers.spawnN(() -> execute(pool, "UPDATE foo SET count = count + 1"));
      }
      workers.waitAll();

      IO.println(count(pool));
    }
  }

  private static void execute(ConnectionPool pool, String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(ConnectionPool pool) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement();
        var results = statement.executeQuery("SELECT count FROM foo")) {
      results.next();
      return results.getInt(1);
    }
  }
}
