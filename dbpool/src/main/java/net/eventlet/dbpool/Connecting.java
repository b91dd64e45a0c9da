package net.eventlet.dbpool;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Callable;
import net.eventlet.Eventlet;
import net.eventlet.Timeout;
import net.eventlet.hubs.Fiber;
import org.jspecify.annotations.Nullable;

/// The making of one connection, which may take too long, be killed, or be given up while the
/// driver is still at it: then the connection is closed if it comes after all.
final class Connecting {

  private final Callable<Connection> open;
  private @Nullable Connection came; // under this object's lock
  private boolean abandoned;

  private Connecting(Callable<Connection> open) {
    this.open = open;
  }

  /// Makes a connection: in place by a green thread, and by one of the shared hub's for a plain
  /// thread.
  ///
  /// @param limit longest time; null for ever
  /// @param way how to run what opens it
  /// @param open asks the driver
  /// @return the connection
  /// @throws ConnectTimeout if the time ran out
  /// @throws Exception what the driver threw
  static Connection within(@Nullable Duration limit, Way way, Callable<Connection> open)
      throws Exception {
    if (Fiber.currentOrNull() != null) {
      return new Connecting(open).inTime(limit, way);
    }
    var connecting = new Connecting(open);
    var worker = Eventlet.spawn(() -> connecting.inTime(limit, way));
    var done = false;
    try {
      var connection = worker.await();
      done = true;
      return connection;
    } finally {
      if (!done) { // failed, or the caller was interrupted
        connecting.abandon();
        worker.kill();
      }
    }
  }

  /// How what opens a connection is run.
  @FunctionalInterface
  interface Way {

    Connection run(Callable<Connection> open) throws Exception;
  }

  private Connection inTime(@Nullable Duration limit, Way way) throws Exception {
    var done = false;
    try {
      var connection = Timeout.<@Nullable Connection>call(limit, () -> way.run(this::open), null);
      if (connection == null) {
        throw new ConnectTimeout(
            "the server made no connection within %s; is it there, and does it answer?"
                .formatted(limit));
      }
      done = true;
      return connection;
    } finally {
      if (!done) {
        abandon();
      }
    }
  }

  private Connection open() throws Exception {
    var connection = open.call();
    var tooLate = false;
    synchronized (this) {
      tooLate = abandoned;
      came = connection;
    }
    if (tooLate) {
      connection.close();
    }
    return connection;
  }

  private void abandon() {
    Connection late;
    synchronized (this) {
      late = abandoned ? null : came;
      abandoned = true;
    }
    if (late != null) {
      Session.closeQuietly(late, true);
    }
  }
}
