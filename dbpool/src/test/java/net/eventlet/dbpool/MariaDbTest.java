package net.eventlet.dbpool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The pool on MariaDB.
class MariaDbTest extends DatabaseContract {

  private static MariaDb server;

  @BeforeAll
  static void start() throws Exception {
    server = MariaDb.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.stop();
    }
  }

  @Override
  Database database() {
    return server;
  }
}
