package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The real command, started, and all that it printed.
final class Spawned implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private boolean ended;

  private Spawned(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    Thread.ofPlatform().daemon().start(this::read);
  }

  /// Starts `spawn`, which listens on a port that the system picks, unless told otherwise.
  static Spawned start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  static Spawned start(Map<String, String> environment, String... arguments) throws IOException {
    var builder = new ProcessBuilder(command(arguments));
    builder.environment().putAll(environment);
    builder.environment().put("_JAVA_SR_SIGNUM", "40");
    return new Spawned(builder);
  }

  /// {@return the command line of `spawn`, as `bin/spawn` has it}
  static List<String> command(String... arguments) {
    // whoever runs the tests may ignore the signal, and the JVM then leaves it so
    var command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=HUP"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.add("-Deventlet.flags=" + String.join(" ", flags()));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Spawn.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> flags() {
    return List.of(System.getProperty("eventlet.flags").strip().split("\\s+"));
  }

  private void read() {
    try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException gone) {
      // it has ended
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  long pid() {
    return process.pid();
  }

  /// Waits for a line that it prints, or has printed.
  String await(String part) {
    return await(part, 1).getLast();
  }

  /// Waits for so many lines that contain a text.
  List<String> await(String part, int count) {
    return await(part, line -> line.contains(part), count);
  }

  private List<String> await(String what, Predicate<String> which, int count) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      while (true) {
        var found = lines.stream().filter(which).toList();
        if (found.size() >= count) {
          return found;
        }
        var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || left <= 0) {
          throw new AssertionError(
              "not %d times '%s' in:%n%s".formatted(count, what, String.join("\n", lines)));
        }
        try {
          lines.wait(left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /// Waits until `count` children serve, all in all since it began.
  void awaitServing(int count) {
    await("serves", count);
  }

  /// Waits until there are so many children, whether they serve or not.
  void awaitChildren(int count) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (children().size() != count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not %d children: %s%n%s".formatted(count, children(), output()));
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  int count(String part) {
    synchronized (lines) {
      return (int) lines.stream().filter(line -> line.contains(part)).count();
    }
  }

  String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /// {@return the port that it serves on}
  int port() {
    return portOf(await("wsgi starting up on "));
  }

  int statusPort() {
    return portOf(await("status on "));
  }

  private static int portOf(String line) {
    return Integer.parseInt(line.replaceFirst(".*:(\\d+)/?.*$", "$1"));
  }

  /// {@return the body of an answer}
  String get(int port, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  /// {@return a figure of each child, by its number, as the status port has it}
  Map<Long, Long> figures(String name) throws Exception {
    var pattern = Pattern.compile("\"pid\": (\\d+).*\"%s\": (\\d+)".formatted(name));
    var result = new HashMap<Long, Long>();
    for (var line : get(statusPort(), "/status.json").lines().toList()) {
      var match = pattern.matcher(line);
      if (match.find()) {
        result.put(Long.parseLong(match.group(1)), Long.parseLong(match.group(2)));
      }
    }
    return result;
  }

  int status(int port, String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  /// {@return the numbers of the children that are there}
  List<Long> children() {
    return process.children().map(ProcessHandle::pid).sorted().toList();
  }

  void signal(String name) throws Exception {
    kill(name, pid());
  }

  static void kill(String name, long pid) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
  }

  /// Waits for its end.
  int awaitEnd() throws Exception {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end:\n" + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    client.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
