package net.eventlet.dbpool;

import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a [ConnectionPool] behaves.
///
/// @param minSize connections made at once, and kept however long they are idle
/// @param maxSize connections at most
/// @param maxIdle how long one that nobody uses is kept; zero or less closes it as it comes back,
///   null keeps it
/// @param maxAge how long after it was made one is lent again; zero or less lends it once, null
///   sets no bound
/// @param connectTimeout how long making one may take; null for ever
/// @param waitLimit how long who asks waits for one to come back, if nothing else is said; null for
///   ever
/// @param validateAfter how long one must have been idle to be asked whether it still works before
///   it is lent; null never asks
/// @param cleanup what is done to one that comes back; null for nothing
/// @param leakAfter how long one may be lent before that is reported; null never reports, and costs
///   nothing
/// @param leaks told of each leak, on a thread of the pool's that closes connections too: it should
///   not wait
/// @param name of the pool, in messages and metrics
/// @param metrics HikariCP's binding to Micrometer, Dropwizard or Prometheus, or one's own; null
///   for none, which costs nothing
public record PoolOptions(
    int minSize,
    int maxSize,
    @Nullable Duration maxIdle,
    @Nullable Duration maxAge,
    @Nullable Duration connectTimeout,
    @Nullable Duration waitLimit,
    @Nullable Duration validateAfter,
    @Nullable Cleanup cleanup,
    @Nullable Duration leakAfter,
    Consumer<? super Leak> leaks,
    String name,
    @Nullable MetricsTrackerFactory metrics) {

  /// Eventlet's sizes and times, HikariCP's wait and validation, and a rollback.
  public static final PoolOptions DEFAULT =
      new PoolOptions(
          0,
          4,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Cleanup.ROLLBACK,
          null,
          Leak.TO_LOG,
          "pool",
          null);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if a size is negative, the minimum over the maximum, the
  ///   maximum zero, or a limit not positive
  public PoolOptions {
    if (minSize < 0 || maxSize < 1 || maxSize < minSize) {
      throw new IllegalArgumentException(
          ("a pool needs 0 <= minSize <= maxSize and room for one: minSize=%d maxSize=%d; to raise"
                  + " both, raise maxSize first")
              .formatted(minSize, maxSize));
    }
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("leakAfter", leakAfter);
    Objects.requireNonNull(leaks, "leaks");
    Objects.requireNonNull(name, "name");
  }

  private static void requirePositive(String name, @Nullable Duration limit) {
    if (limit != null && !limit.isPositive()) {
      throw new IllegalArgumentException(
          name + " must be positive, or null for none: " + name + "=" + limit);
    }
  }

  /// {@return these options with another minimum}
  ///
  /// @param minSize connections made at once and kept
  public PoolOptions withMinSize(int minSize) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another maximum}
  ///
  /// @param maxSize connections at most
  public PoolOptions withMaxSize(int maxSize) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another idle time}
  ///
  /// @param maxIdle how long an idle one is kept; null for ever
  public PoolOptions withMaxIdle(@Nullable Duration maxIdle) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another age}
  ///
  /// @param maxAge how long after it was made one is lent again; null for ever
  public PoolOptions withMaxAge(@Nullable Duration maxAge) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another limit on connecting}
  ///
  /// @param connectTimeout how long making one may take; null for ever
  public PoolOptions withConnectTimeout(@Nullable Duration connectTimeout) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another limit on waiting}
  ///
  /// @param waitLimit how long who asks waits; null for ever
  public PoolOptions withWaitLimit(@Nullable Duration waitLimit) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another time of validation}
  ///
  /// @param validateAfter how long idle before it is asked whether it works; null never
  public PoolOptions withValidateAfter(@Nullable Duration validateAfter) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another clean-up}
  ///
  /// @param cleanup what is done to one that comes back; null for nothing
  public PoolOptions withCleanup(@Nullable Cleanup cleanup) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another time of leaks}
  ///
  /// @param leakAfter how long one may be lent before that is reported; null never
  public PoolOptions withLeakAfter(@Nullable Duration leakAfter) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another receiver of leaks}
  ///
  /// @param leaks told of each leak
  public PoolOptions withLeaks(Consumer<? super Leak> leaks) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another name}
  ///
  /// @param name of the pool, in messages and metrics
  public PoolOptions withName(String name) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }

  /// {@return these options with another binding to metrics}
  ///
  /// @param metrics HikariCP's, or one's own; null for none
  public PoolOptions withMetrics(@Nullable MetricsTrackerFactory metrics) {
    return new PoolOptions(
        minSize,
        maxSize,
        maxIdle,
        maxAge,
        connectTimeout,
        waitLimit,
        validateAfter,
        cleanup,
        leakAfter,
        leaks,
        name,
        metrics);
  }
}
