package net.eventlet.bench;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import net.eventlet.Action;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import net.eventlet.dbpool.ConnectionPool;
import net.eventlet.dbpool.Credentials;
import net.eventlet.dbpool.PoolOptions;

/// How many transactions does a second of the client's processor time buy? Ours against HikariCP on
/// stock virtual threads and on as many platform threads as there are connections: ten. The server
/// is the same, each contender has a process of its own, and they take turns.
///
/// Run: `mvn -P bench -pl bench -am -DskipTests verify
/// -Dbench.main=net.eventlet.bench.DatabaseTransactions`
public final class DatabaseTransactions {

  private static final List<String> CONTENDERS = List.of("eventlet", "virtual", "platform");
  private static final int CONNECTIONS = 10;
  private static final int TASKS = 200;
  private static final int ROUNDS = 3;
  private static final int WARM_UP = 40_000; // transactions, as a compiler counts, not seconds
  private static final int COUNTED = 40_000;
  private static final Duration LOOK = Duration.ofMillis(10);

  private final DataSource source;
  private final AtomicLong done = new AtomicLong();
  private volatile boolean over;

  private DatabaseTransactions(DataSource source) {
    this.source = source;
  }

  /// Measures all contenders in turn, or one of them.
  ///
  /// @param arguments none; for one contender, its name and the URL of a server
  /// @throws Exception if the server or a contender fails
  public static void main(String... arguments) throws Exception {
    if (arguments.length == 2) {
      one(arguments[0], arguments[1]);
      return;
    }
    try (var server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
      var url = server.getJdbcUrl("postgres", "postgres");
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE account (id INT PRIMARY KEY, money INT)");
        statement.execute("INSERT INTO account SELECT i, 0 FROM generate_series(0, 999) i");
      }
      compare(url);
    }
  }

  private static void compare(String url) throws Exception {
    var results = new TreeMap<String, List<Double>>();
    for (var round = 0; round < ROUNDS; round++) {
      for (var contender : CONTENDERS) {
        results.computeIfAbsent(contender, _ -> new ArrayList<>()).add(measured(contender, url));
      }
    }
    results.forEach((contender, each) -> {
      each.sort(null);
      IO.println(
          "%-9s %,8.0f transactions per CPU second (median of %d; %,.0f to %,.0f)"
              .formatted(contender, each.get(ROUNDS / 2), ROUNDS, each.getFirst(), each.getLast()));
    });
  }

  private static double measured(String contender, String url) throws Exception {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DatabaseTransactions.class.getName(), contender, url));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = process.inputReader().readAllAsString().strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(contender + " failed: " + output);
    }
    return Double.parseDouble(output);
  }

  private static void one(String contender, String url) throws Exception {
    if (contender.equals("eventlet")) {
      var options = PoolOptions.DEFAULT.withMaxSize(CONNECTIONS).withConnectTimeout(null);
      try (var pool = ConnectionPool.of(Credentials.of(url), options)) {
        Eventlet.run(() -> new DatabaseTransactions(pool).green());
      }
    } else {
      var config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(CONNECTIONS);
      try (var pool = new HikariDataSource(config)) {
        new DatabaseTransactions(pool).threads(contender.equals("virtual"));
      }
    }
  }

  private void green() throws Exception {
    var workers = new GreenPool(TASKS);
    for (var i = 0; i < TASKS; i++) {
      workers.spawnN(this::work);
    }
    measure(() -> Eventlet.sleep(LOOK));
    over = true;
    workers.waitAll();
  }

  private void threads(boolean virtual) throws Exception {
    try (var workers =
        virtual
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newFixedThreadPool(CONNECTIONS)) {
      for (var i = 0; i < (virtual ? TASKS : CONNECTIONS); i++) {
        workers.execute(this::work);
      }
      measure(() -> Thread.sleep(LOOK));
      over = true;
    }
  }

  private void measure(Action pause) throws Exception {
    while (done.get() < WARM_UP) {
      pause.run();
    }
    var begin = cpuNanos();
    var before = done.get();
    while (done.get() < before + COUNTED) {
      pause.run();
    }
    IO.println((done.get() - before) * 1e9 / (cpuNanos() - begin));
  }

  private void work() {
    while (!over) {
      try (var connection = source.getConnection();
          var statement =
              connection.prepareStatement("UPDATE account SET money = money + 1 WHERE id = ?")) {
        statement.setInt(1, ThreadLocalRandom.current().nextInt(1000));
        statement.executeUpdate();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      done.incrementAndGet();
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
