package net.eventlet;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import net.eventlet.hubs.Durations;
import net.eventlet.hubs.Fiber;
import net.eventlet.hubs.Hub;
import net.eventlet.hubs.HubOptions;
import net.eventlet.hubs.Waiter;
import org.jspecify.annotations.Nullable;

/// Where programs begin: `import static net.eventlet.Eventlet.*`.
///
/// ```java
/// void main() throws Exception {
///   run(() -> {
///     var worker = spawn(() -> 6 * 7);
///     System.out.println(worker.await());
///   });
/// }
/// ```
///
/// Green threads are spawned into the hub of the caller, into the process's default hub if it has
/// none.
///
/// Source: `eventlet/__init__.py`, `eventlet/greenthread.py`, `eventlet/convenience.py`.
public final class Eventlet {

  private static final int CONCURRENCY = 1000;
  private static final HubOptions OPTIONS = HubOptions.DEFAULT.withExit(GreenThreadExit::new);

  private Eventlet() {}

  /// Runs `main` as the first green thread of a hub on this thread, until it ends. Green threads
  /// that are alive then are killed first; those that had no turn yet never run.
  ///
  /// @param main what to run
  /// @param <T> what it returns
  /// @return what it returned
  /// @throws Exception the very object that it threw
  /// @throws IllegalStateException in a green thread: call the body, or spawn it (only in the one
  ///   in which `bin/eventlet run` runs `main` does this call the body itself); and if the JDK
  ///   cannot be looked into, which the message says how to mend
  /// @throws UnsupportedOperationException on a system that is not supported
  public static <T extends @Nullable Object> T run(Callable<T> main) throws Exception {
    Objects.requireNonNull(main, "main");
    var outer = Fiber.currentOrNull();
    if (outer != null && outer.hub().isMain(outer) && Boolean.getBoolean("eventlet.launched")) {
      return main.call(); // bin/eventlet run has begun what is asked for here
    }
    if (outer != null) {
      throw new IllegalStateException(
          "Eventlet.run inside the green thread " + outer + ": call the body itself, or spawn it");
    }
    if (Thread.currentThread().isVirtual()) { // which cannot carry a hub
      try (var hub = Hub.start("hub-" + Thread.currentThread().threadId())) {
        return spawn(hub, main).await();
      }
    }
    var first = new First<T>(main);
    Hub.run(OPTIONS, first::on);
    return Objects.requireNonNull(first.thread).await();
  }

  /// Runs `main` as [#run(Callable)] does.
  ///
  /// @param main what to run
  /// @throws Exception the very object that it threw
  public static void run(Action main) throws Exception {
    Objects.requireNonNull(main, "main");
    run(() -> {
      main.run();
      return true;
    });
  }

  /// The green thread that [#run(Callable)] waits for.
  private static final class First<T extends @Nullable Object> {

    private final Callable<T> main;
    private @Nullable GreenThread<T> thread; // null until there is a hub

    First(Callable<T> main) {
      this.main = main;
    }

    Fiber on(Hub hub) {
      thread = GreenThread.of(hub, main);
      return thread.fiber();
    }
  }

  /// Queues a new green thread; it runs when the caller waits, after those that were queued before.
  ///
  /// @param body what it does
  /// @param <T> what it returns
  /// @return its handle
  /// @throws IllegalStateException if the hub is closed
  public static <T extends @Nullable Object> GreenThread<T> spawn(Callable<T> body) {
    return spawn(hub(), body);
  }

  /// Queues a new green thread, as [#spawn(Callable)] does.
  ///
  /// @param body what it does
  /// @return its handle
  /// @throws IllegalStateException if the hub is closed
  public static GreenThread<@Nullable Void> spawn(Action body) {
    return spawn(hub(), body);
  }

