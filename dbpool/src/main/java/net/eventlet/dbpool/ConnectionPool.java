package net.eventlet.dbpool;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import net.eventlet.GreenThreadExit;
import net.eventlet.hubs.Clock;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// Connections to a database, lent first come first served.
///
/// ```java
/// try (var pool = ConnectionPool.of("jdbc:postgresql://localhost/shop", "user", "password");
///     var connection = pool.get()) {
///   …
/// }
/// ```
///
/// A connection is made when one is asked for and none is idle, up to a bound; whoever asks beyond
/// it waits. What is lent is the driver's connection in a wrapper: to close it returns it, and a
/// call after that is refused. One that failed, or was in use when its borrower was killed or timed
/// out, is closed in the background and its place is free at once.
///
/// It is a [DataSource], so that whatever takes one takes this. Works in green threads of any hub
/// and in plain threads.
///
/// | a wrong call                                   | gets                                         |
/// |------------------------------------------------|----------------------------------------------|
/// | using a connection that was returned           | [SQLNonTransientConnectionException]         |
/// | getting from a closed pool                     | [SQLNonTransientConnectionException]; so do those who wait to |
/// | putting what another pool lent, or none        | [IllegalArgumentException]                   |
/// | putting one a second time                      | [IllegalStateException]                      |
///
/// Source: `eventlet/db_pool.py`, class `BaseConnectionPool`. There a timeout while connecting
/// loses a place, and putting one twice goes unnoticed.
public abstract sealed class ConnectionPool implements DataSource, AutoCloseable
    permits RawConnectionPool, TpooledConnectionPool {

  private final DataSource source;
  private final PoolOptions options;
  private final Clock clock = Hub.clockHere();
  private final Sessions sessions;
  private final @Nullable IMetricsTracker tracker;
  private final Keeper keeper;
  private volatile boolean closed;

  /// The line of those who wait, and what is idle.
  ///
  /// A session that is closed while it is idle stays here as a husk: whoever gets it finds it
  /// unusable and goes on to the next.
  private static final class Sessions extends net.eventlet.Pool<Session> {

    private final ConnectionPool pool;

    Sessions(ConnectionPool pool, int maxSize) {
      super(0, maxSize, true, pool::make);
      this.pool = pool;
    }

    @Override
    protected boolean usable(Session session) {
      return pool.keeper.lend(session);
    }

    @Override
    protected void dispose(Session session) {
      pool.keeper.close(session, Keeper.Reason.EXPIRED);
    }
  }

  ConnectionPool(DataSource source, PoolOptions options) {
    this.source = Objects.requireNonNull(source, "source");
    this.options = Objects.requireNonNull(options, "options");
    sessions = new Sessions(this, options.maxSize());
    keeper = new Keeper(options, clock);
    tracker =
        options.metrics() == null
            ? null
            : options.metrics().create(options.name(), new PoolStats(this));
  }

  /// Makes the first connections.
  final void fill() throws SQLException {
    var first = new ArrayList<Connection>();
    try {
      while (first.size() < options.minSize()) {
        first.add(get());
      }
    } catch (Throwable failure) {
      closed = true;
      throw failure;
    } finally {
      for (var connection : first) {
        connection.close();
      }
      if (closed) {
        close();
      }
    }
  }

  /// Opens a pool for a URL with Eventlet's sizes and times.
  ///
  /// @param url as the driver wants it: `jdbc:…`
  /// @return a [TpooledConnectionPool] for drivers that block in native code (SQLite's, DuckDB's),
  ///   a [RawConnectionPool] for all others
  /// @throws SQLException if there is no driver for it
  public static ConnectionPool of(String url) throws SQLException {
    return of(Credentials.of(url), PoolOptions.DEFAULT);
  }

  /// Opens a pool for a URL with Eventlet's sizes and times.
  ///
  /// @param url as the driver wants it: `jdbc:…`
  /// @param user who connects
  /// @param password of the user
  /// @return as [#of(String)] does
  /// @throws SQLException if there is no driver for it
  public static ConnectionPool of(String url, String user, String password) throws SQLException {
    return of(new Credentials(url, user, password), PoolOptions.DEFAULT);
  }

  /// Opens a pool.
  ///
  /// @param credentials where to connect, and as whom
  /// @param options sizes, times and more
  /// @return as [#of(String)] does
  /// @throws SQLException if there is no driver for it, or one of the first connections fails
  public static ConnectionPool of(Credentials credentials, PoolOptions options)
      throws SQLException {
    return credentials.blocksNatively()
        ? new TpooledConnectionPool(credentials.dataSource(), options)
        : new RawConnectionPool(credentials.dataSource(), options);
  }

  /// Asks the driver for a connection, in whatever thread suits it.
  abstract Connection open(Callable<Connection> driver) throws Exception;

  /// {@return what borrowers call}
  ///
  /// @param own the driver's connection
  abstract Connection face(Connection own);

  private Session make() throws Exception {
    var begin = clock.nanoTime();
    var session =
        keeper.connect(() -> {
          var own = Connecting.within(options.connectTimeout(), this::open, source::getConnection);
          return new Session(face(own), own, clock.nanoTime());
        });
    if (tracker != null) {
      var done = false;
      try {
        tracker.recordConnectionCreatedMillis(
            TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - begin));
        done = true;
      } finally {
        if (!done) {
          keeper.close(session, Keeper.Reason.EXPIRED);
        }
      }
    }
    return session;
  }

  /// Borrows a connection; waits for one if it must, as long as the options say.
  ///
  /// @return the connection, to close it or to [put][#put(Connection)] it back
  /// @throws SQLTransientConnectionException if none came back in time
  /// @throws SQLException if one had to be made and that failed, or the pool is closed
  public final Connection get() throws SQLException {
    return lend(options.waitLimit(), options.cleanup());
  }

  /// Borrows a connection; waits for one if it must, but not for ever. Making one is bounded by
  /// [PoolOptions#connectTimeout()] in addition.
  ///
  /// @param limit longest wait for one to come back; zero or less gives the others one turn, null
  ///   waits for ever
  /// @return the connection, to close it or to [put][#put(Connection)] it back
  /// @throws SQLTransientConnectionException if none came back in time
  /// @throws SQLException if one had to be made and that failed, or the pool is closed
  public final Connection get(@Nullable Duration limit) throws SQLException {
    return lend(limit, options.cleanup());
  }

  /// Borrows a connection for a block: `try (var connection = pool.item()) { … }`. The same as
  /// [#get()], under Eventlet's name.
  ///
  /// @return the connection, to close it
  /// @throws SQLException as [#get()] does
  public final Connection item() throws SQLException {
    return get();
  }

  /// Borrows a connection for a block, with a clean-up of its own.
  ///
  /// @param cleanup what is done to the connection when it comes back; null for nothing
  /// @return the connection, to close it
  /// @throws SQLException as [#get()] does
  public final Connection item(@Nullable Cleanup cleanup) throws SQLException {
    return lend(options.waitLimit(), cleanup);
  }

  /// Borrows a connection: what a [DataSource] calls [#get()].
  ///
  /// @return the connection, to close it
  /// @throws SQLException as [#get()] does
  @Override
  public final Connection getConnection() throws SQLException {
    return get();
  }

  private Connection lend(@Nullable Duration limit, @Nullable Cleanup cleanup) throws SQLException {
    var begin = tracker == null ? 0 : clock.nanoTime();
    var session = borrow(limit);
    try {
      if (closed) {
        throw isClosed();
      }
      var now = tracker == null ? 0 : clock.nanoTime();
      if (tracker != null) {
        tracker.recordConnectionAcquiredNanos(now - begin);
      }
      var loan = new Loan(this, session, cleanup, now);
      keeper.watch(loan);
      return loan.connection();
    } catch (Throwable failure) {
      keeper.close(session, Keeper.Reason.EXPIRED);
      sessions.put(session);
      throw failure;
    }
  }

  private Session borrow(@Nullable Duration limit) throws SQLException {
    try {
      return sessions.get(limit);
    } catch (TimeoutException ranOut) {
      keeper.timedOut();
      if (tracker != null) {
        tracker.recordConnectionTimeout();
      }
      throw new SQLTransientConnectionException(
          "no connection came back within %s: %s; give connections back sooner, or make maxSize larger"
              .formatted(limit, this),
          "08001",
          ranOut);
    } catch (SQLException | RuntimeException failure) {
      if (closed && failure instanceof IllegalStateException) {
        throw isClosed();
      }
      throw failure;
    } catch (GreenThreadExit exit) {
      if (Fiber.currentOrNull() == null) {
        throw new SQLTransientConnectionException(
            "interrupted while waiting for a connection", exit);
      }
      throw exit;
    } catch (Exception failure) {
      throw new SQLException("a connection could not be made", failure);
    }
  }

  private SQLException isClosed() {
    return new SQLNonTransientConnectionException(this + " was closed and lends nothing", "08003");
  }

  /// Returns a connection: what [Connection#close()] does, for those who count on the difference.
  ///
  /// @param connection that this pool lent
  /// @throws SQLException if its clean-up fails, after which the connection is closed
  /// @throws IllegalArgumentException if this pool did not lend it
  /// @throws IllegalStateException if it was returned before
  public final void put(Connection connection) throws SQLException {
    if (!loanOf(connection).end()) {
      throw returnedBefore(connection);
    }
  }

  /// Returns a connection with another clean-up.
  ///
  /// @param connection that this pool lent
  /// @param cleanup what is done to it; null for nothing
  /// @throws SQLException if its clean-up fails, after which the connection is closed
  /// @throws IllegalArgumentException if this pool did not lend it
  /// @throws IllegalStateException if it was returned before
  public final void put(Connection connection, @Nullable Cleanup cleanup) throws SQLException {
    if (!loanOf(connection).end(cleanup)) {
      throw returnedBefore(connection);
    }
  }

  private Loan loanOf(Connection connection) {
    if (connection instanceof LentConnection lent && lent.loan.pool() == this) {
      return lent.loan;
    }
    throw new IllegalArgumentException(this + " did not lend this connection: " + connection);
  }

  private IllegalStateException returnedBefore(Connection connection) {
    return new IllegalStateException("this connection was returned before: " + connection);
  }

  /// Takes a session back from a loan; never waits.
  final void takeBack(Loan loan, Session session, boolean clean) {
    try {
      keeper.takeBack(session, clean);
    } finally {
      sessions.put(session);
    }
    if (tracker != null) {
      tracker.recordConnectionUsageMillis(
          TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - loan.beginNanos()));
    }
  }

  /// Closes all idle connections; those that are lent go on.
  public final void clear() {
    keeper.clear();
  }

  /// Lends nothing more: whoever waits gets an exception, idle connections are closed in the
  /// background, and what is lent is when it comes back.
  @Override
  public final void close() {
    closed = true;
    sessions.close();
    keeper.end();
    if (tracker != null) {
      tracker.close();
    }
  }

  /// Closes the pool as [#close()] does, and waits until all its connections are closed.
  ///
  /// @param limit how long; what is still lent then is aborted. Null waits for ever
  /// @return whether all came back, and were closed, in time
  public final boolean close(@Nullable Duration limit) {
    close();
    return keeper.awaitEnd(limit);
  }

  /// {@return how the pool fares}
  public final PoolStatistics statistics() {
    return keeper.statistics(sessions.waiting());
  }

  /// {@return how the pool behaves}
  public final PoolOptions options() {
    return options;
  }

  /// {@return how many connections can be got before getting waits}
  public final int free() {
    return sessions.free();
  }

  /// {@return how many wait to get one}
  public final int waiting() {
    return sessions.waiting();
  }

  /// Refuses: a pool has the credentials that it was made with.
  ///
  /// @throws SQLFeatureNotSupportedException always
  @Override
  public final Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException(
        this
            + " connects with its own credentials; make a pool for others, or a DatabaseConnector");
  }

  @Override
  public final @Nullable PrintWriter getLogWriter() {
    return null;
  }

  /// Refuses: nothing is written.
  ///
  /// @throws SQLFeatureNotSupportedException always
  @Override
  public final void setLogWriter(@Nullable PrintWriter writer) throws SQLException {
    throw new SQLFeatureNotSupportedException("a pool writes no log; it reports leaks");
  }

  @Override
  public final int getLoginTimeout() {
    var limit = options.connectTimeout();
    return limit == null ? 0 : Math.toIntExact(Math.max(1, limit.toSeconds()));
  }

  /// Refuses: [PoolOptions#connectTimeout()] says it.
  ///
  /// @throws SQLFeatureNotSupportedException always
  @Override
  public final void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException(
        "a pool's limits are fixed when it is made: use PoolOptions.withConnectTimeout");
  }

  @Override
  public final Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("a pool does not use java.util.logging");
  }

  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException(this + " is no " + type.getName());
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  @Override
  public final String toString() {
    var now = statistics();
    return "%s[%s: %d lent, %d idle and %d being made of %d, %d waiting%s]"
        .formatted(
            getClass().getSimpleName(),
            options.name(),
            now.lent(),
            now.idle(),
            now.connecting(),
            options.maxSize(),
            now.waiting(),
            closed ? ", closed" : "");
  }
}
