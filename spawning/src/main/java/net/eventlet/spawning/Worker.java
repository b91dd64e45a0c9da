package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.eventlet.Event;
import net.eventlet.Eventlet;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.GreenThread;
import net.eventlet.Semaphore;
import net.eventlet.TPool;
import net.eventlet.green.GreenSsl;
import net.eventlet.green.Identities;
import net.eventlet.green.Identity;
import net.eventlet.wsgi.Application;
import net.eventlet.wsgi.Server;
import net.eventlet.wsgi.ServerOptions;
import org.jspecify.annotations.Nullable;

/// What runs in a child: serves an application on sockets that the controller opened, until the
/// controller says otherwise or is gone.
///
/// Descriptor 3 is its line to the controller; the listening sockets come behind it.
///
/// Source: `spawning/spawning_child.py`.
final class Worker {

  /// Exit status of one whose application cannot be made: to start another one is of no use.
  static final int CANNOT_SERVE = 3;

  private static final int CONTROL = 3;
  private static final Duration REST = Duration.ofSeconds(1); // for clients about to ask again
  private static final Duration AFTER_CONTROLLER = Duration.ofSeconds(10);

  private final GreenSocket control;
  private final BufferedReader lines;
  private final WorkerSettings settings;
  private final List<Server> servers = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final Event<Duration> end = new Event<>(); // with the grace
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Semaphore speaking = new Semaphore(1);
  private final @Nullable AccessLogFile accessLog; // null for standard output

  private Worker(GreenSocket control) throws IOException {
    this.control = control;
    lines = new BufferedReader(new InputStreamReader(control.getInputStream(), UTF_8));
    settings = WorkerSettings.parse(this::nextLine);
    accessLog =
        settings.accessLog().equals("-")
            ? null
            : new AccessLogFile(Path.of(settings.accessLog()), settings.accessLogBytes());
  }

  private String nextLine() throws IOException {
    var line = lines.readLine();
    if (line == null) {
      throw new IOException("the controller went away");
    }
    return line;
  }

  /// Serves.
  ///
  /// @param arguments for whoever lists processes
  static void main(String[] arguments) throws Exception {
    ProcessTitle.set("spawn: child");
    var status = Eventlet.run(() -> new Worker(GreenSocket.adopt(CONTROL)).run());
    System.exit(status); // whatever threads the application has
  }

  private int run() throws Exception {
    Signals.ignore("INT", "HUP"); // the terminal's; the controller decides
    Signals.handle("TERM", () -> drain(AFTER_CONTROLLER));
    Signals.handle("USR1", this::reopen);
    Application application;
    try {
      application = counted(threaded(application()));
      warmUp();
      serve(application);
      checkHealth(application);
    } catch (Exception | LinkageError e) {
      tell("failed " + oneLine(e));
      return CANNOT_SERVE;
    }
    tell("ready");
    var listening = Eventlet.spawn(this::listen);
    var grace = end.await();
    listening.kill();
    return close(grace);
  }

  // ----------------------------------------------------------------------------------- serving

  private Application application() throws Exception {
    var loader = ClassLoader.getSystemClassLoader();
    Thread.currentThread().setContextClassLoader(loader);
    var named = new NamedFactory(loader);
    var factory =
        settings.factory().isEmpty() ? named : named.find(settings.factory(), Factory.class);
    return factory.create(settings.names());
  }

  private Application threaded(Application application) {
    return settings.threads() == 0
        ? application
        : request -> TPool.execute(() -> application.handle(request));
  }

  private Application counted(Application application) {
    var max = settings.maxRequests();
    if (max == 0) {
      return application;
    }
    return request -> {
      if (requests.incrementAndGet() == max) {
        tell("worn");
      }
      return application.handle(request);
    };
  }

  private ServerOptions options() throws IOException, GeneralSecurityException {
    var log = accessLog;
    var options = ServerOptions.DEFAULT;
    if (!settings.certificate().isEmpty()) {
      var identity = Identity.pem(Path.of(settings.certificate()), Path.of(settings.key()));
      options = options.withTls(GreenSsl.context(new Identities(identity)));
    }
    options = options.withKeepAlive(settings.keepAlive()).withHubs(settings.hubs());
    if (settings.accessLog().equals("/dev/null")) {
      return options;
    }
    return options.withAccessLog(log == null ? System.out::println : log::write);
  }

