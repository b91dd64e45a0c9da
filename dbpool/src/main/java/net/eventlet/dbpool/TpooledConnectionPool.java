package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import net.eventlet.TPool;

/// A pool whose connections are used in threads of [TPool], while the borrower waits: for drivers
/// that block in native code, such as SQLite's. Each call of a connection, a statement or a result
/// set takes two hand-overs between threads.
///
/// Source: `eventlet/db_pool.py`, class `TpooledConnectionPool`.
public final class TpooledConnectionPool extends ConnectionPool {

  /// Opens a pool.
  ///
  /// @param source where connections come from
  /// @param options sizes, times and more
  /// @throws SQLException if one of the first connections fails
  public TpooledConnectionPool(DataSource source, PoolOptions options) throws SQLException {
    super(source, options);
    fill();
  }

  @Override
  Connection open(Callable<Connection> driver) throws Exception {
    return TPool.execute(driver);
  }

  @Override
  Connection face(Connection own) {
    return TPool.proxy(Connection.class, own);
  }
}
