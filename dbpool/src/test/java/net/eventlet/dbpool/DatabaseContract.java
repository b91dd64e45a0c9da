package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.eventlet.Eventlet;
import net.eventlet.GreenPool;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds with every server.
@Bounded
abstract class DatabaseContract {

  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final PoolOptions OPTIONS =
      PoolOptions.DEFAULT.withWaitLimit(LONG).withConnectTimeout(LONG);

  private ConnectionPool pool;

  abstract Database database();

  @AfterEach
  void closePool() {
    if (pool != null) {
      assertTrue(pool.close(LONG), pool::toString);
    }
  }

  private void open(Credentials credentials, PoolOptions options) throws SQLException {
    pool = ConnectionPool.of(credentials, options);
  }

  @Test
  void twoHundredGreenThreadsCountOnTenConnectionsWhileTheHubTicks() throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(10));
    execute("DROP TABLE IF EXISTS foo");
    execute("CREATE TABLE foo (count INT)");
    execute("INSERT INTO foo VALUES (0)");
    var ticks = new int[1];

    Eventlet.run(() -> {
      var ticker =
          Eventlet.spawn(() -> {
            while (true) {
              Eventlet.sleep(Duration.ofMillis(1));
              ticks[0]++;
            }
          });
      var workers = new GreenPool(200);
      for (var i = 0; i < 200; i++) {
        workers.spawnN(() -> execute("UPDATE foo SET count = count + 1"));
      }
      workers.waitAll();
      ticker.kill();
    });

    assertEquals(200, number("SELECT count FROM foo"));
    assertTrue(ticks[0] > 5, () -> ticks[0] + " ticks");
    assertTrue(pool.statistics().connected() <= 10, pool::toString);
  }

  @Test
  void greenThreadsOfTwoHubsAndThreadsOfAllKindsShareConnections() throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(3));
    execute("DROP TABLE IF EXISTS foo");
    execute("CREATE TABLE foo (count INT)");
    execute("INSERT INTO foo VALUES (0)");

    try (var one = Hub.start("one");
        var two = Hub.start("two");
        var platform = Executors.newFixedThreadPool(3);
        var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      var workers = new ArrayList<Future<?>>();
      for (var i = 0; i < 3; i++) {
        workers.add(Eventlet.spawn(one, this::countToTwenty));
        workers.add(Eventlet.spawn(two, this::countToTwenty));
        workers.add(platform.submit(this::countToTwenty));
        workers.add(virtual.submit(this::countToTwenty));
      }
      for (var worker : workers) {
        worker.get();
      }
    }

    assertEquals(12 * 20, number("SELECT count FROM foo"));
    assertEquals(0, pool.statistics().broken());
    assertTrue(pool.statistics().connected() <= 3, pool::toString);
  }

  private Void countToTwenty() throws SQLException {
    for (var i = 0; i < 20; i++) {
      execute("UPDATE foo SET count = count + 1");
    }
    return null;
  }

  @Test
  void aQueryThatSleepsHoldsUpNobody() throws Exception {
    open(database().credentials(), OPTIONS);

    Eventlet.run(() -> {
      var begin = System.nanoTime();
      var workers = new GreenPool(4);
      for (var i = 0; i < 4; i++) {
        workers.spawnN(() -> execute(database().sleepQuery(Duration.ofSeconds(2))));
      }
      workers.waitAll();

      assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 7);
    });
  }

  @Test
  void aConnectionOfWhoIsKilledInTheMiddleOfAQueryIsReplaced() throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(1));

    Eventlet.run(() -> {
      var worker = Eventlet.spawn(() -> execute(database().sleepQuery(LONG)));
      Eventlet.sleep(SHORT);
      worker.kill();

      assertThrows(GreenThreadExit.class, worker::await);
      execute("SELECT 1");
    });

    assertEquals(1, pool.free());
    assertEquals(1, pool.statistics().broken() + pool.statistics().connecting());
    assertEquals(2, pool.statistics().connected());
  }

  @Test
  void aConnectionOfWhoTimesOutInTheMiddleOfAQueryIsReplaced() throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(1));

    Eventlet.run(() -> {
      execute("SELECT 1");

      assertThrows(
          Timeout.class,
          () ->
              Timeout.call(
                  SHORT,
                  () -> {
                    execute(database().sleepQuery(LONG));
                    return "done";
                  }));
      execute("SELECT 1");
    });

    assertEquals(1, pool.free());
    assertEquals(1, pool.statistics().broken());
    assertEquals(2, pool.statistics().connected());
  }

  @Test
  void aConnectionThatIsCutInTheMiddleOfAQueryIsReplaced() throws Exception {
    try (var proxy = new CuttingProxy(database().port())) {
      open(database().at(proxy.port()), OPTIONS.withMaxSize(1));

      Eventlet.run(() -> {
        var worker = Eventlet.spawn(() -> execute(database().sleepQuery(LONG)));
        Eventlet.sleep(SHORT);
        proxy.cut();

        assertThrows(SQLException.class, worker::await);
        execute("SELECT 1");
      });

      assertEquals(1, pool.free());
      assertEquals(1, pool.statistics().idle());
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpInTime() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      open(database().at(silent.getLocalPort()), OPTIONS.withConnectTimeout(SHORT));

      Eventlet.run(() -> assertThrows(ConnectTimeout.class, pool::get));
      assertThrows(ConnectTimeout.class, pool::get); // in a plain thread

      assertEquals(new PoolStatistics(0, 0, 0, 0, 0, 0, 0, 0), pool.statistics());
      assertEquals(4, pool.free());
    }
  }

  @Test
  void aServerThatIsNotThereIsAFailureAtOnce() throws Exception {
    try (var port = new HeldPort()) {
      open(database().at(port.number()), OPTIONS);

      Eventlet.run(() -> {
        var failure = assertThrows(SQLException.class, pool::get);
        assertFalse(failure instanceof ConnectTimeout, failure::toString);
      });
    }

    assertEquals(4, pool.free());
  }

  @Test
  void refusedCredentialsReachAllWhoWaitOneAfterTheOther() throws Exception {
    open(database().unknownUser(), OPTIONS.withMaxSize(1));

    Eventlet.run(() -> {
      var first = Eventlet.spawn(() -> pool.get());
      var second = Eventlet.spawn(() -> pool.get());

      for (var asker : new net.eventlet.GreenThread<?>[] {first, second}) {
        var failure = assertThrows(SQLException.class, asker::await);
        assertTrue(failure.getSQLState().startsWith("28"), failure::toString);
      }
    });

    assertEquals(1, pool.free());
  }

  @Test
  void anExhaustedPoolSaysSoInTime() throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(1).withWaitLimit(SHORT));

    Eventlet.run(() -> {
      try (var _ = pool.item()) {
        assertThrows(SQLTransientConnectionException.class, pool::get);
      }
      execute("SELECT 1");
    });

    assertEquals(1, pool.statistics().timedOut());
  }

  @Test
  void aServerThatIsRestartedIsFoundAgain() throws Exception {
    open(database().credentials(), OPTIONS.withValidateAfter(Duration.ZERO));

    Eventlet.run(() -> {
      var first = pool.get();
      pool.get().close();
      database().restart();

      assertThrows(SQLException.class, () -> first.createStatement().execute("SELECT 1"));
      first.close();
      execute("SELECT 1");
    });

    assertEquals(4, pool.free());
    assertEquals(2, pool.statistics().broken());
    assertEquals(1, pool.statistics().idle());
  }

  @Test
  void whatTheClientSaidOfItselfIsNotTheNextOnes() throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(1));
    String before;
    try (var connection = pool.item()) {
      before = applicationName(connection);
      connection.setClientInfo("ApplicationName", "another");
      assertEquals("another", applicationName(connection));
    }

    try (var connection = pool.item()) {
      assertEquals(before, applicationName(connection));
    }
    assertEquals(1, pool.statistics().connected());
  }

  static IntStream seeds() {
    return IntStream.range(0, 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void killsAndTimeoutsLoseNothing(int seed) throws Exception {
    open(database().credentials(), OPTIONS.withMaxSize(3));

    Eventlet.run(() -> new Bank(seed, pool).live());

    closePool();
    open(database().credentials(), OPTIONS);
    awaitNumber(1, database().countSessions());
  }

  static IntStream manySeeds() {
    return IntStream.range(1_000, 1_200);
  }

  @Tag("soak")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  void killsAndTimeoutsLoseNothingWhateverTheSeed(int seed) throws Exception {
    killsAndTimeoutsLoseNothing(seed);
  }

  private static String applicationName(Connection connection) throws SQLException {
    return Objects.requireNonNullElse(connection.getClientInfo("ApplicationName"), "");
  }

  private void execute(String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement();
        var results = statement.executeQuery(sql)) {
      results.next();
      return results.getLong(1);
    }
  }

  /// The server notices with a delay that a session is over.
  private void awaitNumber(long expected, String sql) throws Exception {
    while (number(sql) != expected) {
      Thread.sleep(10);
    }
  }
}