  /// Queues a new green thread on another hub.
  ///
  /// @param hub that runs it
  /// @param body what it does
  /// @param <T> what it returns
  /// @return its handle
  /// @throws IllegalStateException if the hub is closed
  public static <T extends @Nullable Object> GreenThread<T> spawn(Hub hub, Callable<T> body) {
    return GreenThread.<T>of(hub, body).start();
  }

  /// Queues a new green thread on another hub.
  ///
  /// @param hub that runs it
  /// @param body what it does
  /// @return its handle
  /// @throws IllegalStateException if the hub is closed
  public static GreenThread<@Nullable Void> spawn(Hub hub, Action body) {
    return GreenThread.of(hub, body).start();
  }

  /// Queues a new green thread that nobody waits for: cheaper, and what it throws goes to the
  /// [uncaught handler][Hub#uncaughtHandler].
  ///
  /// @param body what it does
  /// @throws IllegalStateException if the hub is closed
  public static void spawnN(Action body) {
    hub().fiber(new Detached(Objects.requireNonNull(body, "body")), body).start();
  }

  /// Starts a green thread later, even if the caller has ended by then.
  ///
  /// @param delay how long from now; zero or less means after this turn of the hub
  /// @param body what it does
  /// @param <T> what it returns
  /// @return its handle; [GreenThread#cancel()] prevents it
  public static <T extends @Nullable Object> GreenThread<T> spawnAfter(
      Duration delay, Callable<T> body) {
    return GreenThread.<T>of(hub(), body).startAfter(delay, null);
  }

  /// Starts a green thread later, as [#spawnAfter(Duration, Callable)] does.
  ///
  /// @param delay how long from now; zero or less means after this turn of the hub
  /// @param body what it does
  /// @return its handle; [GreenThread#cancel()] prevents it
  public static GreenThread<@Nullable Void> spawnAfter(Duration delay, Action body) {
    return GreenThread.of(hub(), body).startAfter(delay, null);
  }

  /// Starts a green thread later, unless the calling green thread has ended by then.
  ///
  /// @param delay how long from now; zero or less means after this turn of the hub
  /// @param body what it does
  /// @return its handle; if the caller ends first, it ends by [GreenThreadExit]
  /// @throws IllegalStateException outside a green thread
  public static GreenThread<@Nullable Void> spawnAfterLocal(Duration delay, Action body) {
    var spawner = fiber();
    var _ = GreenThread.of(spawner); // it is held, and not to be taken for as good as new
    return GreenThread.of(hub(), body).startAfter(delay, spawner);
  }

  /// {@return the handle on the green thread that calls this; for a virtual thread that other code
  /// started on a hub as well}
  ///
  /// @throws IllegalStateException outside a green thread
  public static GreenThread<?> current() {
    return GreenThread.of(fiber());
  }

  /// Lets the others run for a time.
  ///
  /// @param time how long; zero or less gives everyone else, and one look at the descriptors, a
  ///   turn
  public static void sleep(Duration time) {
    var nanos = Durations.nanos(Objects.requireNonNull(time, "time"));
    if (nanos <= 0) {
      sleep();
    } else {
      Waits.await(new Waiter(), nanos);
    }
  }

