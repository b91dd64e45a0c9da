package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLException;

/// What is done to a connection that comes back, before it is lent again.
///
/// A connection whose clean-up fails, or is cut short by a kill or a timeout, is closed and its
/// place in the pool is free for another. Whatever the clean-up, statements that were left open are
/// closed, and what was set on the connection (auto-commit, isolation, read-only, catalog, schema,
/// network timeout) is set back. A clean-up may do more: `DISCARD ALL`, say.
///
/// Source: `eventlet/db_pool.py`, `cleanup_rollback`.
@FunctionalInterface
public interface Cleanup {

  /// Rolls back, unless the connection is in auto-commit mode and has nothing to roll back.
  Cleanup ROLLBACK =
      connection -> {
        if (!connection.getAutoCommit()) {
          connection.rollback();
        }
      };

  /// Cleans a connection.
  ///
  /// @param connection the driver's own
  /// @throws SQLException if that fails: the connection is closed, and whoever returned it is told
  void clean(Connection connection) throws SQLException;
}
