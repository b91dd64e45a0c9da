package net.eventlet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The programs in other languages, built.
///
/// @param sources `bench/peers`
/// @param binaries where the built ones are
/// @param missing why those of a language cannot run, by language
record Peers(Path sources, Path binaries, Map<Language, String> missing) {

  /// Debian's, which has the packages, whatever else is called python3.
  static final String PYTHON = "/usr/bin/python3";

  private static final int BUILD_SECONDS_MAX = 300;

  /// What a peer is written in, or for.
  enum Language {
    C,
    GO,
    EVENTLET,
    GEVENT,
    GUNICORN
  }

  /// Builds what can be built here.
  ///
  /// @param bench the module's folder
  /// @return what there is
  /// @throws IOException if the folder for programs cannot be made
  static Peers build(Path bench) throws IOException {
    var sources = bench.resolve("peers");
    var binaries = Files.createDirectories(bench.resolve("target/peers")).toAbsolutePath();
    var missing = new HashMap<Language, String>();
    for (var program : List.of("echo", "http", "wake", "roundtrip", "children", "load")) {
      run(sources.resolve("c"), gcc(program, binaries))
          .ifPresent(trouble -> missing.put(Language.C, trouble + because("C", "gcc libc6-dev")));
    }
    for (var program : List.of("echo", "http", "micro", "pages", "crawler")) {
      var binary = binaries.resolve("go-" + program).toString();
      run(
              sources.resolve("go"),
              List.of("go", "build", "-buildvcs=false", "-o", binary, "./" + program))
          .ifPresent(trouble -> missing.put(Language.GO, trouble + because("Go", "golang-go")));
    }
    var packages =
        Map.of(
            Language.EVENTLET,
            "eventlet",
            Language.GEVENT,
            "gevent",
            Language.GUNICORN,
            "gunicorn");
    packages.forEach((language, name) ->
        run(bench, List.of(PYTHON, "-c", "import " + name))
            .ifPresent(
                trouble -> missing.put(language, trouble + because(name, "python3-" + name))));
    return new Peers(sources.toAbsolutePath(), binaries, missing);
  }

  /// {@return why peers of a language cannot run here; empty if they can}
  ///
  /// @param language that they are written in, or for
  Optional<String> obstacle(Language language) {
    return Optional.ofNullable(missing.get(language));
  }

  /// {@return a program that was built}
  ///
  /// @param name of the file
  String binary(String name) {
    return binaries.resolve(name).toString();
  }

  /// {@return the command that runs a Python program}
  ///
  /// @param name of the file
  List<String> python(String name) {
    return List.of(PYTHON, "-B", sources.resolve("python").resolve(name).toString());
  }

  /// {@return a program for the shell}
  ///
  /// @param name of the file
  String shell(String name) {
    return sources.resolve("shell").resolve(name).toString();
  }

  private static List<String> gcc(String program, Path binaries) {
    return List.of(
        "gcc", "-O2", "-pthread", "-o", binaries.resolve(program).toString(), program + ".c");
  }

  private static String because(String language, String packages) {
    return ". The rows of %s are left out; on Debian: apt-get install %s"
        .formatted(language, packages);
  }

  /// Runs a command to its end. Returns why it failed.
  private static Optional<String> run(Path folder, List<String> command) {
    try {
      var process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .start();
      var lines = new ArrayList<String>();
      try (var reader = process.inputReader()) {
        reader.lines().forEach(lines::add);
      }
      if (!process.waitFor(BUILD_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.of(command.getFirst() + " did not end");
      }
      return process.exitValue() == 0
          ? Optional.empty()
          : Optional.of(
              "%s failed: %s"
                  .formatted(
                      String.join(" ", command), lines.isEmpty() ? "silently" : lines.getLast()));
    } catch (IOException e) {
      return Optional.of(command.getFirst() + " is not installed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }
}
