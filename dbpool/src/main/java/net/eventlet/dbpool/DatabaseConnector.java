package net.eventlet.dbpool;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A pool for each database on each host, made when it is first asked for.
///
/// ```java
/// new DatabaseConnector("jdbc:postgresql://{host}/{database}", credentials, options)
/// ```
///
/// Source: `eventlet/db_pool.py`, class `DatabaseConnector`.
public final class DatabaseConnector implements AutoCloseable {

  private final String url;
  private final Map<String, Map<String, String>> credentials;
  private final PoolOptions options;
  private final Map<Key, ConnectionPool> pools = new HashMap<>(); // its own lock
  private boolean closed;

  private record Key(String host, String database) {}

  /// Creates a connector.
  ///
  /// @param url with `{host}` and `{database}` where these belong
  /// @param credentials the driver's properties (`user`, `password` …) by host; those of `default`
  ///   are for hosts that are not in it
  /// @param options of each pool
  public DatabaseConnector(
      String url, Map<String, Map<String, String>> credentials, PoolOptions options) {
    this.url = Objects.requireNonNull(url, "url");
    this.credentials = Map.copyOf(credentials);
    this.options = Objects.requireNonNull(options, "options");
  }

  /// {@return the driver's properties for a host: its own, or else the default ones, or else none}
  ///
  /// @param host as it is given to [#get(String, String)]
  public Map<String, String> credentialsFor(String host) {
    var own = credentials.get(host);
    return own != null ? own : credentials.getOrDefault("default", Map.of());
  }

  /// {@return the pool for a database, the same each time}
  ///
  /// @param host where it is, with a port if need be
  /// @param database its name
  /// @throws SQLException if there is no driver for the URL, or one of the first connections fails
  /// @throws IllegalStateException if this was closed
  public ConnectionPool get(String host, String database) throws SQLException {
    var key = new Key(host, database);
    synchronized (pools) {
      if (closed) {
        throw closed();
      }
      var known = pools.get(key);
      if (known != null) {
        return known;
      }
    }
    var made = make(host, database); // may wait, so not under the lock
    synchronized (pools) {
      if (!closed) {
        var first = pools.putIfAbsent(key, made);
        if (first == null) {
          return made;
        }
        made.close();
        return first;
      }
    }
    made.close();
    throw closed();
  }

  private ConnectionPool make(String host, String database) throws SQLException {
    var whole = url.replace("{host}", host).replace("{database}", database);
    return ConnectionPool.of(
        new Credentials(whole, credentialsFor(host)), options.withName(host + "/" + database));
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("this connector was closed, and makes no more pools");
  }

  /// Closes all pools.
  @Override
  public void close() {
    synchronized (pools) {
      closed = true;
    }
    pools().forEach(ConnectionPool::close);
  }

  /// Closes all pools, and waits until all their connections are closed.
  ///
  /// @param limit how long, for all together; what is still lent then is aborted. Null waits for
  ///   ever
  /// @return whether all came back, and were closed, in time
  public boolean close(@Nullable Duration limit) {
    close();
    var limitNanos = Durations.limitNanos(limit);
    var clock = Hub.clockHere();
    var begin = clock.nanoTime();
    var inTime = true;
    for (var pool : pools()) {
      var left = limitNanos - (clock.nanoTime() - begin);
      inTime &= pool.close(limit == null ? null : Duration.ofNanos(Math.max(0, left)));
    }
    return inTime;
  }

  private List<ConnectionPool> pools() {
    synchronized (pools) {
      return List.copyOf(pools.values());
    }
  }
}
