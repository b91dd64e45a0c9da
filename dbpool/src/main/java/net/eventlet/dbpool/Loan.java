package net.eventlet.dbpool;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Timer;
import org.jspecify.annotations.Nullable;

/// One loan of a connection, from `get` until it comes back.
final class Loan {

  private static final VarHandle OVER;
  private static final VarHandle CALLS;

  static {
    try {
      OVER = MethodHandles.lookup().findVarHandle(Loan.class, "over", boolean.class);
      CALLS = MethodHandles.lookup().findVarHandle(Loan.class, "calls", int.class);
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
  private volatile int calls; // on their way now, by whatever threads
  private volatile @Nullable Timer alarm; // reports a leak; null if nobody asked for that

  /// Begins.
  ///
  /// @param pool that lends
  /// @param session what is lent
  /// @param cleanup when it comes back; null for nothing
  /// @param beginNanos when it was got, if somebody wants to know
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

  /// {@return whether the connection is given up: it is closed whole, and to close what came from
  /// it might wait for the call that was cut short}
  boolean isBroken() {
    return session.isBroken();
  }

  /// Refuses what needs no call to the server once the connection has been returned.
  ///
  /// @throws SQLException if it has
  void requireLent() throws SQLException {
    if (over) {
      throw new SQLNonTransientConnectionException(
          "this connection was returned to "
              + pool
              + ", which may have lent it to another since; get one again",
          "08003");
    }
  }

  /// Refuses a stream of the driver's once the connection has been returned.
  ///
  /// @param stream of this loan
  /// @return the same
  /// @throws IOException if it has
  <T> T lent(T stream) throws IOException {
    try {
      requireLent();
      return stream;
    } catch (SQLException returned) {
      throw new IOException(returned.getMessage(), returned);
    }
  }

  /// Begins a call, which [#leave()] ends; refuses it once the connection has been returned.
  ///
  /// @throws SQLException if it has
  void enter() throws SQLException {
    if (!tryEnter()) {
      requireLent();
    }
  }

  /// Begins a call, which [#leave()] ends, unless the connection has been returned.
  ///
  /// Either this sees that the loan is over, or the end of the loan sees the call.
  ///
  /// @return whether it began
  boolean tryEnter() {
    CALLS.getAndAdd(this, 1);
    if (over) {
      leave();
      return false;
    }
    return true;
  }

  void leave() {
    CALLS.getAndAdd(this, -1);
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

  /// Has a leak reported by a timer, from now on this one.
  void alarm(Timer timer) {
    alarm = timer;
    if (over) {
      timer.cancel();
    }
  }

  /// Has no leak reported any more.
  void silence() {
    var timer = alarm;
    if (timer != null) {
      timer.cancel();
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
    silence();
    if (calls != 0) { // another thread's, which would go on in the next one's transaction
      session.breakOff();
    }
    var clean = false;
    try {
      if (session.isUsable()) {
        var unwound = isUnwound();
        closeStatements();
        session.clean(cleanup);
        clean = unwound || !isUnwound(); // a driver may have kept to itself that it was cut short
      }
    } catch (Throwable thrown) {
      session.failed(thrown);
      throw thrown;
    } finally {
      pool.takeBack(this, session, clean);
    }
    return true;
  }

  private static boolean isUnwound() {
    var fiber = Fiber.currentOrNull();
    return (fiber != null && fiber.unwinding()) || Thread.currentThread().isInterrupted();
  }

  private void closeStatements() throws SQLException {
    while (!open.isEmpty()) {
      open.removeLast().target().close();
    }
  }
}
