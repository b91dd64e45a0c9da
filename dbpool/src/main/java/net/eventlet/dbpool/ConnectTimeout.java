package net.eventlet.dbpool;

import java.io.Serial;
import java.sql.SQLTransientConnectionException;

/// A connection could not be made within [PoolOptions#connectTimeout()].
///
/// Source: `eventlet/db_pool.py`, class `ConnectTimeout`.
public final class ConnectTimeout extends SQLTransientConnectionException {

  @Serial private static final long serialVersionUID = 1;

  ConnectTimeout(String message) {
    super(message, "08001");
  }
}
