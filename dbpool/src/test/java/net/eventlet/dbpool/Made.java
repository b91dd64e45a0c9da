package net.eventlet.dbpool;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Makes connections to a database in memory, and counts them; fails, hangs or does something else
/// first on request.
final class Made implements DataSource {

  /// Done before a call.
  @FunctionalInterface
  interface Before {

    /// Does it.
    ///
    /// @param method of the connection, or `getConnection`
    void call(String method) throws SQLException;
  }

  private static final AtomicLong DATABASES = new AtomicLong();

  volatile boolean blocking; // in connecting and in isValid
  volatile @Nullable SQLException failure; // of connecting
  volatile Before before = _ -> {};

  private final AtomicInteger count = new AtomicInteger();
  private final String url =
      "jdbc:h2:mem:made" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1";

  int count() {
    return count.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (failure != null) {
      throw failure;
    }
    before.call("getConnection");
    perhapsBlock();
    count.incrementAndGet();
    var own = DriverManager.getConnection(url);
    return (Connection)
        Proxy.newProxyInstance(
            Made.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              before.call(method.getName());
              if (method.getName().equals("isValid")) {
                perhapsBlock();
              }
              try {
                return method.invoke(own, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private void perhapsBlock() throws SQLException {
    if (blocking) {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        throw new SQLException("interrupted", e);
      }
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter writer) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return type.cast(this);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
