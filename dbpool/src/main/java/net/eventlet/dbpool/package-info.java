/// Database connections for green threads: a pool of them, which is a [javax.sql.DataSource] too.
///
/// ```java
/// try (var pool = ConnectionPool.of(url, user, password);
///     var connection = pool.item()) {
///   …
/// }
/// ```
///
/// [ConnectionPool] lends, by [PoolOptions] and [Credentials]. Which kind it is depends on the
/// driver: a [RawConnectionPool] for one in Java, a [TpooledConnectionPool] for one that blocks in
/// native code. A [DatabaseConnector] has a pool for each of many databases.
///
/// Source: `eventlet/db_pool.py`.
@NullMarked
package net.eventlet.dbpool;

import org.jspecify.annotations.NullMarked;
