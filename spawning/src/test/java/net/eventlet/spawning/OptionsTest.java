package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the command line, the environment and the configuration file say, and what is refused.
class OptionsTest {

  @TempDir private Path folder;

  /// A mistake, and what is said of it.
  static Stream<List<String>> mistakes() {
    return Stream.of(
        List.of("Missing required parameter", "--port=80"),
        List.of("--processes must be at least 1: 0", "--processes=0", "app"),
        List.of("--hubs must be at least 1: 0", "--hubs=0", "app"),
        List.of("--threads must be at least 0: -1", "--threads=-1", "app"),
        List.of("--port must be from 0 to 65535: 70000", "--port=70000", "app"),
        List.of("'soon' is not a time", "--max-age=soon", "app"),
        List.of("--max-age must be positive", "--max-age=0s", "app"),
        List.of("'much' is not a size", "--max-memory=much", "app"),
        List.of("--key needs a --certificate", "--key=key.pem", "app"),
        List.of("--health-path must begin with /: x", "--health-path=x", "app"),
        List.of("are the same: 8081", "--port=8081", "--status-port=8081", "app"),
        List.of("Unknown option: '--nonsense'", "--nonsense", "app"),
        List.of(
            "there is no file /nowhere/spawn.properties", "--config=/nowhere/spawn.properties"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedAndNothingStarts(List<String> mistake) {
    var result = run(Map.of(), mistake.subList(1, mistake.size()));

    assertEquals(2, result.status());
    assertTrue(result.errors().contains(mistake.getFirst()), result.errors());
  }

  @Test
  void aLogIsReported() throws Exception {
    var log = folder.resolve("access.log");
    Files.writeString(log, "x - - [x] \"GET /a HTTP/1.1\" 200 12 0.010000\n");

    var result = run(Map.of(), List.of("log-report", "--group-by=status", log.toString()));

    assertEquals(0, result.status(), result.errors());
    assertTrue(result.output().endsWith("10.00  200\n"), result.output());
  }

  @Test
  void aLogThatIsNotThereIsSaid() {
    var result = run(Map.of(), List.of("log-report", "/nowhere/access.log"));

    assertEquals(1, result.status());
    assertEquals(
        "spawn: cannot read /nowhere/access.log:"
            + " java.nio.file.NoSuchFileException: /nowhere/access.log\n",
        result.errors());
  }

  @Test
  void helpNamesEveryOption() {
    var result = run(Map.of(), List.of("--help"));

    assertEquals(0, result.status());
    assertTrue(result.output().contains("--max-requests"), result.output());
  }

  @Test
  void theCommandLineComesBeforeTheEnvironmentAndThatBeforeTheFile() throws Exception {
    var file = folder.resolve("spawn.properties");
    Files.writeString(file, "processes=70\nhubs=71\nport=70001\n");
    var environment = Map.of("SPAWN_HUBS", "0", "SPAWN_CONFIG", file.toString());

    var fromFile = run(environment, List.of("--hubs=1", "app"));
    var fromEnvironment = run(environment, List.of("app"));

    assertTrue(fromFile.errors().contains("--port must be from 0 to 65535: 70001"));
    assertTrue(fromEnvironment.errors().contains("--hubs must be at least 1: 0"));
  }

  @Test
  void aNameInTheFileThatNoOptionHasIsRefused() throws Exception {
    var file = folder.resolve("spawn.properties");
    Files.writeString(file, "proceses=2\n");

    var result = run(Map.of(), List.of("--config=" + file, "app"));

    assertEquals(2, result.status());
    assertTrue(result.errors().contains("no option is called proceses"), result.errors());
  }

  private record Result(int status, String output, String errors) {}

  private static Result run(Map<String, String> environment, List<String> arguments) {
    var output = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    var formerOutput = System.out;
    var formerErrors = System.err;
    System.setOut(new PrintStream(output, true));
    System.setErr(new PrintStream(errors, true));
    try {
      var status = Spawn.run(environment, new ArrayList<>(arguments).toArray(String[]::new));
      return new Result(status, output.toString(), errors.toString());
    } finally {
      System.setOut(formerOutput);
      System.setErr(formerErrors);
    }
  }
}
