package net.eventlet.dbpool;

/// A pool's counts, as HikariCP's bindings to metrics ask for them.
final class PoolStats extends com.zaxxer.hikari.metrics.PoolStats {

  private static final long FRESH_MILLIS = 1_000;

  private final ConnectionPool pool;

  /// Creates it.
  ///
  /// @param pool whose
  PoolStats(ConnectionPool pool) {
    super(FRESH_MILLIS);
    this.pool = pool;
  }

  @Override
  protected void update() {
    var now = pool.statistics();
    totalConnections = now.idle() + now.lent();
    idleConnections = now.idle();
    activeConnections = now.lent();
    pendingThreads = now.waiting();
    maxConnections = pool.options().maxSize();
    minConnections = pool.options().minSize();
  }
}
