package net.eventlet.dbpool;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A PostgreSQL server, from Maven.
final class Postgres implements Database {

  private final Path folder;
  private final HeldPort port = new HeldPort();
  private EmbeddedPostgres server;

  private Postgres(Path folder) throws IOException {
    this.folder = folder;
    server = launch();
  }

  static Postgres start(Path folder) throws IOException {
    return new Postgres(folder);
  }

  private EmbeddedPostgres launch() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off")
        .setPGStartupWait(Duration.ofSeconds(60))
        .setPort(port.number())
        .start();
  }

  @Override
  public Credentials at(int port) {
    return new Credentials("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
  }

  @Override
  public Credentials unknownUser() {
    return credentials().with("user", "nobody");
  }

  @Override
  public int port() {
    return port.number();
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
    server.close();
    server = launch();
  }

  void stop() throws IOException {
    server.close();
    port.close();
  }
}
