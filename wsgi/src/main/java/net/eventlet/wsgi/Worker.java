package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A server's connections on one hub.
final class Worker {

  /// What a request gets when there are too many.
  static final Response BUSY = Response.of(503).with("retry-after", "1");

  private static final byte[] TURNED_AWAY =
      "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
          .getBytes(US_ASCII);

  private final Server server;
  private final Hub hub;
  private final Buffers buffers;
  private final Counters counters = new Counters();
  private final Map<Connection, GreenThread<?>> connections = new LinkedHashMap<>();
  private final AtomicInteger open = new AtomicInteger(); // those that have not begun as well
  private final int atWorkMax;
  private @Nullable Event<@Nullable Void> drained; // null unless somebody waits for the last one

  Worker(Server server, Hub hub) {
    this.server = server;
    this.hub = hub;
    buffers = new Buffers(hub);
    atWorkMax = server.options().limits().connections().atWork();
  }

  Hub hub() {
    return hub;
  }

  /// {@return connections that it has, or will have in a moment}
  int open() {
    return open.get();
  }

  Counters counters() {
    return counters;
  }

  // ------------------------------------------------------------------------------------- its life

  /// Has a connection served. Called on any hub.
  ///
  /// @param from the client's address, if connections are counted by it
  void welcome(GreenSocket socket, @Nullable InetAddress from) {
    open.incrementAndGet();
    var _ = Eventlet.spawn(hub, () -> serve(socket, from));
  }

  private void serve(GreenSocket socket, @Nullable InetAddress from) {
    try (socket) {
      if (server.mayRest()) { // otherwise nobody would close one that rests
        serve(socket);
      }
    } finally {
      open.decrementAndGet();
      server.left(from);
      tellIfDrained();
    }
  }

  private void serve(GreenSocket socket) {
    var connection = new Connection(this, socket);
    connections.put(connection, Eventlet.current());
    counters.accepted();
    try {
      connection.serve();
    } catch (IOException e) {
      // the client's end of it is broken
    } catch (Exception e) {
      failed(connection.toString(), e);
    } finally {
      connections.remove(connection);
    }
  }

  /// Tells a client that there is no room, without waiting for it.
  void turnAway(GreenSocket socket) {
    counters.turnedAway();
    socket.writeLimit(Duration.ofMillis(1));
    try (socket) {
      socket.write(TURNED_AWAY, 0, TURNED_AWAY.length);
    } catch (IOException e) {
      // it does not want to know
    }
  }

  private void tellIfDrained() {
    var waiting = drained;
    if (open.get() == 0 && waiting != null && !waiting.ready()) {
      waiting.send(null);
    }
  }

  /// Ends it; on its hub.
  ///
  /// @param nanos when the grace ends
  /// @param restUntil when connections that rest are closed
  Closed close(long nanos, long restUntil) throws Exception {
    var all = open.get();
    for (var connection : List.copyOf(connections.keySet())) {
      if (!connection.resting()) {
        connection.ending();
      }
    }
    awaitDrained(Math.min(nanos, restUntil));
    for (var connection : List.copyOf(connections.keySet())) {
      if (connection.resting()) {
        connection.socket().close();
      }
    }
    awaitDrained(nanos);
    var cut = new ArrayList<String>();
    for (var entry : List.copyOf(connections.entrySet())) {
      cut.add(entry.getKey().describe());
      entry.getValue().kill();
    }
    return new Closed(all - cut.size(), List.copyOf(cut));
  }

  private void awaitDrained(long nanos) throws Exception {
    var waiting = drained == null ? new Event<@Nullable Void>() : drained;
    drained = waiting;
    var left = nanos - System.nanoTime();
    if (open.get() > 0 && left > 0) {
      try {
        waiting.await(Duration.ofNanos(left));
      } catch (TimeoutException late) {
        // the caller goes on
      }
    }
  }

  // ------------------------------------------------------------------------- what connections use

  Application application() {
    return server.application();
  }

  ServerOptions options() {
    return server.options();
  }

  Buffers buffers() {
    return buffers;
  }

  boolean closing() {
    return server.closing();
  }

  boolean mayRest() {
    return server.mayRest();
  }

  /// A request is at work from now on. Answers whether it may be.
  boolean began() {
    return counters.began() <= atWorkMax;
  }

  void ended() {
    counters.ended();
  }

  void failed(String what, Throwable failure) {
    counters.failed();
    Server.LOGGER.log(System.Logger.Level.ERROR, "failed to answer " + what, failure);
  }

  void tell(Exchange exchange) {
    for (var hook : options().hooks()) {
      try {
        hook.accept(exchange);
      } catch (RuntimeException failure) {
        Server.LOGGER.log(System.Logger.Level.ERROR, "a hook failed on " + exchange, failure);
      }
    }
  }
}
