package net.eventlet.spawning;

import static net.eventlet.Eventlet.spawnN;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.eventlet.Eventlet;
import net.eventlet.GreenServerSocket;
import net.eventlet.posix.Errno;
import net.eventlet.posix.ThisProcess;
import net.eventlet.wsgi.Server;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The command `spawn`: serves an application on several processes.
///
/// Source: `spawning/spawning_controller.py`, `main`.
public final class Spawn {

  private static final int FAILED = 1;
  private static final int MISTAKE = 2;

  private final Options options;
  private final List<String> arguments; // as they were given
  private final Successor inherited;
  private final Notify notify = Notify.ofEnvironment();
  private List<GreenServerSocket> listeners = List.of();
  private volatile ChildStarter.Named application = new ChildStarter.Named(List.of(), "");
  private boolean told; // that a child serves
  private @Nullable Path work; // where classes of sources are; null if there are no sources

  private Spawn(Options options, List<String> arguments) {
    this.options = options;
    this.arguments = arguments;
    inherited = Successor.inherited(System.getenv());
  }

  /// Serves until a signal ends it.
  ///
  /// @param arguments of the command line: `--help` tells
  public static void main(String[] arguments) {
    System.exit(run(System.getenv(), arguments));
  }

  static int run(Map<String, String> environment, String... arguments) {
    var options = new Options();
    var line =
        new CommandLine(options)
            .addSubcommand(new LogReport())
            .registerConverter(Duration.class, Times::parse)
            .registerConverter(Size.class, Size::parse);
    try {
      if (arguments.length > 0 && arguments[0].equals("log-report")) {
        var rest = List.of(arguments).subList(1, arguments.length);
        return new CommandLine(new LogReport()).execute(rest.toArray(String[]::new));
      }
      var defaults = Defaults.of(environment, arguments);
      defaults.check(line.getCommandSpec().options());
      line.setDefaultValueProvider(defaults);
      line.parseArgs(arguments);
      if (line.isUsageHelpRequested()) {
        line.usage(System.out);
        return 0;
      }
      if (line.isVersionHelpRequested()) {
        line.printVersionHelp(System.out);
        return 0;
      }
      options.check(!Successor.inherited(environment).listeners().isEmpty());
    } catch (ParameterException | IllegalArgumentException e) {
      System.err.println("spawn: " + e.getMessage());
      System.err.println("spawn --help lists the options");
      return MISTAKE;
    }
    try {
      if (options.daemonize && !Daemon.isOne(environment)) {
        return Daemon.start(options, List.of(arguments));
      }
      return Eventlet.run(() -> new Spawn(options, List.of(arguments)).serve());
    } catch (Exception e) {
      System.err.println("spawn: " + message(e));
      return FAILED;
    }
  }

  private static String message(Throwable failure) {
    return failure instanceof IOException || failure instanceof IllegalArgumentException
        ? String.valueOf(failure.getMessage())
        : failure.toString();
  }

  // ------------------------------------------------------------------------------------- its life

  private int serve() throws Exception {
    ProcessTitle.set("spawn: control");
    listeners = listeners();
    dropPrivileges();
    writePidFile();
    try {
      application = compile();
      var controller =
          new Controller(
              options,
              new ChildStarter(options, () -> application, listeners),
              this::served,
              System.err);
      for (var heir : inherited.children()) {
        controller.takeOver(heir.adopt(), heir.state());
      }
      signals(controller);
      try (var _ = statusServer(controller)) {
        watch(controller);
        return controller.run();
      }
    } finally {
      close();
      removePidFile();
      removeWork();
    }
  }

  private List<GreenServerSocket> listeners() throws IOException {
    if (!inherited.listeners().isEmpty()) {
      return inherited.adoptListeners();
    }
    var activated = Listeners.inherited();
    return activated.isEmpty() ? Listeners.open(options.hosts, options.port) : activated;
  }

  private void close() {
    listeners.forEach(GreenServerSocket::close);
    if (!Listeners.areInherited()) {
      Listeners.removePaths(options.hosts, options.port);
    }
  }

  private void dropPrivileges() throws IOException {
    var user = options.user;
    if (user == null || !inherited.listeners().isEmpty()) { // a successor is that user already
      return;
    }
    var parts = user.split(":", 2);
    var result = ThisProcess.user(parts[0], parts.length == 2 ? parts[1] : "");
    if (result == -Errno.ENOENT) {
      throw new IllegalArgumentException("--chuid: nobody here is called " + user);
    }
    if (result < 0) {
      throw new IOException("--chuid " + user + ": " + Errno.message(-result));
    }
  }

