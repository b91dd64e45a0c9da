package net.eventlet.dbpool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
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
  NETWORK_TIMEOUT,
  TYPE_MAP,
  CLIENT_INFO;

  @Nullable Object get(Connection from) throws SQLException {
    return switch (this) {
      case AUTO_COMMIT -> from.getAutoCommit();
      case READ_ONLY -> from.isReadOnly();
      case ISOLATION -> from.getTransactionIsolation();
      case CATALOG -> from.getCatalog();
      case SCHEMA -> from.getSchema();
      case HOLDABILITY -> from.getHoldability();
      case NETWORK_TIMEOUT -> from.getNetworkTimeout();
      case TYPE_MAP -> from.getTypeMap();
      case CLIENT_INFO -> copy(from.getClientInfo());
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
      case TYPE_MAP -> to.setTypeMap(typeMap(value));
      case CLIENT_INFO -> setClientInfo(to, (Properties) value);
    }
  }

  private static @Nullable Properties copy(@Nullable Properties live) {
    return live == null ? null : (Properties) live.clone();
  }

  /// Sets each entry, and empties those that were not there: to set all at once clears the others
  /// with some drivers only, and some take no null.
  private static void setClientInfo(Connection to, @Nullable Properties wanted)
      throws SQLException {
    var now = Objects.requireNonNullElseGet(copy(to.getClientInfo()), Properties::new);
    var names = new TreeSet<>(now.stringPropertyNames());
    if (wanted != null) {
      names.addAll(wanted.stringPropertyNames());
    }
    for (var name : names) {
      var value = wanted == null ? "" : wanted.getProperty(name, "");
      if (!value.equals(now.getProperty(name, ""))) {
        to.setClientInfo(name, value);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Map<String, Class<?>> typeMap(@Nullable Object value) {
    return (Map<String, Class<?>>) value;
  }

  private static int number(@Nullable Object value) {
    return (Integer) Objects.requireNonNull(value);
  }
}
