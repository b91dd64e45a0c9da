package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A MariaDB server, from Debian's package `mariadb-server`.
final class MariaDb implements Database {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final HeldPort port = new HeldPort();
  private Process server;

  private MariaDb(Path folder) throws Exception {
    this.folder = folder;
    server = launch();
  }

  static MariaDb start(Path folder) throws Exception {
    var installed = Stream.of("/usr/sbin/mariadbd", "/usr/bin/mariadb-install-db").map(Path::of);
    assumeTrue(
        installed.allMatch(Files::isExecutable),
        "needs MariaDB; on Debian: apt-get install mariadb-server");
    run(
        folder,
        "/usr/bin/mariadb-install-db",
        "--no-defaults",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--user=root",
        "--datadir=" + folder.resolve("data"));
    return new MariaDb(folder);
  }

  private static void run(Path folder, String... command) throws Exception {
    var log = folder.resolve("log").toFile();
    var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(List.of(command) + " failed: " + Files.readString(log.toPath()));
    }
  }

  private Process launch() throws Exception {
    var log = folder.resolve("server-log").toFile();
    var process =
        new ProcessBuilder(
                "/usr/sbin/mariadbd",
                "--no-defaults",
                "--user=root",
                "--bind-address=127.0.0.1",
                "--port=" + port(),
                "--socket=" + folder.resolve("socket"),
                "--pid-file=" + folder.resolve("pid"),
                "--datadir=" + folder.resolve("data"),
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-buffer-pool-size=16M",
                "--skip-name-resolve")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    awaitStart(process, log.toPath());
    return process;
  }

  private void awaitStart(Process process, Path log) throws Exception {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (var _ = DriverManager.getConnection(credentials().url(), "root", "")) {
        return;
      } catch (SQLException notYet) {
        if (!process.isAlive() || System.nanoTime() - end > 0) {
          throw new IOException("MariaDB does not start: " + Files.readString(log), notYet);
        }
        Thread.sleep(50);
      }
    }
  }

  @Override
  public Credentials at(int port) {
    return new Credentials(
        "jdbc:mariadb://127.0.0.1:" + port + "/mysql?sslMode=disable", "root", "");
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
    return "SELECT SLEEP(" + time.toMillis() / 1e3 + ")";
  }

  @Override
  public String countSessions() {
    return "SELECT count(*) FROM information_schema.processlist"
        + " WHERE user = 'root' AND COALESCE(info, '') NOT LIKE 'SELECT SLEEP%'";
  }

  @Override
  public void restart() throws Exception {
    halt();
    server = launch();
  }

  void stop() throws Exception {
    halt();
    port.close();
  }

  private void halt() throws InterruptedException {
    server.destroy();
    if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      server.destroyForcibly();
    }
  }
}
