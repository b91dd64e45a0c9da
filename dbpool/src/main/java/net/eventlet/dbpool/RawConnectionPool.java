package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import javax.sql.DataSource;

/// A pool whose connections are used in the borrower's own thread: for drivers that wait in sockets
/// or locks of the JDK's, which park a green thread. Nearly all do.
///
/// Source: `eventlet/db_pool.py`, class `RawConnectionPool`.
public final class RawConnectionPool extends ConnectionPool {

  /// Opens a pool.
  ///
  /// @param source where connections come from
  /// @param options sizes, times and more
  /// @throws SQLException if one of the first connections fails
  public RawConnectionPool(DataSource source, PoolOptions options) throws SQLException {
    super(source, options);
    fill();
  }

  @Override
  Connection open(Callable<Connection> driver) throws Exception {
    return driver.call();
  }

  @Override
  Connection face(Connection own) {
    return own;
  }
}
