package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a borrower may set on a connection, and the next one must find as it was. They are set back
/// in this order: the first ends a transaction, in which others could not be set.
enum Setting {
  AUTO_COMMIT,
  READ_ONLY,
  ISOLATION,
  CATALOG,
  SCHEMA,
  HOLDABILITY,
  NETWORK_TIMEOUT;

  @Nullable Object get(Connection from) throws SQLException {
    return switch (this) {
      case AUTO_COMMIT -> from.getAutoCommit();
      case READ_ONLY -> from.isReadOnly();
      case ISOLATION -> from.getTransactionIsolation();
      case CATALOG -> from.getCatalog();
      case SCHEMA -> from.getSchema();
      case HOLDABILITY -> from.getHoldability();
      case NETWORK_TIMEOUT -> from.getNetworkTimeout();
    };
  }

  void set(Connection to, @Nullable Object value) throws SQLException {
    switch (this) {
      case AUTO_COMMIT -> to.setAutoCommit(Boolean.TRUE.equals(value));
      case READ_ONLY -> to.setReadOnly(Boolean.TRUE.equals(value));
      case ISOLATION -> to.setTransactionIsolation(number(value));
      case CATALOG -> to.setCatalog((String) value);
      case SCHEMA -> to.setSchema((String) value);
      case HOLDABILITY -> to.setHoldability(number(value));
      case NETWORK_TIMEOUT -> to.setNetworkTimeout(Runnable::run, number(value));
    }
  }

  private static int number(@Nullable Object value) {
    return (Integer) Objects.requireNonNull(value);
  }
}
