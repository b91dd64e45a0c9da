package net.eventlet.spawning;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What the command line says, or else the environment, or else the configuration file.
///
/// Every option `--some-name` may also be given as `SPAWN_SOME_NAME` in the environment, and as
/// `some-name=…` in the file of `--config`; see [Defaults].
///
/// Source: `spawning/spawning_controller.py`, `main`.
@Command(
    name = "spawn",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Serves an application on several processes, and keeps them alive.",
    footer = {
      "",
      "APP is a class (com.example.App), a member of one (com.example.App::field), a .java file or"
          + " a folder of them. What follows it wraps it, the first one innermost.",
      "Every option may stand in the environment (SPAWN_MAX_AGE) or in the file of --config"
          + " (max-age=...); the command line comes first, then the environment, then the file.",
      "Signals to the controller: HUP replaces all children, USR1 adds one, USR2 replaces the"
          + " controller, TERM and INT drain and end.",
      "Exit status: 0 after a drain, 1 if it cannot start, 2 for a mistake on the command line."
    })
final class Options {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "APP", description = "The application, and middleware.")
  List<String> names = new ArrayList<>();

  @Option(
      names = {"-f", "--factory"},
      paramLabel = "CLASS",
      description = "A Factory that makes the application from the names.")
  @Nullable String factory;

  @Option(
      names = {"-i", "--host"},
      paramLabel = "ADDRESS",
      description = "To listen on: a host, host:port or unix:PATH; repeat it for several.")
  List<String> hosts = new ArrayList<>();

  @Option(
      names = {"-p", "--port"},
      defaultValue = "8080",
      description = "Port of the hosts without one; 0 for any (${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = {"-s", "--processes"},
      defaultValue = "4",
      description = "Children (${DEFAULT-VALUE}).")
  int processes;

  @Option(names = "--hubs", defaultValue = "1", description = "Hubs of a child (${DEFAULT-VALUE}).")
  int hubs;

  @Option(
      names = {"-t", "--threads"},
      defaultValue = "0",
      description = "Run the application in so many threads of a pool; 0: in green threads.")
  int threads;

  @Option(
      names = {"-cp", "--class-path"},
      paramLabel = "PATH",
      description = "Jars and folders of the application.")
  @Nullable String classPath;

  @Option(
      names = {"-r", "--reload"},
      description = "Replace the children when the class path or the sources change.")
  boolean reload;

  @Option(
      names = {"-w", "--watch"},
      paramLabel = "FILE",
      description = "Replace the children when this changes as well; may be repeated.")
  List<Path> watch = new ArrayList<>();

  @Option(
      names = {"-a", "--max-age"},
      paramLabel = "TIME",
      description = "Replace a child after so long (90s, 15m, 12h), not all at once.")
  @Nullable Duration maxAge;

  @Option(
      names = {"-m", "--max-memory"},
      paramLabel = "SIZE",
      description = "Replace the largest child when all together hold more (512M, 2G).")
  @Nullable Size maxMemory;

  @Option(
      names = "--max-child-memory",
      paramLabel = "SIZE",
      description = "Replace a child that holds more.")
  @Nullable Size maxChildMemory;

  @Option(
      names = "--max-requests",
      defaultValue = "0",
      description = "Replace a child after so many; 0: never.")
  long maxRequests;

  @Option(
      names = {"--deadman", "--deadman-timeout"},
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "A child that has not drained after so long is killed (${DEFAULT-VALUE}).")
  Duration deadman = Duration.ofSeconds(10);

  @Option(
      names = "--start-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "A child that does not serve after so long is killed (${DEFAULT-VALUE}).")
  Duration startTimeout = Duration.ofSeconds(60);

  @Option(
      names = "--health-path",
      paramLabel = "PATH",
      description = "A child serves once the application answers this with a status below 400.")
  String healthPath = "";

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM: speak TLS, with this chain; read anew by new children.")
  @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM: the private key; the file of --certificate if not given.")
  @Nullable Path key;

  @Option(names = "--no-keepalive", description = "One request a connection.")
  boolean noKeepAlive;

  @Option(
      names = {"-l", "--access-log-file"},
      paramLabel = "FILE",
      description =
          "Where requests are logged: - for standard output, the default; /dev/null for nowhere.")
  String accessLog = "-";

  @Option(
      names = "--access-log-size",
      paramLabel = "SIZE",
      description = "Rename the access log to FILE.1 when it is larger, and begin anew.")
  @Nullable Size accessLogSize;

  @Option(
      names = "--status-port",
      defaultValue = "-1",
      description =
          "Serve /status, /status.json, /metrics, /live and /ready there; 0 for any port.")
  int statusPort;

  @Option(names = "--status-host", defaultValue = "127.0.0.1", description = "(${DEFAULT-VALUE})")
  String statusHost = "127.0.0.1";

  @Option(
      names = "--java-option",
      paramLabel = "OPTION",
      description = "For the children's JVM, such as -Xmx1g; may be repeated.")
  List<String> javaOptions = new ArrayList<>();

  @Option(
      names = {"-d", "--daemonize"},
      description = "Leave the terminal; returns when the first child serves.")
  boolean daemonize;

  @Option(
      names = {"-u", "--chuid"},
      paramLabel = "USER[:GROUP]",
      description = "Who to be once the sockets are bound.")
  @Nullable String user;

  @Option(names = "--pidfile", paramLabel = "FILE", description = "Holds the controller's pid.")
  @Nullable Path pidFile;

  @Option(
      names = "--stdout",
      paramLabel = "FILE",
      defaultValue = "/dev/null",
      description = "With --daemonize: where standard output goes (${DEFAULT-VALUE}).")
  Path stdout = Path.of("/dev/null");

  @Option(
      names = "--stderr",
      paramLabel = "FILE",
      defaultValue = "/dev/null",
      description = "With --daemonize: where errors go (${DEFAULT-VALUE}).")
  Path stderr = Path.of("/dev/null");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Options as name=value, one a line (Java's properties).")
  @Nullable Path config;

  /// Refuses what cannot be.
  ///
  /// @throws ParameterException naming the option and its value
  /// @param succeeds whether a former controller dropped its privileges already
  void check(boolean succeeds) {
    atLeast("--processes", processes, 1);
    atLeast("--hubs", hubs, 1);
    atLeast("--threads", threads, 0);
    atLeast("--max-requests", maxRequests, 0);
    within("--port", port, 0);
    within("--status-port", statusPort, -1);
    if (deadman.isNegative()) {
      throw mistake("--deadman must not be negative: " + deadman);
    }
    if (maxAge != null && !maxAge.isPositive()) {
      throw mistake("--max-age must be positive: " + maxAge);
    }
    if (key != null && certificate == null) {
      throw mistake("--key needs a --certificate beside it");
    }
    if (!healthPath.isEmpty() && !healthPath.startsWith("/")) {
      throw mistake("--health-path must begin with /: " + healthPath);
    }
    if (user != null && !succeeds && !System.getProperty("user.name").equals("root")) {
      throw mistake("--chuid is for root alone, and this is " + System.getProperty("user.name"));
    }
    if (statusPort > 0 && statusPort == port) {
      throw mistake("--status-port and --port are the same: " + port);
    }
  }

  private void atLeast(String option, long value, int least) {
    if (value < least) {
      throw mistake("%s must be at least %d: %d".formatted(option, least, value));
    }
  }

  private void within(String option, int value, int least) {
    if (value < least || value > 65_535) {
      throw mistake("%s must be from %d to 65535: %d".formatted(option, least, value));
    }
  }

  ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