  private void serve(Application application) throws IOException, GeneralSecurityException {
    var options = options();
    for (var i = 0; i < settings.listeners(); i++) {
      var listener = GreenServerSocket.adopt(CONTROL + 1 + i);
      servers.add(Server.start(listener, application, options));
      System.out.printf(
          "(%d) wsgi starting up on %s%n",
          ProcessHandle.current().pid(), Listeners.show(listener.getLocalSocketAddress()));
    }
  }

  private void warmUp() {
    try {
      WarmUp.run();
    } catch (IOException e) {
      tell("error serves without having been warmed up: " + oneLine(e));
    }
  }

  /// Asks the application for the path of `--health-path`, on a socket of its own.
  private void checkHealth(Application application) throws Exception {
    if (settings.healthPath().isEmpty()) {
      return;
    }
    var folder = Files.createTempDirectory("spawn");
    SocketAddress address = java.net.UnixDomainSocketAddress.of(folder.resolve("health"));
    try (var _ = Server.start(address, application);
        var client = Eventlet.connect(address)) {
      client
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .formatted(settings.healthPath())
                  .getBytes(UTF_8));
      client.setSoTimeout((int) settings.healthLimit().toMillis());
      var answer = client.readLine();
      if (answer == null || !answer.matches("HTTP/1\\.1 [23].*")) {
        throw new IllegalStateException(
            "it is not healthy: GET %s gave %s".formatted(settings.healthPath(), answer));
      }
    } finally {
      Files.deleteIfExists(folder.resolve("health"));
      Files.deleteIfExists(folder);
    }
  }

  // ----------------------------------------------------------------------- what it is asked for

  private void listen() {
    try {
      while (true) {
        var words = nextLine().split(" ", 2);
        switch (words[0]) {
          case "status" -> tell("status " + status());
          case "reopen" -> reopen();
          case "drain" -> drain(Duration.ofMillis(Long.parseLong(words[1])));
          default -> tell("error the controller said what nobody understands: " + words[0]);
        }
      }
    } catch (IOException gone) {
      drain(AFTER_CONTROLLER);
    }
  }

  private void drain(Duration grace) {
    if (ending.compareAndSet(false, true)) {
      end.send(grace);
    }
  }

  private void reopen() {
    try {
      if (accessLog != null) {
        accessLog.reopen();
      }
    } catch (IOException e) {
      tell("error cannot reopen the access log: " + oneLine(e));
    }
  }

  private String status() {
    var connections = 0L;
    var atWork = 0L;
    var answered = 0L;
    var refused = 0L;
    var failed = 0L;
    var median = Duration.ZERO;
    var slow = Duration.ZERO; // of the slowest of the addresses, as the median is
    for (var server : servers) {
      var statistics = server.statistics();
      connections += statistics.connections();
      atWork += statistics.atWork();
      answered += statistics.requests();
      refused += statistics.refused();
      failed += statistics.failed();
      median = longer(median, statistics.latencies().quantile(0.5));
      slow = longer(slow, statistics.latencies().quantile(0.99));
    }
    var runtime = Runtime.getRuntime();
    return ("connections=%d requests_at_work=%d requests=%d requests_refused=%d requests_failed=%d"
            + " latency_p50_microseconds=%d latency_p99_microseconds=%d heap_bytes=%d"
            + " green_threads=%d")
        .formatted(
            connections,
            atWork,
            answered,
            refused,
            failed,
            TimeUnit.NANOSECONDS.toMicros(median.toNanos()),
            TimeUnit.NANOSECONDS.toMicros(slow.toNanos()),
            runtime.totalMemory() - runtime.freeMemory(),
            greenThreads());
  }

  private int greenThreads() {
    return servers.stream()
        .flatMap(server -> server.hubs().stream())
        .distinct()
        .mapToInt(hub -> hub.statistics().alive())
        .sum();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private int close(Duration grace) throws Exception {
    var rest = grace.compareTo(REST) < 0 ? grace : REST;
    var closing = new ArrayList<GreenThread<Integer>>();
    for (var server : servers) {
      closing.add(Eventlet.spawn(() -> server.close(grace, rest).cut()));
    }
    var cut = 0;
    for (var one : closing) {
      cut += one.await();
    }
    if (cut > 0) {
      tell(
          "error %d requests had not ended after %s and were cut off"
              .formatted(cut, Times.show(grace)));
    }
    return 0;
  }

  private void tell(String line) {
    try (var _ = speaking.hold()) {
      control.getOutputStream().write((line + "\n").getBytes(UTF_8));
    } catch (IOException gone) {
      // whoever listens for it notices
    }
  }

  private static String oneLine(Throwable failure) {
    var text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return text.replaceAll("\\s*\\R\\s*", " | ");
  }
}
