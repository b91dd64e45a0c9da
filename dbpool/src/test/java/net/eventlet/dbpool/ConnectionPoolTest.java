package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every pool does, on a database in memory.
@Bounded
class ConnectionPoolTest {

  private static final Duration SOON = Duration.ofMillis(20);

  private final Made made = new Made();
  private final List<ConnectionPool> pools = new ArrayList<>();

  @AfterEach
  void close() {
    pools.forEach(ConnectionPool::close);
  }

  @Test
  void aConnectionThatCameBackIsLentAgain() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);

    pool.get().close();
    pool.get().close();

    assertEquals(1, made.count());
  }

  @Test
  void whatCameBackLastIsLentFirst() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var first = pool.get();
    var second = pool.get();
    var behindFirst = behind(first);

    pool.put(second);
    pool.put(first);

    assertSame(behindFirst, behind(pool.get()));
  }

  @Test
  void eachLoanHasAWrapperOfItsOwn() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var first = pool.get();
    first.close();

    var second = pool.get();

    assertNotSame(first, second);
    assertTrue(first.isClosed());
    assertFalse(second.isClosed());
    first.close();
    assertFalse(second.isClosed());
  }

  @Test
  void aConnectionThatWasReturnedIsRefused() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var connection = pool.get();
    var statement = connection.createStatement();
    var results = statement.executeQuery("SELECT 1");
    connection.close();

    var refused =
        assertThrows(SQLNonTransientConnectionException.class, connection::createStatement);
    assertTrue(
        refused.getMessage().contains("was returned to RawConnectionPool"), refused::toString);
    assertThrows(SQLException.class, () -> statement.executeQuery("SELECT 1"));
    assertThrows(SQLException.class, results::next);
    assertThrows(SQLException.class, connection::getAutoCommit);
    assertTrue(statement.isClosed());
    assertTrue(results.isClosed());
  }

  @Test
  void aStatementKnowsTheWrappedConnection() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    try (var connection = pool.item();
        var statement = connection.prepareStatement("SELECT ?")) {
      statement.setInt(1, 7);
      var results = statement.executeQuery();

      assertSame(connection, statement.getConnection());
      assertSame(connection, connection.getMetaData().getConnection());
      assertSame(statement, results.getStatement());
    }
  }

  @Test
  void statementsLeftOpenAreClosed() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var connection = pool.get();
    var own = connection.createStatement().unwrap(org.h2.jdbc.JdbcStatement.class);

    connection.close();

    assertTrue(own.isClosed());
  }

  @Test
  void whatWasNotCommittedIsRolledBack() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    execute(pool, "CREATE TABLE item (id INT)");
    try (var connection = pool.item()) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("INSERT INTO item VALUES (1)");
    }

    try (var connection = pool.item()) {
      assertTrue(connection.getAutoCommit());
      assertEquals(0, count(connection, "item"));
    }
  }

  @Test
  void aCleanupOfOnesOwnTakesTheRollbacksPlace() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    execute(pool, "CREATE TABLE item (id INT)");
    try (var connection = pool.item(Connection::commit)) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("INSERT INTO item VALUES (1)");
    }

    try (var connection = pool.item()) {
      assertEquals(1, count(connection, "item"));
    }
  }

  @Test
  void withoutACleanupAllIsLeftAsItIs() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));
    var connection = pool.get();
    connection.setAutoCommit(false);

    pool.put(connection, null);

    try (var again = pool.item()) {
      assertFalse(again.getAutoCommit());
    }
    try (var cleaned = pool.item()) {
      assertTrue(cleaned.getAutoCommit());
    }
  }

  @Test
  void aCleanupThatFailsClosesTheConnection() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var failure = new SQLException("cannot");
    var connection =
        pool.item(_ -> {
          throw failure;
        });

    assertSame(failure, assertThrows(SQLException.class, connection::close));

    assertEquals(new PoolStatistics(0, 0, 0, 0, 1, 0, 1, 0), settled(pool));
    assertEquals(4, pool.free());
  }

  @Test
  void whatWasSetIsSetBack() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));
    int isolation;
    try (var connection = pool.item()) {
      isolation = connection.getTransactionIsolation();
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setSchema("INFORMATION_SCHEMA");
      connection.setReadOnly(true);
    }

    try (var connection = pool.item()) {
      assertEquals(isolation, connection.getTransactionIsolation());
      assertEquals("PUBLIC", connection.getSchema());
    }
  }

  @Test
  void waitersAreServedFirstComeFirstServed() throws Exception {
    var served = new ArrayList<Integer>();
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));

    Eventlet.run(() -> {
      var held = pool.get();
      var waiters = new ArrayList<GreenThread<?>>();
      for (var i = 0; i < 5; i++) {
        var number = i;
        waiters.add(
            Eventlet.spawn(() -> {
              try (var _ = pool.item()) {
                served.add(number);
                Eventlet.sleep();
              }
            }));
      }
      Eventlet.sleep();
      held.close();
      for (var waiter : waiters) {
        waiter.await();
      }
    });

    assertEquals(List.of(0, 1, 2, 3, 4), served);
    assertEquals(1, made.count());
  }

  @Test
  void aPoolThatIsExhaustedSaysSoInTime() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1).withWaitLimit(SOON));

    Eventlet.run(() -> {
      try (var _ = pool.item()) {
        var failure = assertThrows(SQLTransientConnectionException.class, pool::get);
        assertTrue(
            failure.getMessage().contains("no connection came back within PT0.02S"),
            failure::toString);
      }
    });

    assertEquals(1, pool.statistics().timedOut());
    assertEquals(1, pool.free());
  }

  @Test
  void aPlainThreadWaitsAsWell() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));

    try (var _ = pool.item()) {
      assertThrows(SQLTransientConnectionException.class, () -> pool.get(SOON));
    }

    pool.get(SOON).close();
  }

  @Test
  void aPlainThreadThatIsInterruptedGetsASqlException() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));

    try (var _ = pool.item()) {
      Thread.currentThread().interrupt();
      assertThrows(SQLTransientConnectionException.class, pool::get);
    }

    assertTrue(Thread.interrupted());
    assertEquals(0, pool.waiting());
  }

  @Test
  void aConnectionInUseWhenItsBorrowerIsKilledIsReplaced() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));

    Eventlet.run(() -> {
      var worker =
          Eventlet.spawn(() -> {
            try (var connection = pool.item()) {
              made.blocking = true;
              connection.isValid(1);
            }
          });
      Eventlet.sleep();
      worker.kill();

      assertThrows(GreenThreadExit.class, worker::await);
      made.blocking = false;
      pool.get().close();
    });

    assertEquals(2, made.count());
    assertEquals(1, pool.statistics().broken());
  }

  @Test
  void aConnectionThatIsIdleForTooLongIsClosed() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxIdle(SOON));

    Eventlet.run(() -> {
      var connection = pool.get();
      var own = behind(connection);
      connection.close();
      while (!own.isClosed()) {
        Eventlet.sleep(Duration.ofMillis(1));
      }
    });

    assertEquals(new PoolStatistics(0, 0, 0, 0, 1, 1, 0, 0), settled(pool));
  }

  @Test
  void theMinimumIsMadeAtOnceAndKept() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMinSize(2).withMaxIdle(SOON));
    assertEquals(2, pool.statistics().idle());

    Eventlet.run(() -> {
      var connections = List.of(pool.get(), pool.get(), pool.get());
      for (var connection : connections) {
        connection.close();
      }
      while (pool.statistics().expired() == 0) {
        Eventlet.sleep(Duration.ofMillis(1));
      }
      Eventlet.sleep(SOON);
    });

    assertEquals(2, pool.statistics().idle());
  }

  @Test
  void aConnectionThatIsTooOldIsNotLentAgain() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxAge(Duration.ofNanos(1)));

    pool.get().close();
    pool.get().close();

    assertEquals(2, made.count());
  }

  @Test
  void withNoIdleTimeEachConnectionIsLentOnce() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxIdle(Duration.ZERO));

    pool.get().close();
    pool.get().close();

    assertEquals(2, made.count());
  }

  @Test
  void aConnectionThatDiedWhileItWasIdleIsReplaced() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withValidateAfter(Duration.ZERO));
    var connection = pool.get();
    var own = behind(connection);
    connection.close();
    own.close();

    try (var another = pool.item()) {
      assertNotSame(own, behind(another));
      assertTrue(another.isValid(1));
    }
  }

  @Test
  void aFailureToConnectReachesWhoeverAskedAndTheNextTries() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));
    made.failure = new SQLException("no");

    assertSame(made.failure, assertThrows(SQLException.class, pool::get));

    made.failure = null;
    pool.get().close();
    assertEquals(1, pool.free());
  }

  @Test
  void connectingHasALimit() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1).withConnectTimeout(SOON));
    made.blocking = true;

    Eventlet.run(() -> assertThrows(ConnectTimeout.class, pool::get));
    assertThrows(ConnectTimeout.class, pool::get);

    made.blocking = false;
    pool.get().close();
  }

  @Test
  void putRefusesWhatItDidNotLend() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var other = pool(PoolOptions.DEFAULT);
    var connection = pool.get();

    assertThrows(IllegalArgumentException.class, () -> other.put(connection));
    assertThrows(IllegalArgumentException.class, () -> pool.put(behind(connection)));
    pool.put(connection);
    assertThrows(IllegalStateException.class, () -> pool.put(connection));
  }

  @Test
  void aClosedPoolLendsNothing() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withMaxSize(1));

    Eventlet.run(() -> {
      var held = pool.get();
      var waiter = Eventlet.spawn(() -> pool.get());
      Eventlet.sleep();
      pool.close();

      assertThrows(SQLNonTransientConnectionException.class, waiter::await);
      assertThrows(SQLNonTransientConnectionException.class, pool::get);
      assertTrue(held.isValid(1));
      held.close();
    });

    assertTrue(pool.close(Duration.ofSeconds(10)));
    assertEquals(new PoolStatistics(0, 0, 0, 0, 1, 1, 0, 0), pool.statistics());
  }

  @Test
  void whatDoesNotComeBackInTimeIsAborted() throws Exception {
    var pool = pool(PoolOptions.DEFAULT);
    var held = pool.get();

    assertFalse(pool.close(SOON));

    while (!held.isClosed()) {
      Thread.sleep(1);
    }
    assertThrows(SQLException.class, held::createStatement);
    held.close();
  }

  @Test
  void aLeakIsReportedWithTheThreadAndThePlace() throws Exception {
    var leaks = new CopyOnWriteArrayList<Leak>();
    var pool = pool(PoolOptions.DEFAULT.withLeakAfter(SOON).withLeaks(leaks::add));

    Eventlet.run(() -> {
      var worker = Eventlet.spawn(() -> pool.get());
      while (leaks.isEmpty()) {
        Eventlet.sleep(Duration.ofMillis(1));
      }

      var report = leaks.getFirst().toString();
      assertTrue(report.contains("was got by " + worker.name()), report);
      assertTrue(report.contains("ConnectionPoolTest.java"), report);
      worker.await().close();
    });
  }

  @Test
  void thePoolIsADataSource() throws Exception {
    var pool = pool(PoolOptions.DEFAULT.withConnectTimeout(Duration.ofSeconds(7)));

    assertEquals(7, pool.getLoginTimeout());
    assertTrue(pool.isWrapperFor(ConnectionPool.class));
    assertSame(pool, pool.unwrap(RawConnectionPool.class));
    assertThrows(SQLException.class, () -> pool.unwrap(String.class));
    assertThrows(SQLFeatureNotSupportedException.class, () -> pool.getConnection("a", "b"));
    assertThrows(SQLFeatureNotSupportedException.class, () -> pool.setLoginTimeout(1));
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    var options = PoolOptions.DEFAULT;

    assertThrows(IllegalArgumentException.class, () -> options.withMinSize(-1));
    assertThrows(IllegalArgumentException.class, () -> options.withMinSize(5));
    assertThrows(IllegalArgumentException.class, () -> options.withMaxSize(0));
    assertThrows(IllegalArgumentException.class, () -> options.withConnectTimeout(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> options.withLeakAfter(Duration.ZERO));
  }

  private ConnectionPool pool(PoolOptions options) throws SQLException {
    var pool = new RawConnectionPool(made, options);
    pools.add(pool);
    return pool;
  }

  private static PoolStatistics settled(ConnectionPool pool) throws InterruptedException {
    while (true) {
      var now = pool.statistics();
      if (now.connected() == now.expired() + now.broken() + now.idle() + now.lent()) {
        return now;
      }
      Thread.sleep(1);
    }
  }

  private static Connection behind(Connection connection) throws SQLException {
    return connection.unwrap(org.h2.jdbc.JdbcConnection.class);
  }

  private static void execute(ConnectionPool pool, String sql) throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(Connection connection, String table) throws SQLException {
    try (var statement = connection.createStatement();
        var results = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      results.next();
      return results.getInt(1);
    }
  }
}
