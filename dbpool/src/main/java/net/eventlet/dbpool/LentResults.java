package net.eventlet.dbpool;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// Results of a statement of a connection that is lent.
abstract class LentResults extends Lent implements ResultSet {

  private final ResultSet target;
  private final @Nullable LentStatement statement; // null for the driver's own, of meta-data

  LentResults(Loan loan, ResultSet target, @Nullable LentStatement statement) {
    super(loan, target);
    this.target = target;
    this.statement = statement;
  }

  @Override
  public final @Nullable Statement getStatement() throws SQLException {
    loan.requireLent();
    return statement;
  }

  @Override
  public final void close() throws SQLException {
    if (!loan.tryEnter()) {
      return; // closed with its connection
    }
    try {
      if (!loan.isBroken()) {
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
