package net.eventlet.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;

/// A PostgreSQL server with a thousand accounts, for [DatabaseClient].
///
/// Run: `make bench ARGS=database`; the port is the first line of output, and the argument the
/// seconds until it ends.
final class DatabaseServer {

  private DatabaseServer() {}

  /// Serves.
  ///
  /// @param arguments seconds until it ends
  /// @throws Exception if it cannot be started
  static void main(String[] arguments) throws Exception {
    try (var server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE account (id INT PRIMARY KEY, money INT)");
        statement.execute("INSERT INTO account SELECT i, 0 FROM generate_series(0, 999) i");
      }
      System.out.println(server.getPort());
      Thread.sleep(Duration.ofSeconds(Long.parseLong(arguments[0])));
    }
  }
}
