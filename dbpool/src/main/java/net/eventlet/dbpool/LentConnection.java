package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A connection that is lent.
abstract class LentConnection extends Lent implements Connection {

  private final Connection target;

  LentConnection(Loan loan, Connection target) {
    super(loan, target);
    this.target = target;
  }

  /// Returns it to its pool; does nothing the second time.
  @Override
  public final void close() throws SQLException {
    loan.end();
  }

  @Override
  public final boolean isClosed() throws SQLException {
    return loan.isOver() || target.isClosed();
  }

  @Override
  public final void abort(Executor executor) throws SQLException {
    if (loan.isOver()) {
      return;
    }
    loan.session().breakOff();
    target.abort(executor);
  }

  @Override
  public final void setAutoCommit(boolean on) throws SQLException {
    set(Setting.AUTO_COMMIT, on);
  }

  @Override
  public final void setReadOnly(boolean on) throws SQLException {
    set(Setting.READ_ONLY, on);
  }

  @Override
  public final void setTransactionIsolation(int level) throws SQLException {
    set(Setting.ISOLATION, level);
  }

  @Override
  public final void setCatalog(@Nullable String catalog) throws SQLException {
    set(Setting.CATALOG, catalog);
  }

  @Override
  public final void setSchema(@Nullable String schema) throws SQLException {
    set(Setting.SCHEMA, schema);
  }

  @Override
  public final void setHoldability(int holdability) throws SQLException {
    set(Setting.HOLDABILITY, holdability);
  }

  @Override
  public final void setNetworkTimeout(@Nullable Executor executor, int millis) throws SQLException {
    set(Setting.NETWORK_TIMEOUT, millis);
  }

  @Override
  public final void setTypeMap(@Nullable Map<String, Class<?>> map) throws SQLException {
    set(Setting.TYPE_MAP, map);
  }

  @Override
  public final void setClientInfo(@Nullable Properties properties) throws SQLClientInfoException {
    setInfo(() -> target.setClientInfo(properties));
  }

  @Override
  public final void setClientInfo(String name, @Nullable String value)
      throws SQLClientInfoException {
    setInfo(() -> target.setClientInfo(name, value));
  }

  @FunctionalInterface
  private interface Change {

    void make() throws SQLException;
  }

  private void setInfo(Change change) throws SQLClientInfoException {
    try {
      loan.enter();
      try {
        loan.session().remember(Setting.CLIENT_INFO);
        change.make();
      } catch (Throwable thrown) {
        throw loan.failed(thrown);
      } finally {
        loan.leave();
      }
    } catch (SQLClientInfoException failure) {
      throw failure;
    } catch (SQLException failure) {
      throw new SQLClientInfoException(
          failure.getMessage(), failure.getSQLState(), Map.of(), failure);
    }
  }

  private void set(Setting setting, @Nullable Object value) throws SQLException {
    loan.enter();
    try {
      loan.session().set(setting, value);
    } catch (Throwable thrown) {
      throw loan.failed(thrown);
    } finally {
      loan.leave();
    }
  }
}
