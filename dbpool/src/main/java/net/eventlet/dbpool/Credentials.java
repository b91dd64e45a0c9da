package net.eventlet.dbpool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Where to connect, and as whom.
///
/// @param url as the driver wants it: `jdbc:…`
/// @param properties for the driver, by its own names; `user` and `password` are two of them
public record Credentials(String url, Map<String, String> properties) {

  /// Drivers that do their work in native code, which would hold up a hub.
  private static final List<String> NATIVE = List.of("jdbc:sqlite:", "jdbc:duckdb:");

  private static final Pattern KIND = Pattern.compile("jdbc:[^:/]+:");
  private static final Pattern USER = Pattern.compile("^(jdbc:[^:/]+:).*@", Pattern.DOTALL);
  private static final Pattern PROPERTIES = Pattern.compile("([?;]).*", Pattern.DOTALL);

  /// Copies the properties.
  public Credentials {
    Objects.requireNonNull(url, "url");
    properties = Map.copyOf(properties);
  }

  /// Creates credentials of a user and a password.
  ///
  /// @param url as the driver wants it: `jdbc:…`
  /// @param user who connects
  /// @param password of the user
  public Credentials(String url, String user, String password) {
    this(url, Map.of("user", user, "password", password));
  }

  /// {@return credentials that are in the URL, or not needed}
  ///
  /// @param url as the driver wants it: `jdbc:…`
  public static Credentials of(String url) {
    return new Credentials(url, Map.of());
  }

  /// {@return these credentials with another property for the driver}
  ///
  /// @param name the driver's
  /// @param value of the property
  public Credentials with(String name, String value) {
    var more = new HashMap<>(properties);
    more.put(name, value);
    return new Credentials(url, more);
  }

  boolean blocksNatively() {
    return NATIVE.stream().anyMatch(url::startsWith);
  }

  /// {@return what connects with these credentials}
  ///
  /// @throws SQLException if there is no driver for the URL on the class path
  public DataSource dataSource() throws SQLException {
    var given = new Properties();
    given.putAll(properties);
    return new DriverSource(driver(), url, given);
  }

  private Driver driver() throws SQLException {
    try {
      return DriverManager.getDriver(url);
    } catch (SQLException none) {
      var kind = KIND.matcher(url);
      throw new SQLException(
          kind.lookingAt()
              ? "no driver for "
                  + kind.group()
                  + " is on the class path; add its jar, as in bin/eventlet run -cp DRIVER.jar"
                  + " PROGRAM.java"
              : "a database's URL begins with jdbc: and the kind of database, as"
                  + " jdbc:postgresql://host/database does; this one does not",
          none.getSQLState(),
          none);
    }
  }

  /// Shows no property, neither here nor in the URL: one of them is the password.
  @Override
  public String toString() {
    return "Credentials[" + shown(url) + "]";
  }

  private static String shown(String url) {
    var withoutUser = USER.matcher(url).replaceFirst("$1…@");
    return PROPERTIES.matcher(withoutUser).replaceFirst("$1…");
  }

  /// A driver as a [DataSource].
  private record DriverSource(Driver driver, String url, Properties properties)
      implements DataSource {

    @Override
    public Connection getConnection() throws SQLException {
      return connect(properties);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      var others = new Properties();
      others.putAll(properties);
      others.put("user", user);
      others.put("password", password);
      return connect(others);
    }

    private Connection connect(Properties given) throws SQLException {
      var connection = driver.connect(url, given);
      if (connection == null) {
        throw new SQLException(driver.getClass().getName() + " does not connect to " + shown(url));
      }
      return connection;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) throws SQLException {
      throw new SQLFeatureNotSupportedException("set the driver's own log");
    }

    @Override
    public int getLoginTimeout() {
      return DriverManager.getLoginTimeout();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
      throw new SQLFeatureNotSupportedException("set the driver's own property");
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      if (type.isInstance(driver)) {
        return type.cast(driver);
      }
      throw new SQLException(driver.getClass().getName() + " is no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return type.isInstance(driver);
    }

    @Override
    public String toString() {
      return "DriverSource[" + shown(url) + "]";
    }
  }
}
