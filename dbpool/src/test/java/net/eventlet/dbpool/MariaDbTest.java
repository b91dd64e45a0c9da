package net.eventlet.dbpool;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The pool on MariaDB.
class MariaDbTest extends DatabaseContract {

  @TempDir private static Path folder;

  private static MariaDb server;

  @BeforeAll
  static void start() throws Exception {
    server = MariaDb.start(folder);
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
