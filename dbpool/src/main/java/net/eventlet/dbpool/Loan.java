package net.eventlet.dbpool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import net.eventlet.hubs.Timer;
import org.jspecify.annotations.Nullable;

/// One loan of a connection, from `get` until it comes back.
final class Loan {

  private static final VarHandle OVER;

  static {
    try {
      OVER = MethodHandles.lookup().findVarHandle(Loan.class, "over", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ConnectionPool pool;
  private final Session session;
  private final @Nullable Cleanup cleanup;
  private final long beginNanos;
  private final Thread borrower;
  private final LentConnection connection;
  private final ArrayList<LentStatement> open = new ArrayList<>(0); // its own lock
  private volatile boolean over;
  @Nullable Timer alarm; // reports a leak; null if nobody asked for that

  /// Begins.
  ///
  /// @param pool that lends
  /// @param session what is lent
  /// @param cleanup when it comes back; null for nothing
  /// @param beginNanos when it was asked for, if somebody wants to know
  Loan(ConnectionPool pool, Session session, @Nullable Cleanup cleanup, long beginNanos) {
    this.pool = pool;
    this.session = session;
    this.cleanup = cleanup;
    this.beginNanos = beginNanos;
    borrower = Thread.currentThread();
    connection = Wrappers.connection(this, session.connection());
  }

  Session session() {
    return session;
  }

  Connection connection() {
    return connection;
  }

  Thread borrower() {
    return borrower;
  }

  ConnectionPool pool() {
    return pool;
  }

  long beginNanos() {
    return beginNanos;
  }

  boolean isOver() {
    return over;
  }

  /// Refuses a call once the connection has been returned.
  ///
  /// @throws SQLException if it has
  void enter() throws SQLException {
    if (over) {
      throw new SQLNonTransientConnectionException(
          "this connection was returned to "
              + pool
              + ", which may have lent it to another since; get one again",
          "08003");
    }
  }

  /// Learns of what a driver threw.
  ///
  /// @param thrown by a call of this loan
  /// @return the same, to be thrown on, whatever it is
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <E extends Throwable> RuntimeException failed(Throwable thrown) throws E {
    session.failed(thrown);
    throw Loan.<E>sneak(thrown);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  <S extends Statement> S opened(S statement) {
    synchronized (open) {
      open.add((LentStatement) (Statement) statement);
    }
    return statement;
  }

  /// {@return whether a statement was open until now}
  ///
  /// @param statement of this loan
  boolean forget(LentStatement statement) {
    synchronized (open) {
      for (var i = open.size() - 1; i >= 0; i--) {
        if (open.get(i) == statement) {
          open.remove(i);
          return true;
        }
      }
      return false;
    }
  }

  /// Returns the connection; does nothing the second time.
  ///
  /// @return whether this was the first
  /// @throws SQLException if the clean-up fails, after which the connection is closed
  boolean end() throws SQLException {
    return end(cleanup);
  }

  boolean end(@Nullable Cleanup cleanup) throws SQLException {
    if (!OVER.compareAndSet(this, false, true)) {
      return false;
    }
    if (alarm != null) {
      alarm.cancel();
    }
    var clean = false;
    try {
      if (session.isUsable()) {
        closeStatements();
        session.clean(cleanup);
        clean = true;
      }
    } catch (Throwable thrown) {
      session.failed(thrown);
      throw thrown;
    } finally {
      pool.takeBack(this, session, clean);
    }
    return true;
  }

  private void closeStatements() throws SQLException {
    while (!open.isEmpty()) {
      open.removeLast().target().close();
    }
  }
}