  private void served() {
    if (!told) {
      told = true;
      notify.ready();
      Daemon.tellStarter();
    }
  }

  private AutoCloseable statusServer(Controller controller) throws IOException {
    if (options.statusPort < 0) {
      return () -> {};
    }
    var server =
        Server.start(
            new InetSocketAddress(options.statusHost, options.statusPort),
            new StatusServer(controller));
    System.err.printf(
        "(%d) status on %s%n", ProcessHandle.current().pid(), Listeners.show(server.address()));
    return () -> server.close(Duration.ofSeconds(1));
  }

  // -------------------------------------------------------------------------- signals and changes

  private void signals(Controller controller) {
    Signals.handle("HUP", () -> reload(controller, "SIGHUP"));
    Signals.handle("USR1", controller::oneMore);
    Signals.handle(
        "TERM",
        () -> {
          notify.stopping();
          controller.end("SIGTERM");
        });
    Signals.handle(
        "INT",
        () -> {
          notify.stopping();
          controller.end("SIGINT");
        });
    try {
      Signals.handle("USR2", () -> controller.act(() -> succeed(controller)));
    } catch (IllegalArgumentException kept) {
      controller.report(
          "SIGUSR2 is the JVM's own here; set _JAVA_SR_SIGNUM=40 before it starts, as bin/spawn"
              + " does");
    }
  }

  private void watch(Controller controller) throws IOException {
    var paths = new ArrayList<>(options.watch);
    if (options.reload) {
      var source = options.names.getFirst();
      if (Sources.isSource(source)) {
        paths.add(Path.of(source.replaceFirst("::.*", "")));
      }
      if (options.classPath != null) {
        for (var part : options.classPath.split(File.pathSeparator, -1)) {
          paths.add(Path.of(part));
        }
      }
    }
    if (!paths.isEmpty()) {
      var watcher = new Watcher(paths);
      spawnN(() -> watcher.run(path -> reload(controller, path + " changed")));
    }
  }

  /// Compiles anew, and replaces all children; what does not compile changes nothing.
  private void reload(Controller controller, String why) {
    var _ =
        Eventlet.spawn(
            controller.hub(),
            () -> {
              try {
                application = compile();
                controller.replaceAll(why);
              } catch (Exception e) {
                controller.report(
                    "%s, and the children stay as they are: %s".formatted(why, message(e)));
              }
              return null;
            });
  }

  private ChildStarter.Named compile() throws Exception {
    var name = options.names.getFirst();
    var classPath = options.classPath == null ? "" : options.classPath;
    if (!Sources.isSource(name)) {
      return new ChildStarter.Named(options.names, classPath);
    }
    var folder = work;
    if (folder == null) {
      folder = Files.createTempDirectory("spawn");
      work = folder;
    }
    var visible = String.join(File.pathSeparator, System.getProperty("java.class.path"), classPath);
    var sources = Sources.of(name, visible, folder);
    var classes = sources.compile().toString();
    var names = new ArrayList<>(options.names);
    names.set(0, sources.classOf(name));
    return new ChildStarter.Named(
        List.copyOf(names),
        classPath.isEmpty() ? classes : classes + File.pathSeparator + classPath);
  }

  private void removeWork() throws IOException {
    if (work != null) {
      try (var inside = Files.walk(work)) {
        for (var path : inside.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  // ------------------------------------------------------------------------------- handing over

  /// Becomes the version of this program that is installed now, once it is known to start.
  private void succeed(Controller controller) {
    try {
      var launcher = System.getProperty("eventlet.launcher");
      var command = new ArrayList<String>();
      if (launcher == null) {
        command.addAll(Daemon.commandLine());
      } else {
        command.addAll(List.of(launcher, "serve"));
        command.addAll(arguments);
      }
      Daemon.check(command);
      Successor.of(listeners, controller.children()).become(command);
    } catch (Exception e) {
      controller.report("cannot hand over to a new controller, and goes on: " + message(e));
    }
  }

  private void writePidFile() throws IOException {
    if (options.pidFile != null) {
      Files.writeString(options.pidFile, ProcessHandle.current().pid() + "\n");
    }
  }

  private void removePidFile() throws IOException {
    if (options.pidFile != null) {
      Files.deleteIfExists(options.pidFile);
    }
  }
}
