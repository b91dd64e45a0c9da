package net.eventlet.dbpool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The pool on PostgreSQL.
class PostgresTest extends DatabaseContract {

  private static Postgres server;

  @BeforeAll
  static void start() throws Exception {
    server = Postgres.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  Database database() {
    return server;
  }
}
