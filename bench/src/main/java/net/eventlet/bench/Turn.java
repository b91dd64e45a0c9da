package net.eventlet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Contenders' turns in a row: starts a program, waits for its figures, ends it.
final class Turn {

  private static final Duration MICRO_MAX = Duration.ofMinutes(6);
  private static final int REQUESTS = 20_000; // of a client, at a time
  private static final Duration RESTING = Duration.ofSeconds(12); // until memory is looked at
  private static final int SLACK_SECONDS = 90; // to start, to connect, to drain

  private final Peers peers;
  private final Options options;
  private final Path errors;
  private final Map<List<String>, List<String>> printed = new HashMap<>(); // in this round
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  /// Prepares for turns.
  ///
  /// @param peers where the load comes from
  /// @param options where and how long
  /// @param errors the file that the programs' standard error goes to
  Turn(Peers peers, Options options, Path errors) {
    this.peers = peers;
    this.options = options;
    this.errors = errors;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(Process::destroy)));
  }

  /// A turn that yields no figures, with the reason as its message.
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    private Failure(String message) {
      super(message);
    }
  }

  /// Begins a round. Until the next one, two contenders that are lines of one program share its
  /// run.
  void beginRound() {
    printed.clear();
  }

  /// Runs a contender once.
  ///
  /// @param contender that can run here
  /// @param seconds of counting, if it is a server
  /// @return its figures, by name
  /// @throws Failure if it printed none
  /// @throws IOException if a program cannot be started
  /// @throws InterruptedException if interrupted; no program is left running
  Map<String, Double> run(Contender contender, Duration seconds)
      throws Failure, IOException, InterruptedException {
    Files.deleteIfExists(errors);
    return switch (contender) {
      case Contender.Micro micro -> {
        var command = pinned(micro.cpus(), micro.command());
        var lines = printed.get(command);
        if (lines == null) {
          lines = finish(command, MICRO_MAX);
          printed.put(command, lines);
        }
        yield figures(lines, micro.line());
      }
      case Contender.Client client -> ask(client);
      case Contender.Server server -> serve(server, Optional.empty(), seconds);
      case Contender.Signalled signalled ->
          serve(signalled.server(), Optional.of(signalled.signal()), seconds);
      case Contender.Resting resting -> rest(resting);
    };
  }

  private Map<String, Double> ask(Contender.Client client)
      throws Failure, IOException, InterruptedException {
    var server = new ArrayList<>(client.server());
    server.add(Long.toString(MICRO_MAX.toSeconds()));
    var process = start(pinned(List.of(options.loadCpu()), server), ProcessBuilder.Redirect.PIPE);
    try (var output = process.inputReader()) {
      var command = new ArrayList<>(client.command());
      command.add(port(output, server));
      command.add(Integer.toString(REQUESTS));
      return figures(finish(pinned(List.of(options.cpu()), command), MICRO_MAX), client.line());
    } finally {
      end(process);
    }
  }

  private String port(BufferedReader output, List<String> command) throws Failure, IOException {
    var port = output.readLine(); // the server ends of itself, so this does
    if (port == null || !port.matches("[0-9]+")) {
      throw failure(command, "printed no port");
    }
    return port;
  }

  private Map<String, Double> serve(
      Contender.Server server, Optional<Contender.Signal> signal, Duration counting)
      throws Failure, IOException, InterruptedException {
    var warmup = server.warms() ? options.warmup() : Duration.ofSeconds(1);
    var lifetime = warmup.plus(counting).plusSeconds(SLACK_SECONDS);
    var command = new ArrayList<>(server.command());
    command.add(Long.toString(lifetime.toSeconds()));
    var process = start(pinned(server.cpus(), command), ProcessBuilder.Redirect.PIPE);
    try (var output = process.inputReader()) {
      var load = new ArrayList<>(List.of(peers.binary("load"), "--port", port(output, command)));
      load.addAll(List.of("--warmup", seconds(warmup), "--seconds", seconds(counting)));
      load.addAll(server.load());
      if (signal.isEmpty()) { // otherwise processes end, of which the figures would be
        load.addAll(List.of("--pid", String.join(",", pids(process))));
        return figures(finish(pinned(List.of(options.loadCpu()), load), lifetime), "load");
      }
      var signals = new Signals(process, signal.get(), warmup.plusSeconds(1), counting);
      try {
        return figures(finish(pinned(List.of(options.loadCpu()), load), lifetime), "load");
      } finally {
        signals.end();
      }
    } finally {
      end(process);
    }
  }

  /// A process and its children, of which a server may have some.
  private static List<String> pids(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants())
        .map(handle -> Long.toString(handle.pid()))
        .toList();
  }

  /// Memory of a process with and without connections that rest, each after a collection.
  ///
  /// It is warmed first, so that code is compiled and the young generation's pages are in use
  /// before.
  private Map<String, Double> rest(Contender.Resting resting)
      throws Failure, IOException, InterruptedException {
    var server = resting.server();
    var command = new ArrayList<>(server.command());
    command.add(Long.toString(options.warmup().plus(RESTING).toSeconds() + 2 * SLACK_SECONDS));
    var process = start(pinned(List.of(options.cpu()), command), ProcessBuilder.Redirect.PIPE);
    try (var output = process.inputReader()) {
      var port = port(output, command);
      var load = new ArrayList<>(List.of(peers.binary("load"), "--port", port));
      load.addAll(List.of("--seconds", seconds(options.warmup().plusSeconds(1))));
      load.addAll(server.load());
      finish(pinned(List.of(options.loadCpu()), load), MICRO_MAX);
      var before = collected(process, server.warms());
      var interval = RESTING.toSeconds() / 2; // each asks twice and then rests
      var crowd =
          List.of(
              peers.binary("load"),
              "--port",
              port,
              "--mode",
              server.load().get(server.load().indexOf("--mode") + 1),
              "--connections",
              Integer.toString(resting.connections()),
              "--rate",
              Double.toString(1.0 / interval),
              "--warmup",
              "0",
              "--seconds",
              seconds(RESTING.plusSeconds(SLACK_SECONDS)));
      var many =
          start(
              pinned(List.of(options.loadCpu()), crowd),
              ProcessBuilder.Redirect.to(Path.of("/dev/null").toFile()));
      try {
        if (many.waitFor(RESTING.toSeconds(), TimeUnit.SECONDS)) {
          throw failure(command, "could not hold " + resting.connections() + " connections");
        }
        var bytes = (collected(process, server.warms()) - before) / resting.connections();
        return Map.of("bytes", bytes);
      } finally {
        end(many);
      }
    } finally {
      end(process);
    }
  }

  /// Resident bytes of a process, and its children, after a collection if it is a JVM.
  private static double collected(Process process, boolean jvm)
      throws IOException, InterruptedException {
    if (jvm) {
      var jcmd = System.getProperty("java.home") + "/bin/jcmd";
      for (var i = 0; i < 2; i++) {
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      }
    }
    var sum = 0.0;
    for (var pid : pids(process)) {
      sum += Machine.residentBytes(pid);
    }
    return sum;
  }

  /// Runs a program to its end. Returns what it printed.
  private List<String> finish(List<String> command, Duration limit)
      throws Failure, IOException, InterruptedException {
    var file = Files.createTempFile("bench", ".out");
    var process = start(command, ProcessBuilder.Redirect.to(file.toFile()));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure(command, "did not end within " + limit.toSeconds() + " s");
      }
      var lines = Files.readAllLines(file);
      if (lines.stream().noneMatch(line -> Json.row(line).isPresent())) {
        throw failure(command, "ended with status " + process.exitValue() + " and no figures");
      }
      return lines;
    } finally {
      end(process);
      Files.delete(file);
    }
  }

  private Process start(List<String> command, ProcessBuilder.Redirect output) throws IOException {
    var process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    running.add(process);
    return process;
  }

  private void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    running.remove(process);
  }

  private static Map<String, Double> figures(List<String> lines, String row) throws Failure {
    return lines.stream()
        .filter(line -> Json.row(line).filter(row::equals).isPresent())
        .findFirst()
        .map(Json::figures)
        .orElseThrow(() -> new Failure("it printed no figures for " + row));
  }

  private Failure failure(List<String> command, String what) throws IOException {
    var program =
        command.stream()
            .filter(word -> word.startsWith(Turn.class.getPackageName()))
            .findFirst()
            .orElseGet(() -> command.get(3)); // after taskset, -c and the CPUs
    var complaints = Files.exists(errors) ? Files.readAllLines(errors) : List.<String>of();
    return new Failure(
        "%s %s%s"
            .formatted(
                program,
                what,
                complaints.stream()
                    .filter(line -> !line.isBlank())
                    .limit(2)
                    .map(line -> ": " + line.strip())
                    .collect(Collectors.joining())));
  }

  private static List<String> pinned(List<Integer> cpus, List<String> command) {
    var list = cpus.stream().distinct().map(Object::toString).collect(Collectors.joining(","));
    var pinned = new ArrayList<>(Arrays.asList("taskset", "-c", list));
    pinned.addAll(command);
    return pinned;
  }

  private static String seconds(Duration duration) {
    return Double.toString(duration.toMillis() / 1000.0);
  }
}