  /// Gives everyone else, and one look at the descriptors, a turn.
  @SuppressWarnings("ThreadPriorityCheck") // to yield is the point
  public static void sleep() {
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      Thread.yield();
    } else {
      Waits.pass(fiber);
    }
  }

  /// Listens, with [ListenOptions#DEFAULT].
  ///
  /// @param address an [java.net.InetSocketAddress], port 0 for any that is free; or a
  ///   [java.net.UnixDomainSocketAddress]
  /// @return the listening socket
  /// @throws java.net.BindException if another socket listens there, or this machine has no such
  ///   address
  /// @throws IOException if the kernel refuses
  public static GreenServerSocket listen(SocketAddress address) throws IOException {
    return listen(address, ListenOptions.DEFAULT);
  }

  /// Listens.
  ///
  /// @param address as in [#listen(SocketAddress)]
  /// @param options backlog and sharing
  /// @return the listening socket
  /// @throws java.net.BindException if another socket listens there, or this machine has no such
  ///   address
  /// @throws IOException if the kernel refuses
  public static GreenServerSocket listen(SocketAddress address, ListenOptions options)
      throws IOException {
    Objects.requireNonNull(address, "address");
    var listener = new GreenServerSocket();
    listener.bind(address, options);
    return listener;
  }

  /// Connects; to an address that is a name, not resolved, to each of the name's addresses in turn.
  ///
  /// @param address an [java.net.InetSocketAddress] or a [java.net.UnixDomainSocketAddress]
  /// @return the connection
  /// @throws IOException if nobody answers there
  public static GreenSocket connect(SocketAddress address) throws IOException {
    return connect(address, null);
  }

  /// Connects, as [#connect(SocketAddress)] does, within a time.
  ///
  /// @param address where to
  /// @param limit longest wait in all; null for ever
  /// @return the connection
  /// @throws java.net.SocketTimeoutException if the time runs out
  /// @throws IOException if nobody answers there
  public static GreenSocket connect(SocketAddress address, @Nullable Duration limit)
      throws IOException {
    Objects.requireNonNull(address, "address");
    var connection = new GreenSocket();
    connection.connectWithin(address, Durations.limitNanos(limit));
    return connection;
  }

  /// Serves, a thousand connections at once, as [#serve(GreenServerSocket, SocketHandler, int)]
  /// does.
  ///
  /// @param listener from [#listen(SocketAddress)]
  /// @param handler what to do with each connection
  /// @throws IOException if accepting fails
  public static void serve(GreenServerSocket listener, SocketHandler handler) throws IOException {
    serve(listener, handler, CONCURRENCY);
  }

  /// Accepts connections, and runs `handler` for each in a green thread of its own, until the
  /// listener is closed or a handler throws [StopServe]. What else a handler throws goes to the
  /// [uncaught handler][Hub#uncaughtHandler] and ends its connection only.
  ///
  /// @param listener from [#listen(SocketAddress)]; stays open after [StopServe]
  /// @param handler what to do with each connection, which is closed afterwards
  /// @param concurrency connections served at once; more wait in the listener's backlog
  /// @throws IOException if accepting fails
  /// @throws IllegalArgumentException if `concurrency` is not positive
  public static void serve(GreenServerSocket listener, SocketHandler handler, int concurrency)
      throws IOException {
    if (concurrency <= 0) {
      throw new IllegalArgumentException("a server needs a concurrency from 1: " + concurrency);
    }
    var server =
        new Server(
            Objects.requireNonNull(listener, "listener"),
            Objects.requireNonNull(handler, "handler"),
            concurrency);
    if (Fiber.currentOrNull() != null) {
      server.serve();
      return;
    }
    var serving = spawn(server::serve); // a plain thread has no hub to serve on
    try {
      serving.await();
    } catch (InterruptedException e) {
      serving.kill();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a server of it ran");
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static Hub hub() {
    var hub = Hub.currentOrNull();
    return hub == null ? Hub.shared() : hub;
  }

  private static Fiber fiber() {
    var fiber = Fiber.currentOrNull();
    if (fiber == null) {
      throw new IllegalStateException(
          Thread.currentThread()
              + " is no green thread; call this inside Eventlet.run or in what it spawns");
    }
    return fiber;
  }

  /// What [#spawnN] runs.
  private record Detached(Action body) implements Fiber.Body {

    @Override
    public void run() throws Exception {
      body.run();
    }

    @Override
    public void ended(Fiber fiber, @Nullable Throwable failure) {
      if (!(failure instanceof GreenThreadExit)) {
        Fiber.Body.super.ended(fiber, failure);
      }
    }

    @Override
    public Throwable exit(String reason) {
      return new GreenThreadExit(reason);
    }
  }
}
