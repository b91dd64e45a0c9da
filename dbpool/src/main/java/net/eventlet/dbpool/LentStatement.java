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
    loan.enter();
    return loan.connection();
  }

  @Override
  public final void close() throws SQLException {
    if (!loan.forget(this)) {
      return; // closed before, or with its connection
    }
    try {
      target.close();
    } catch (Throwable thrown) {
      throw loan.failed(thrown);
    }
  }

  @Override
  public final boolean isClosed() throws SQLException {
    return loan.isOver() || target.isClosed();
  }
}
