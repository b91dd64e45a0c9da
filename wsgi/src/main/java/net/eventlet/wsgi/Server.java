package net.eventlet.wsgi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.ListenOptions;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Hub;
import org.jspecify.annotations.Nullable;

/// A web server that runs: accepts connections, and serves whoever sends something in a green
/// thread. Who rests has none.
///
/// ```java
/// try (var server = Server.start(new InetSocketAddress(8080), application)) {
///   …
/// }
/// ```
///
/// It lives on the hub of the green thread that starts it, or on the shared hub, and on as many
/// more as its options say. Its methods may be called from any thread.
///
/// Source: `eventlet/wsgi.py`, `server` and class `Server`.
public final class Server implements AutoCloseable {

  static final System.Logger LOGGER = System.getLogger("net.eventlet.wsgi");

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int BACKLOG = 1024;

  private final GreenServerSocket listener;
  private final @Nullable SocketAddress address;
  private final Application application;
  private final ServerOptions options;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Hub> hubs = new ArrayList<>(); // that it started
  private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private final boolean counting; // by address
  private final Descriptors descriptors = Descriptors.ofThisProcess();
  private final Event<@Nullable Void> stopped = new Event<>(); // accepting
  private volatile boolean closing;
  private volatile long restUntil; // of connections, once it is closing

  private Server(GreenServerSocket listener, Application application, ServerOptions options) {
    this.listener = listener;
    this.application = Objects.requireNonNull(application, "application");
    this.options = Objects.requireNonNull(options, "options");
    address = listener.getLocalSocketAddress();
    var connections = options.limits().connections();
    counting = connections.perAddress() < connections.open();
    var current = Hub.currentOrNull();
    workers.add(new Worker(this, current == null ? Hub.shared() : current));
    while (workers.size() < options.hubs()) {
      var hub = Hub.start("wsgi-" + (workers.size() + 1));
      hubs.add(hub);
      workers.add(new Worker(this, hub));
    }
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
  /// @param address to listen on; port 0 for any; or a path of the file system
  /// @param application what it serves
  /// @param options how
  /// @return the server
  /// @throws IOException if the address cannot be had
  public static Server start(SocketAddress address, Application application, ServerOptions options)
      throws IOException {
    var listening = ListenOptions.DEFAULT.withBacklog(BACKLOG);
    return start(Eventlet.listen(address, listening), application, options);
  }

  /// Starts a server on a socket that listens already, and that it closes in the end: such as one
  /// that was [inherited][GreenServerSocket#adopt(int)].
  ///
  /// @param listener bound
  /// @param application what it serves
  /// @param options how
  /// @return the server, which accepts from now on
  public static Server start(
      GreenServerSocket listener, Application application, ServerOptions options) {
    var server = new Server(listener, application, options);
    var _ = Eventlet.spawn(server.home(), server::accept);
    return server;
  }

  private Hub home() {
    return workers.getFirst().hub();
  }

  // ------------------------------------------------------------------------------------- its life

  private void accept() {
    try {
      while (!closing) {
        try {
          welcome(listener.accept());
        } catch (IOException | RuntimeException e) {
          if (listener.isClosed()) {
            break;
          }
          LOGGER.log(System.Logger.Level.WARNING, "accepting fails, and goes on", e);
          Eventlet.sleep(PAUSE);
        }
      }
    } finally {
      listener.close();
      stopped.send(null);
    }
  }

  private void welcome(GreenSocket socket) throws IOException {
    var worker =
        workers.size() == 1
            ? workers.getFirst()
            : workers.stream()
                .filter(each -> !each.over())
                .min(Comparator.comparingInt(Worker::open))
                .orElse(workers.getFirst());
    var from = counting ? socket.getInetAddress() : null;
    if (open() >= options.limits().connections().open()
        || descriptors.isScarce(socket)
        || !mayCome(from)) {
      workers.getFirst().turnAway(socket);
      return;
    }
    worker.welcome(socket, from);
  }

  private int open() {
    var open = 0;
    for (var worker : workers) {
      open += worker.open();
    }
    return open;
  }

  private boolean mayCome(@Nullable InetAddress from) {
    if (from == null) {
      return true;
    }
    var count = perAddress.merge(from, 1, Integer::sum);
    if (count <= options.limits().connections().perAddress()) {
      return true;
    }
    left(from);
    return false;
  }

  /// A connection has ended.
  ///
  /// @param from its client's address, if connections are counted by it
  void left(@Nullable InetAddress from) {
    if (from != null) {
      perAddress.computeIfPresent(from, (_, count) -> count == 1 ? null : count - 1);
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

  /// {@return whether it accepts connections: from its start until it is closed}
  public boolean accepting() {
    return !closing && !listener.isClosed();
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
  /// @return how many ended by themselves, and what was cut off
  public Closed close(Duration grace) {
    return close(grace, Duration.ZERO);
  }

  /// Ends it, and leaves connections that rest some time: a client that is about to send its next
  /// request then gets an answer, with `connection: close`, rather than an error.
  ///
  /// @param grace after which what is left is cut off; its green threads are killed
  /// @param rest after which those are closed that still rest
  /// @return how many ended by themselves, and what was cut off
  public Closed close(Duration grace, Duration rest) {
    var now = System.nanoTime();
    var deadline = now + Durations.nanos(grace);
    restUntil = now + Math.min(Durations.nanos(rest), Durations.nanos(grace));
    closing = true;
    listener.close();
    try {
      var closed = new ArrayList<GreenThread<Closed>>();
      for (var worker : workers) {
        try {
          closed.add(Eventlet.spawn(worker.hub(), () -> worker.close(deadline, restUntil)));
        } catch (IllegalStateException over) {
          // its hub is closed, and its connections with it
        }
      }
      var finished = 0;
      var cut = new ArrayList<String>();
      for (var one : closed) {
        finished += one.await().finished();
        cut.addAll(one.await().unfinished());
      }
      hubs.forEach(Hub::close);
      return new Closed(finished, List.copyOf(cut));
    } catch (InterruptedException interrupted) { // a plain thread's: it goes on closing by itself
      Thread.currentThread().interrupt();
      return new Closed(0, List.of());
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Ends it with a grace of ten seconds.
  @Override
  public void close() {
    close(GRACE);
  }

  /// {@return the hubs that its connections are served on, which may be those of others as well}
  public List<Hub> hubs() {
    return workers.stream().map(Worker::hub).toList();
  }

  /// {@return what it has done so far}
  public Statistics statistics() {
    return Counters.statistics(workers.stream().map(Worker::counters).toList(), open());
  }

  // ----------------------------------------------------------------------------- what workers use

  Application application() {
    return application;
  }

  ServerOptions options() {
    return options;
  }

  boolean closing() {
    return closing;
  }

  /// {@return whether a connection may wait for another request}
  boolean mayRest() {
    return !closing || System.nanoTime() - restUntil < 0;
  }

  @Override
  public String toString() {
    return "Server[%s, %d connections%s]".formatted(address, open(), closing ? ", closing" : "");
  }
}
