package net.eventlet.dbpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import net.eventlet.GreenThreadExit;
import net.eventlet.Timeout;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// What happens to connections when something else happens at the same time: kills, timeouts, the
/// end of a hub or of the pool, other threads.
@Bounded
class UnwindingTest {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Made made = new Made();
  private ConnectionPool pool;

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void whoIsKilledWhileItsConnectionIsValidatedLosesNoPlace() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(1).withValidateAfter(Duration.ZERO));
    pool.get().close();
    var attempts = new AtomicInteger();
    made.blocking = true;
    made.before =
        method -> {
          if (method.equals("getConnection")) {
            attempts.incrementAndGet();
          }
        };

    Eventlet.run(() -> {
      var asker = Eventlet.spawn(() -> pool.get());
      Eventlet.sleep();
      asker.kill();

      assertThrows(GreenThreadExit.class, asker::await);
    });

    made.blocking = false;
    assertEquals(0, attempts.get());
    assertEquals(1, pool.statistics().broken());
    assertEquals(1, pool.free());
    pool.get().close();
  }

  @Test
  void whoIsKilledWhileConnectingLosesNoPlaceAndTheNextIsServed() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(1));
    made.blocking = true;

    Eventlet.run(() -> {
      var asker = Eventlet.spawn(() -> pool.get());
      var next = Eventlet.spawn(() -> pool.get());
      Eventlet.sleep();
      made.blocking = false;
      asker.kill();

      assertThrows(GreenThreadExit.class, asker::await);
      next.await().close();
    });

    assertEquals(1, pool.free());
    assertEquals(1, made.count());
  }

  @Test
  void whoTimesOutInTheCleanupLosesNoPlace() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(1).withCleanup(_ -> Eventlet.sleep(LONG)));

    Eventlet.run(() -> {
      var connection = pool.get();
      assertFalse(Timeout.run(SOON, connection::close));
    });

    assertEquals(1, pool.statistics().broken());
    assertEquals(1, pool.free());
  }

  @Test
  void aConnectionWhoseDriverKeepsToItselfThatTheCleanupWasCutShortIsReplaced() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(1));
    made.before =
        method -> {
          if (method.equals("rollback")) {
            try {
              Thread.sleep(LONG);
            } catch (InterruptedException swallowed) {
              // as drivers do, when they close a socket
            }
          }
        };

    Eventlet.run(() -> {
      var worker =
          Eventlet.spawn(() -> {
            try (var connection = pool.item()) {
              connection.setAutoCommit(false);
            }
          });
      Eventlet.sleep();
      worker.kill();
      Eventlet.sleep();
    });

    assertEquals(1, pool.statistics().broken());
    assertEquals(1, pool.free());
  }

  @Test
  void aConnectionThatIsReturnedWhileAnotherThreadIsInACallIsReplaced() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(1));

    Eventlet.run(() -> {
      var connection = pool.get();
      made.blocking = true;
      var other = Eventlet.spawn(() -> connection.isValid(1));
      Eventlet.sleep();
      connection.close();
      made.blocking = false;

      assertEquals(1, pool.free());
      pool.get().close();
      other.kill();
    });

    assertEquals(1, pool.statistics().broken());
    assertEquals(2, made.count());
  }

  @Test
  void whoWaitsIsServedInOrderWhenConnectingFails() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(1));
    var tried = new ArrayList<Integer>();
    made.before = _ -> Eventlet.sleep();
    made.failure = new SQLException("no");

    Eventlet.run(() -> {
      var askers = new ArrayList<GreenThread<?>>();
      for (var i = 0; i < 5; i++) {
        var number = i;
        askers.add(
            Eventlet.spawn(() -> {
              assertThrows(SQLException.class, pool::get);
              tried.add(number);
            }));
      }
      for (var asker : askers) {
        asker.await();
      }
    });

    assertEquals(List.of(0, 1, 2, 3, 4), tried);
    assertEquals(1, pool.free());
  }

  @Test
  void anIdleConnectionExpiresAlsoWhenTheHubOfItsBorrowerHasEnded() throws Exception {
    open(PoolOptions.DEFAULT.withMaxIdle(SOON));

    Eventlet.run(() -> pool.get().close());

    while (pool.statistics().expired() == 0) {
      Thread.sleep(1);
    }
    assertEquals(0, pool.statistics().idle());
  }

  @Test
  void aLeakIsReportedAlsoWhenTheHubOfItsBorrowerHasEnded() throws Exception {
    var reported = new CountDownLatch(1);
    open(PoolOptions.DEFAULT.withLeakAfter(SOON).withLeaks(_ -> reported.countDown()));

    Eventlet.run(() -> {
      pool.get();
    });

    reported.await();
  }

  @Test
  void whatComesBackInTimeIsNoLeak() throws Exception {
    var leaks = new AtomicInteger();
    open(PoolOptions.DEFAULT.withLeakAfter(SOON).withLeaks(_ -> leaks.incrementAndGet()));

    Eventlet.run(() -> {
      pool.get().close();
      Eventlet.sleep(SOON.multipliedBy(3));
    });

    assertEquals(0, leaks.get());
  }

  @Test
  void aPoolThatIsClosedWhileItConnectsEndsWhenThatIsDone() throws Exception {
    open(PoolOptions.DEFAULT);
    made.before = _ -> Eventlet.sleep(SOON);

    Eventlet.run(() -> {
      var asker = Eventlet.spawn(() -> pool.get());
      Eventlet.sleep();

      assertTrue(pool.close(LONG));

      assertThrows(SQLNonTransientConnectionException.class, asker::await);
    });

    assertEquals(new PoolStatistics(0, 0, 0, 0, 1, 1, 0, 0), pool.statistics());
  }

  @Test
  void aConnectionThatHangsInItsClosingIsAbortedWhenTheTimeIsUp() throws Exception {
    open(PoolOptions.DEFAULT);
    var aborted = new CountDownLatch(1);
    made.before =
        method -> {
          if (method.equals("abort")) {
            aborted.countDown();
          } else if (method.equals("close")) {
            try {
              aborted.await();
            } catch (InterruptedException e) {
              throw new SQLException(e);
            }
          }
        };
    pool.get().close();

    assertFalse(pool.close(SOON));

    assertTrue(pool.close(LONG));
  }

  @RepeatedTest(20)
  void whatComesBackWhileThePoolIsClosedIsClosed() throws Exception {
    open(PoolOptions.DEFAULT);
    var connections = List.of(pool.get(), pool.get(), pool.get());
    var start = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(3)) {
      for (var connection : connections) {
        threads.submit(() -> {
          start.await();
          connection.close();
          return null;
        });
      }
      start.countDown();

      assertTrue(pool.close(LONG), pool::toString);
    }

    assertEquals(new PoolStatistics(0, 0, 0, 0, 3, 3, 0, 0), pool.statistics());
  }

  @Test
  void greenThreadsOfTwoHubsAndThreadsOfAllKindsShareAPool() throws Exception {
    open(PoolOptions.DEFAULT.withMaxSize(3).withMaxAge(Duration.ofMillis(2)));
    var inUse = ConcurrentHashMap.<Object>newKeySet();
    try (var connection = pool.item();
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE item (id INT)");
    }

    try (var one = Hub.start("one");
        var two = Hub.start("two");
        var platform = Executors.newFixedThreadPool(4);
        var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      var workers = new ArrayList<java.util.concurrent.Future<?>>();
      for (var i = 0; i < 4; i++) {
        workers.add(Eventlet.spawn(one, () -> borrowOften(inUse)));
        workers.add(Eventlet.spawn(two, () -> borrowOften(inUse)));
        workers.add(platform.submit(() -> borrowOften(inUse)));
        workers.add(virtual.submit(() -> borrowOften(inUse)));
      }
      for (var worker : workers) {
        worker.get();
      }
    }

    try (var connection = pool.item();
        var results = connection.createStatement().executeQuery("SELECT COUNT(*) FROM item")) {
      results.next();
      assertEquals(16 * 100, results.getInt(1));
    }
    assertEquals(3, pool.free());
    assertEquals(0, pool.statistics().broken());
  }

  private Void borrowOften(Set<Object> inUse) throws SQLException {
    for (var i = 0; i < 100; i++) {
      try (var connection = pool.item();
          var statement = connection.createStatement()) {
        var own = connection.unwrap(org.h2.jdbc.JdbcConnection.class);
        assertTrue(inUse.add(own), "lent twice");
        statement.execute("INSERT INTO item VALUES (1)");
        assertTrue(inUse.remove(own));
      }
    }
    return null;
  }

  private void open(PoolOptions options) throws SQLException {
    pool = new RawConnectionPool(made, options);
  }
}
