package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;

/// Green threads that transfer money on few connections, while they are killed and time out at
/// random: waiting, connecting, in a query, in the clean-up. In the end the sum is what it was, no
/// connection is lent, and no place in the pool is lost.
final class Bank {

  private static final int ACCOUNTS = 8;
  private static final int WORKERS = 12;
  private static final int HARMS = 60;

  private final Random random;
  private final ConnectionPool pool;
  private final List<GreenThread<?>> workers = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private boolean closing;

  Bank(int seed, ConnectionPool pool) {
    random = new Random(seed);
    this.pool = pool;
  }

  void live() throws Exception {
    prepare();
    for (var harm = 0; harm < HARMS; harm++) {
      hire();
      Eventlet.sleep(Duration.ofNanos(random.nextInt(3_000_000)));
      var victim = workers.get(random.nextInt(workers.size()));
      if (random.nextInt(8) == 0) {
        pool.clear();
      } else {
        victim.kill();
      }
    }
    closing = true;
    for (var worker : workers) {
      try {
        worker.await();
      } catch (GreenThreadExit killed) {
        // as it should be
      }
    }

    assertEquals(List.of(), failures);
    assertEquals(0, sum());
    var now = pool.statistics();
    assertEquals(0, now.lent(), now::toString);
    assertEquals(0, now.waiting(), now::toString);
    assertEquals(0, now.connecting(), now::toString);
    assertEquals(pool.options().maxSize(), pool.free());
    assertEquals(now.connected(), now.idle() + now.expired() + now.broken(), now::toString);
    lendAllAtOnce();
  }

  private void lendAllAtOnce() throws SQLException {
    var all = new ArrayList<AutoCloseable>();
    for (var i = 0; i < pool.options().maxSize(); i++) {
      var connection = pool.get(Duration.ZERO);
      connection.createStatement().execute("SELECT 1");
      all.add(connection);
    }
    assertEquals(0, pool.free());
    for (var connection : all) {
      try {
        connection.close();
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
  }

  private void prepare() throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS account");
      statement.execute("CREATE TABLE account (id INT PRIMARY KEY, money INT)");
      for (var account = 0; account < ACCOUNTS; account++) {
        statement.execute("INSERT INTO account VALUES (" + account + ", 0)");
      }
    }
  }

  private void hire() {
    workers.removeIf(GreenThread::isDone);
    while (workers.size() < WORKERS) {
      workers.add(Eventlet.spawn(this::work));
    }
  }

  private void work() throws Exception {
    while (!closing) {
      try {
        var limit = random.nextInt(4) == 0 ? Duration.ofNanos(random.nextInt(20_000_000)) : null;
        Timeout.run(limit, this::transfer);
      } catch (SQLException failure) {
        if (!isUnderstood(failure)) {
          failures.add(failure);
        }
      }
    }
  }

  /// A kill in a wait of the JDK's looks like this until the next wait; two transfers may also lock
  /// the accounts in opposite order, or see that the other has changed them.
  private static boolean isUnderstood(SQLException failure) {
    var state = String.valueOf(failure.getSQLState());
    return state.startsWith("08") || state.startsWith("40") || state.startsWith("70");
  }

  private void transfer() throws SQLException {
    var from = random.nextInt(ACCOUNTS);
    var to = random.nextInt(ACCOUNTS);
    try (var connection = pool.item()) {
      connection.setAutoCommit(false);
      try (var statement =
          connection.prepareStatement("UPDATE account SET money = money + ? WHERE id = ?")) {
        statement.setInt(1, -1);
        statement.setInt(2, from);
        statement.executeUpdate();
        if (random.nextBoolean()) {
          Eventlet.sleep(Duration.ofNanos(random.nextInt(1_000_000)));
        }
        statement.setInt(1, 1);
        statement.setInt(2, to);
        statement.executeUpdate();
      }
      if (random.nextInt(4) != 0) {
        connection.commit();
      }
    }
  }

  private long sum() throws SQLException {
    try (var connection = pool.item();
        var statement = connection.createStatement();
        var results = statement.executeQuery("SELECT SUM(money) FROM account")) {
      results.next();
      return results.getLong(1);
    }
  }
}
