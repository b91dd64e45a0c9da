package net.eventlet.bench.jmh;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import net.eventlet.dbpool.ConnectionPool;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost a green thread to borrow a connection that nobody else wants, and to return
/// it? HikariCP beside it, in the same green thread: its figure is one of a thread that borrows
/// again and again, for which it has a list.
///
/// Run: `make bench ARGS=BorrowBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      GreenExecutor.CUSTOM,
      GreenExecutor.CLASS,
      "--sun-misc-unsafe-memory-access=allow", // JMH's own
      "-XX:+UseSerialGC",
      "-Xms2g"
    })
public class BorrowBenchmark {

  private static final String URL = "jdbc:h2:mem:borrow;DB_CLOSE_DELAY=-1";

  /// Whose pool.
  @Param({"eventlet", "hikari"})
  public String pool = "eventlet";

  private @Nullable DataSource source; // until the setup

  /// Makes the benchmark. Called by JMH, on a hub.
  public BorrowBenchmark() {}

  /// Opens the pool.
  ///
  /// @throws SQLException never
  @Setup
  public void open() throws SQLException {
    if (pool.equals("eventlet")) {
      source = ConnectionPool.of(URL);
    } else {
      var config = new HikariConfig();
      config.setJdbcUrl(URL);
      config.setMaximumPoolSize(4);
      source = new HikariDataSource(config);
    }
  }

  /// Closes the pool.
  ///
  /// @throws Exception never
  @TearDown
  public void close() throws Exception {
    ((AutoCloseable) Objects.requireNonNull(source)).close();
  }

  /// Borrows and returns.
  ///
  /// @throws SQLException never
  @Benchmark
  public void borrowAndReturn() throws SQLException {
    Objects.requireNonNull(source).getConnection().close();
  }
}
