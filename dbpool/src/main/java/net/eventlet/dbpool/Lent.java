package net.eventlet.dbpool;

import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/// One of the driver's objects, as a borrower sees it: each call goes to the driver's, unless the
/// connection has been returned, and what the driver throws tells whether the connection can be
/// lent again.
///
/// The subclasses have what is not just passed on; [Wrappers] writes the rest.
abstract class Lent implements Wrapper {

  final Loan loan;
  private final Object target;

  Lent(Loan loan, Object target) {
    this.loan = loan;
    this.target = target;
  }

  final @Nullable Statement wrapped(@Nullable Statement statement) {
    return statement == null ? null : loan.opened(Wrappers.statement(loan, statement));
  }

  final @Nullable PreparedStatement wrapped(@Nullable PreparedStatement statement) {
    return statement == null ? null : loan.opened(Wrappers.prepared(loan, statement));
  }

  final @Nullable CallableStatement wrapped(@Nullable CallableStatement statement) {
    return statement == null ? null : loan.opened(Wrappers.callable(loan, statement));
  }

  final @Nullable ResultSet wrapped(@Nullable ResultSet results) {
    return results == null
        ? null
        : Wrappers.results(loan, results, this instanceof LentStatement own ? own : null);
  }

  final @Nullable DatabaseMetaData wrapped(@Nullable DatabaseMetaData data) {
    return data == null ? null : Wrappers.metaData(loan, data);
  }

  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    loan.enter();
    return type.isInstance(target) ? type.cast(target) : ((Wrapper) target).unwrap(type);
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this)
        || type.isInstance(target)
        || ((Wrapper) target).isWrapperFor(type);
  }

  @Override
  public final String toString() {
    return target.toString();
  }
}
