package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenSocket;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A server's clients on one hub. Each is in one of three lists: of those who have sent nothing so
/// far, of those who rest after an answer, and of those who are served or wait to be.
final class Worker {

  /// What a request gets when there are too many.
  static final Response BUSY = Response.of(503).with("retry-after", "1");

  /// What a request gets whose application takes too long.
  static final Response LATE = Response.of(503);

  private static final int SPARE_MAX = 64;

  private static final byte[] TURNED_AWAY =
      "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
          .getBytes(US_ASCII);

  private final Server server;
  private final Hub hub;
  private final Buffers buffers;
  private final Counters counters = new Counters();
  private final Lobby silent;
  private final Lobby resting;
  private final Clients served = new Clients();
  private final Crew crew;
  private final ArrayDeque<Connection> spare = new ArrayDeque<>();
  private final AtomicInteger open = new AtomicInteger(); // those that have not begun as well
  private final int atWorkMax;
  private volatile boolean over; // its hub closes
  private @Nullable Event<@Nullable Void> drained; // null unless somebody waits for the last one

  Worker(Server server, Hub hub) {
    this.server = server;
    this.hub = hub;
    buffers = new Buffers(hub);
    atWorkMax = server.options().limits().connections().atWork();
    var times = server.options().limits().times();
    silent = new Lobby(hub, times.firstByte(), this::end);
    resting = new Lobby(hub, times.idle(), this::end);
    crew = new Crew(this);
    endWithHub(hub, new WeakReference<>(this));
  }

  private void endWithHub(Hub hub, WeakReference<Worker> self) {
    hub.whenClosing(
        this,
        () -> {
          var worker = self.get();
          if (worker != null) {
            worker.endResting();
          }
        });
  }

  Hub hub() {
    return hub;
  }

  /// {@return whether its hub closes, so that nobody is served there}
  boolean over() {
    return over;
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
    var client = new Client(this, socket, from);
    if (Hub.currentOrNull() == hub) {
      admit(client);
      return;
    }
    try {
      hub.disinheritedFiber(new Admission(client), client).start();
    } catch (IllegalStateException closed) {
      end(client);
    }
  }

  /// Brings a client that was accepted on another hub here.
  private final class Admission implements Fiber.Body {

    private final Client client;

    Admission(Client client) {
      this.client = client;
    }

    @Override
    public void run() {
      admit(client);
    }

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      if (failure != null) { // the hub closed before
        end(client);
      }
    }
  }

  private void admit(Client client) {
    counters.accepted();
    try {
      if (!mayRest()) { // nobody would close one that rests
        end(client);
      } else if (!silent.rest(client)) {
        arrived(client);
      }
    } catch (IOException gone) {
      end(client);
    }
  }

  /// A client has sent something, or is gone.
  void arrived(Client client) {
    Clients.remove(client);
    served.add(client);
    crew.arrived(client);
  }

  /// Serves a client until it rests or is gone.
  void serve(Client client) {
    var connection = spare.pollLast();
    if (connection == null) {
      connection = new Connection(this, client);
    }
    var rests = false;
    try {
      client.servedBy(connection);
      rests = connection.serve(client);
    } catch (IOException e) {
      // the client's end of it is broken
    } catch (Exception e) {
      failed(client.toString(), e);
    } finally {
      client.servedBy(null);
      if (!rests) {
        end(client);
      }
      if (connection.isReusable() && spare.size() < SPARE_MAX) {
        spare.addLast(connection);
      }
    }
  }

  /// Lets a client rest after an answer.
  ///
  /// @return whether it does; if not, it has sent something already, or is gone
  boolean rest(Client client) throws IOException {
    Clients.remove(client);
    if (resting.rest(client)) {
      return true;
    }
    served.add(client);
    return false;
  }

  /// Ends a client's connection, wherever it is.
  private void end(Client client) {
    Clients.remove(client);
    var ended = true;
    try {
      ended = client.close();
    } catch (IOException gone) {
      // it does not hear that this is the end
    } finally {
      if (ended) {
        open.decrementAndGet();
        server.left(client.from());
        tellIfDrained();
      }
    }
  }

  private void endResting() {
    over = true;
    silent.copy().forEach(this::end);
    resting.copy().forEach(this::end);
    crew.abandon().forEach(this::end);
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
    crew.dismiss();
    for (var connection : connections()) {
      if (!connection.resting()) {
        connection.ending();
      }
    }
    awaitDrained(Math.min(nanos, restUntil));
    silent.copy().forEach(this::end);
    resting.copy().forEach(this::end);
    for (var connection : connections()) {
      if (connection.resting()) {
        connection.dismiss();
      }
    }
    awaitDrained(nanos);
    var cut = new ArrayList<String>();
    for (var client : crew.abandon()) {
      cut.add("waiting " + client);
      end(client);
    }
    for (var connection : connections()) {
      cut.add(connection.describe());
      connection.kill();
    }
    Eventlet.sleep(); // they clean up meanwhile
    return new Closed(all - cut.size(), List.copyOf(cut));
  }

  /// {@return those who serve somebody now}
  private List<Connection> connections() {
    var all = new ArrayList<Connection>();
    for (var client : served.copy()) {
      var connection = client.connection();
      if (connection != null) {
        all.add(connection);
      }
    }
    return all;
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
    return !over && server.mayRest();
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
