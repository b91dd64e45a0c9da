package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.ListenOptions;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A web server that runs: accepts connections, and serves each in a green thread of its own.
///
/// ```java
/// try (var server = Server.start(new InetSocketAddress(8080), application)) {
///   …
/// }
/// ```
///
/// It lives on the hub of the green thread that starts it, or on the shared hub. Its methods may be
/// called from any thread.
///
/// Source: `eventlet/wsgi.py`, `server` and class `Server`.
public final class Server implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger("net.eventlet.wsgi");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy HH:mm:ss", Locale.ROOT);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final byte[] BUSY =
      "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
          .getBytes(US_ASCII);

  private final GreenServerSocket listener;
  private final @Nullable SocketAddress address;
  private final Application application;
  private final ServerOptions options;
  private final Hub hub;
  private final Buffers buffers = new Buffers();
  private final Map<Connection, GreenThread<@Nullable Void>> connections = new HashMap<>();
  private final Event<@Nullable Void> stopped = new Event<>(); // accepting
  private volatile boolean closing;
  private @Nullable Event<@Nullable Void>
      drained; // null unless somebody waits for the last connection
  private volatile int open;
  private final LongAdder accepted = new LongAdder();
  private final LongAdder atWork = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /// What a server has done.
  ///
  /// @param connections open now
  /// @param accepted connections in all
  /// @param atWork requests that are being answered now
  /// @param requests answered in all
  /// @param refused in all, for what they were
  /// @param failed in all, for what the application threw
  /// @param nanos that answering took in all
  public record Statistics(
      int connections,
      long accepted,
      int atWork,
      long requests,
      long refused,
      long failed,
      long nanos) {}

  /// How a server ended.
  ///
  /// @param finished connections that ended by themselves within the grace
  /// @param cut connections that were cut off at its end
  public record Closed(int finished, int cut) {}

  private Server(GreenServerSocket listener, Application application, ServerOptions options) {
    this.listener = listener;
    this.application = Objects.requireNonNull(application, "application");
    this.options = Objects.requireNonNull(options, "options");
    address = listener.getLocalSocketAddress();
    var current = Hub.currentOrNull();
    hub = current == null ? Hub.shared() : current;
  }

  /// Starts a server with the usual options.
  ///
  /// @param address to listen on; port 0 for any
  /// @param application what it serves
  /// @return the server
  /// @throws IOException if the address cannot be had
  public static Server start(SocketAddress address, Application application) throws IOException {
    return start(address, application, ServerOptions.DEFAULT);
  }

  /// Starts a server.
  ///
  /// @param address to listen on; port 0 for any
  /// @param application what it serves
  /// @param options how
  /// @return the server
  /// @throws IOException if the address cannot be had
  public static Server start(SocketAddress address, Application application, ServerOptions options)
      throws IOException {
    return start(
        Eventlet.listen(address, ListenOptions.DEFAULT.withBacklog(1024)), application, options);
  }

  /// Starts a server on a socket that listens already, and that it closes in the end.
  ///
  /// @param listener bound
  /// @param application what it serves
  /// @param options how
  /// @return the server
  public static Server start(
      GreenServerSocket listener, Application application, ServerOptions options) {
    var server = new Server(listener, application, options);
    Eventlet.spawn(server.hub, server::accept).link(_ -> {}); // it tells of its end by itself
    return server;
  }

  // --------------------------------------------------------------------------------------- its
  // life

  private void accept() {
    try {
      while (!closing) {
        try {
          welcome(listener.accept());
        } catch (SocketException e) {
          if (listener.isClosed()) {
            break;
          }
          LOGGER.log(System.Logger.Level.WARNING, "accepting fails, and goes on", e);
          Eventlet.sleep(Duration.ofMillis(100));
        } catch (IOException e) {
          LOGGER.log(System.Logger.Level.WARNING, "accepting fails, and goes on", e);
          Eventlet.sleep(Duration.ofMillis(100));
        }
      }
    } finally {
      listener.close();
      stopped.send(null);
    }
  }

  private void welcome(GreenSocket socket) throws IOException {
    if (connections.size() >= options.limits().connections()) {
      socket.writeLimit(Duration.ofMillis(1));
      try (socket) {
        socket.write(BUSY, 0, BUSY.length);
      } catch (IOException e) {
        // it does not want to know
      }
      refused();
      return;
    }
    var connection = new Connection(this, socket);
    connections.put(connection, Eventlet.spawn(hub, () -> serve(connection)));
    open = connections.size();
    accepted.increment();
  }

  private void serve(Connection connection) {
    try {
      connection.serve();
    } catch (IOException e) {
      // the client's end of it is broken
    } catch (Exception e) {
      failed(connection.toString(), e);
    } finally {
      connections.remove(connection);
      open = connections.size();
      var waiting = drained;
      if (connections.isEmpty() && waiting != null && !waiting.ready()) {
        waiting.send(null);
      }
    }
  }

  /// {@return the address that it listens on, with the port that it got}
  ///
  /// @throws IllegalStateException if it has none, being on a socket that was closed before
  public SocketAddress address() {
    if (address == null) {
      throw new IllegalStateException("the listener was not bound");
    }
    return address;
  }

  /// {@return the port that it listens on; -1 for a path of the file system}
  public int port() {
    return address() instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }

  /// Waits until it accepts no more.
  ///
  /// @throws Exception never of itself; what unwinds the caller
  public void join() throws Exception {
    stopped.await();
  }

  /// Ends it: no connection is accepted from now on, those that rest are closed, answers under way
  /// say `connection: close` and are finished.
  ///
  /// @param grace after which what is left is cut off; its green threads are killed
  /// @return how many ended by themselves, and how many were cut off
  public Closed close(Duration grace) {
    try {
      return Hub.currentOrNull() == hub
          ? closeHere(grace)
          : Eventlet.spawn(hub, () -> closeHere(grace)).await();
    } catch (InterruptedException interrupted) { // a plain thread's: it goes on closing by itself
      Thread.currentThread().interrupt();
      return new Closed(0, 0);
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Closed closeHere(Duration grace) throws Exception {
    closing = true;
    listener.close();
    var all = List.copyOf(connections.entrySet());
    for (var entry : all) {
      if (entry.getKey().resting()) {
        entry.getKey().socket().close();
      } else {
        entry.getKey().ending();
      }
    }
    if (!connections.isEmpty()) {
      var last = drained == null ? new Event<@Nullable Void>() : drained;
      drained = last;
      try {
        last.await(grace);
      } catch (TimeoutException late) {
        // those are cut off
      }
    }
    var left = List.copyOf(connections.values());
    left.forEach(GreenThread::kill);
    return new Closed(all.size() - left.size(), left.size());
  }

  /// Ends it with a grace of ten seconds.
  @Override
  public void close() {
    close(GRACE);
  }

  /// {@return what it has done so far}
  public Statistics statistics() {
    return new Statistics(
        open,
        accepted.sum(),
        atWork.intValue(),
        requests.sum(),
        refused.sum(),
        failed.sum(),
        nanos.sum());
  }

  // --------------------------------------------------------------------------- what connections
  // use

  Application application() {
    return application;
  }

  ServerOptions options() {
    return options;
  }

  Buffers buffers() {
    return buffers;
  }

  boolean closing() {
    return closing;
  }

  void log(Connection connection, Head head, int status, long bytes, long nanos) {
    options
        .accessLog()
        .ifPresent(log ->
            log.accept(
                String.format(
                    Locale.ROOT,
                    "%s - - [%s] \"%s\" %d %d %.6f",
                    connection.client(),
                    TIME.format(ZonedDateTime.now(ZoneId.systemDefault())),
                    head.started() ? head.requestLine() : "",
                    status,
                    bytes,
                    nanos / 1e9)));
  }

  void failed(String what, Throwable failure) {
    failed.increment();
    LOGGER.log(System.Logger.Level.ERROR, "failed to answer " + what, failure);
  }

  void began() {
    atWork.increment();
  }

  void ended(long nanos) {
    atWork.decrement();
    requests.increment();
    this.nanos.add(nanos);
  }

  void refused() {
    refused.increment();
  }

  @Override
  public String toString() {
    return "Server[%s, %d connections%s]"
        .formatted(address, connections.size(), closing ? ", closing" : "");
  }
}
