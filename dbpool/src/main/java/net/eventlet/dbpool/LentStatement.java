package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// A statement of a connection that is lent.
abstract class LentStatement extends Lent implements Statement {

  private final Statement target;

  LentStatement(Loan loan, Statement target) {
    super(loan, target);
    this.target = target;
  }

  final Statement target() {
    return target;
  }

  @Override
  public final Connection getConnection() throws SQLException {
    loan.requireLent();
    return loan.connection();
  }

  @Override
  public final void close() throws SQLException {
    if (!loan.tryEnter()) {
      return; // closed with its connection
    }
    try {
      if (loan.forget(this) && !loan.isBroken()) {
        target.close();
      }
    } catch (Throwable thrown) {
      throw loan.failed(thrown);
    } finally {
      loan.leave();
    }
  }

  @Override
  public final boolean isClosed() throws SQLException {
    return loan.isOver() || target.isClosed();
  }
}
