package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/// What a connection that is lent says of its database.
abstract class LentMetaData extends Lent implements DatabaseMetaData {

  LentMetaData(Loan loan, DatabaseMetaData target) {
    super(loan, target);
  }

  @Override
  public final Connection getConnection() throws SQLException {
    loan.requireLent();
    return loan.connection();
  }
}
