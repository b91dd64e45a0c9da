package net.eventlet.bench;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
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

/// What does a transaction cost a client that has ten connections: borrow one, update a row, return
/// it? By two hundred green threads, by as many stock virtual threads on HikariCP, or by ten
/// platform threads on it.
///
/// Run: `make bench ARGS=database`; the arguments are a contender, the server's port, and a tenth
/// of how many to count.
final class DatabaseClient {

  private static final int CONNECTIONS = 10;
  private static final int TASKS = 200;
  private static final int LONGER = 10; // than round trips are counted: a transaction varies more
  private static final int WARM_UPS = 2; // times as many as are counted
  private static final Duration LOOK = Duration.ofMillis(10);

  private final DataSource source;
  private final long counted;
  private final AtomicLong done = new AtomicLong();
  private volatile boolean over;

  private DatabaseClient(DataSource source, long counted) {
    this.source = source;
    this.counted = counted;
  }

  /// Measures.
  ///
  /// @param arguments the contender, the server's port, a tenth of how many to count
  /// @throws Exception if the server fails
  static void main(String[] arguments) throws Exception {
    Measure.endAfter(300);
    var contender = arguments[0];
    var url = "jdbc:postgresql://localhost:" + arguments[1] + "/postgres?user=postgres";
    var counted = LONGER * Long.parseLong(arguments[2]);
    if (contender.equals("eventlet")) {
      var options = PoolOptions.DEFAULT.withMaxSize(CONNECTIONS).withConnectTimeout(null);
      try (var pool = ConnectionPool.of(Credentials.of(url), options)) {
        Eventlet.run(() -> new DatabaseClient(pool, counted).green());
      }
      return;
    }
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(CONNECTIONS);
    try (var pool = new HikariDataSource(config);
        var workers =
            contender.equals("virtual")
                ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newFixedThreadPool(CONNECTIONS)) {
      var tasks = contender.equals("virtual") ? TASKS : CONNECTIONS;
      new DatabaseClient(pool, counted).threads(workers, tasks);
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

  private void threads(ExecutorService workers, int tasks) throws Exception {
    for (var i = 0; i < tasks; i++) {
      workers.execute(this::work);
    }
    measure(() -> Thread.sleep(LOOK));
    over = true;
  }

  private void measure(Action pause) throws Exception {
    while (done.get() < WARM_UPS * counted) {
      pause.run();
    }
    var cpu = cpuNanos();
    var begin = System.nanoTime();
    var before = done.get();
    while (done.get() < before + counted) {
      pause.run();
    }
    var transactions = done.get() - before;
    var seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"row\":\"database\",\"cpu_us\":%.3f,\"rate\":%.0f}%n",
        (cpuNanos() - cpu) / 1e3 / transactions,
        transactions / seconds);
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
