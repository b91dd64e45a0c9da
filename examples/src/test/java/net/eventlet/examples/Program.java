package net.eventlet.examples;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// An example in a process of its own, started as `bin/eventlet run` starts it.
final class Program implements AutoCloseable {

  private static final int PATIENCE_SECONDS =
      60; // then it is stuck, and ended, so that the test fails

  private final Process process;
  private final BufferedReader output;

  private Program(Process process) {
    this.process = process;
    output = process.inputReader();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, SECONDS).execute(this::close);
  }

  /// {@return an example that runs}
  ///
  /// @param example the class with its `main`
  /// @param arguments of that
  static Program start(Class<?> example, String... arguments) throws IOException {
    return new Program(builder(example, arguments).start());
  }

  private static ProcessBuilder builder(Class<?> example, String... arguments) {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(System.getProperty("eventlet.flags").strip().split("\\s+")));
    command.add("-XX:TieredStopAtLevel=1"); // it does not run for long
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("net.eventlet.launch.Main", "run", example.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /// {@return what an example prints from its beginning to its end}
  ///
  /// @param example the class with its `main`
  /// @param arguments of that
  static List<String> output(Class<?> example, String... arguments) throws IOException {
    try (var program = start(example, arguments)) {
      return program.output.lines().toList();
    }
  }

  /// {@return what an example prints from its beginning to its end}
  ///
  /// @param input its standard input
  /// @param example the class with its `main`
  /// @param arguments of that
  static List<String> outputOf(Path input, Class<?> example, String... arguments)
      throws IOException {
    var builder = builder(example, arguments).redirectInput(input.toFile());
    try (var program = new Program(builder.start())) {
      return program.output.lines().toList();
    }
  }

  /// {@return the next line that it prints}
  String readLine() throws IOException {
    return String.valueOf(output.readLine());
  }

  /// {@return the port that it listens on, which is what a server's first line says}
  int port() throws IOException {
    var line = readLine();
    if (!line.startsWith("listening on port ")) {
      throw new AssertionError("not what a server says first: " + line);
    }
    return Integer.parseInt(line.substring("listening on port ".length()));
  }

  /// Ends it, if it still runs.
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
