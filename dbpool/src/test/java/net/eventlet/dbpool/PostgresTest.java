package net.eventlet.dbpool;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The pool on PostgreSQL.
class PostgresTest extends DatabaseContract {

  @TempDir private static Path folder;

  private static Postgres server;

  @BeforeAll
  static void start() throws Exception {
    server = Postgres.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop();
  }

  @Override
  Database database() {
    return server;
  }
}
