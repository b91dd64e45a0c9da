package net.eventlet.dbpool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Objects;
import java.util.Set;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// A connection to the server, in the pool or lent.
///
/// ```
///   LENT ◄──► IDLE
///     └────┬────┘
///          ▼
///       CLOSED      its place is free; what is left of it lies in the pool until somebody gets it
/// ```
final class Session {

  /// What drivers say of a connection that is of no more use, besides class 08: a server that shuts
  /// down or has crashed (PostgreSQL), a lost one (SQL-92, Sybase).
  private static final Set<String> LOST =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "01002", "JZ0C0", "JZ0C1");

  private static final int LENT = 0;
  private static final int IDLE = 1;
  private static final int CLOSED = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Session.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Connection connection;
  private final Connection own;
  private final long madeNanos;
  private final EnumMap<Setting, @Nullable Object> changed = new EnumMap<>(Setting.class);
  private long returnedNanos;
  private volatile boolean broken;
  private volatile int state = LENT;

  /// Creates one that is lent.
  ///
  /// @param connection what is called
  /// @param own the driver's, behind it or the same
  /// @param madeNanos when
  Session(Connection connection, Connection own, long madeNanos) {
    this.connection = connection;
    this.own = own;
    this.madeNanos = madeNanos;
    returnedNanos = madeNanos;
  }

  Connection connection() {
    return connection;
  }

  Connection own() {
    return own;
  }

  long madeNanos() {
    return madeNanos;
  }

  long returnedNanos() {
    return returnedNanos;
  }

  boolean isLent() {
    return state == LENT;
  }

  boolean isIdle() {
    return state == IDLE;
  }

  boolean isClosed() {
    return state == CLOSED;
  }

  boolean lend() {
    return STATE.compareAndSet(this, IDLE, LENT);
  }

  boolean rest(long nowNanos) {
    returnedNanos = nowNanos;
    return STATE.compareAndSet(this, LENT, IDLE);
  }

  /// {@return whether it was not closed before, and is now}
  boolean shut() {
    return (int) STATE.getAndSet(this, CLOSED) != CLOSED;
  }

  boolean closeIfIdle() {
    return STATE.compareAndSet(this, IDLE, CLOSED);
  }

  boolean isBroken() {
    return broken;
  }

  void breakOff() {
    broken = true;
  }

  /// Learns of what the driver threw: whether the connection can still be used.
  ///
  /// It cannot after anything but an [SQLException], since a kill or a timeout may have come in the
  /// middle of an exchange with the server; nor after whatever the driver made of an interrupt,
  /// which is how a kill ends a wait of the JDK's.
  void failed(Throwable thrown) {
    if (!(thrown instanceof SQLException failure) || isInterrupted(failure) || isLost(failure)) {
      broken = true;
    }
  }

  private static boolean isInterrupted(SQLException failure) {
    var fiber = Fiber.currentOrNull();
    return (fiber != null && fiber.unwinding())
        || Thread.currentThread().isInterrupted()
        || failure.getCause() instanceof InterruptedException;
  }

  private static boolean isLost(SQLException failure) {
    for (var each = failure; each != null; each = each.getNextException()) {
      var code = Objects.requireNonNullElse(each.getSQLState(), "");
      if (code.startsWith("08") || LOST.contains(code)) {
        return true;
      }
    }
    return false;
  }

  /// {@return whether it can be cleaned and lent again, as far as is known without asking the
  /// server}
  boolean isUsable() throws SQLException {
    return !broken && state != CLOSED && !own.isClosed();
  }

  /// Sets something, and remembers what it was before the first time.
  void set(Setting setting, @Nullable Object value) throws SQLException {
    remember(setting);
    setting.set(connection, value);
  }

  /// Remembers what something is, unless it was set before.
  void remember(Setting setting) throws SQLException {
    if (!changed.containsKey(setting)) {
      changed.put(setting, setting.get(connection));
    }
  }

  /// Makes it as it was when it was new.
  ///
  /// @param cleanup comes first; null leaves all as it is
  void clean(@Nullable Cleanup cleanup) throws SQLException {
    if (cleanup == null) {
      return;
    }
    cleanup.clean(connection);
    if (changed.containsKey(Setting.AUTO_COMMIT)) {
      Cleanup.ROLLBACK.clean(connection); // to set it would commit
    }
    if (!changed.isEmpty()) {
      for (var entry : changed.entrySet()) {
        entry.getKey().set(connection, entry.getValue());
      }
      changed.clear();
    }
    connection.clearWarnings();
  }

  /// Closes the driver's connection, which may take a while. One that is broken is aborted: it may
  /// be in the middle of an exchange, and the server cannot be told goodbye.
  void close() {
    closeQuietly(own, broken);
  }

  /// Cuts it off, even in the middle of its closing.
  void abort() {
    closeQuietly(own, true);
  }

  /// Closes a connection that nobody uses any more, so that nobody is interested in how it fails.
  static void closeQuietly(Connection connection, boolean abort) {
    if (abort) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException | LinkageError cannot) {
        // close, then
      }
    }
    try {
      connection.close();
    } catch (SQLException gone) {
      // as it should be
    }
  }
}
