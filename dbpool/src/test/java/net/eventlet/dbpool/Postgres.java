package net.eventlet.dbpool;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A PostgreSQL server, from Maven.
final class Postgres implements Database {

  private final Path folder;
  private EmbeddedPostgres server;

  private Postgres(Path folder, EmbeddedPostgres server) {
    this.folder = folder;
    this.server = server;
  }

  static Postgres start(Path folder) throws IOException {
    return new Postgres(folder, builder(folder).start());
  }

  private static EmbeddedPostgres.Builder builder(Path folder) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off")
        .setPGStartupWait(Duration.ofSeconds(60));
  }

  @Override
  public Credentials at(int port) {
    return new Credentials("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "");
  }

  @Override
  public Credentials unknownUser() {
    return credentials().with("user", "nobody");
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public String sleepQuery(Duration time) {
    return "SELECT pg_sleep(" + time.toMillis() / 1e3 + ")";
  }

  @Override
  public String countSessions() {
    return "SELECT count(*) FROM pg_stat_activity"
        + " WHERE backend_type = 'client backend' AND query NOT LIKE 'SELECT pg_sleep%'";
  }

  @Override
  public void restart() throws IOException {
    var port = port();
    server.close();
    server = builder(folder).setPort(port).start();
  }

  void stop() throws IOException {
    server.close();
  }
}
