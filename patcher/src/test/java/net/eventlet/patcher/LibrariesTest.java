package net.eventlet.patcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stranger.libraries.AtOnce;
import stranger.libraries.Operation;
import stranger.libraries.PatchedLibraries;
import stranger.servers.Servers;

/// Real libraries, unchanged: two hundred operations of each at once on one hub, against real
/// servers that wait 100 ms before they answer.
///
/// That they were all under way at one time shows that none of them held up the hub: one that did
/// would be alone. One after the other, they would take 20 s.
class LibrariesTest {

  private static final int COUNT = 200;
  private static final int NEARLY_ALL = 190; // the first may have its answer before the last asks
  private static final int LIMIT_MILLIS = 2000; // a tenth of what they take one after the other
  private static final int FEW = 50; // a quarter of them: twenty look names up, and pools keep some

  private static final Map<String, Integer> PORTS = new HashMap<>();

  private static final Map<String, String> SERVERS = // by the library that uses it
      Map.of(
          "Rome", "http",
          "HttpClient", "http",
          "OkHttp", "http",
          "OkHttpCallback", "http",
          "Quartz", "http",
          "Jedis", "redis",
          "Ftp", "ftp",
          "Mail", "smtp",
          "Ssh", "ssh",
          "Git", "git");

  @TempDir private static Path folder;

  private static Process servers;

  @BeforeAll
  static void startServers() throws IOException {
    servers =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Servers.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    readPorts(servers.inputReader());
  }

  private static void readPorts(BufferedReader printed) throws IOException {
    for (var line = printed.readLine(); !"ready".equals(line); line = printed.readLine()) {
      assertTrue(line != null, "the servers ended before they were ready");
      var words = line.split(" ");
      PORTS.put(words[0], Integer.valueOf(words[1]));
    }
  }

  @AfterAll
  static void stopServers() throws Exception {
    servers.getOutputStream().close();
    servers.waitFor();
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Rome,http,number ",
        "HttpClient,http,number ",
        "OkHttp,http,number ",
        "Jedis,redis,value ",
        "Ftp,ftp,hello",
        "Mail,smtp,sent",
        "Ssh,ssh,''",
        "Git,git,The first commit"
      })
  void aLibraryThatBlocksItsCallerCooperatesAsItIs(String name, String server, String answer)
      throws Exception {
    var outcome = AtOnce.run(operation(name), PORTS.get(server), COUNT);

    assertAnswers(answer, outcome.answers());
    assertTrue(outcome.mostAtOnce() >= NEARLY_ALL, outcome::toString);
    assertTrue(outcome.newThreads() < FEW, outcome::toString);
  }

  /// As it is, each needs a platform thread for each operation.
  @ParameterizedTest
  @CsvSource({"OkHttpCallback, okhttp3, okio", "Quartz, org.quartz, org.quartz"})
  void aLibraryWithThreadsOfItsOwnCooperatesOnceItIsImportedPatched(
      String name, String itsPackage, String another) throws Exception {
    var operation = "stranger.libraries." + name + "Operation";
    var library = Patcher.importPatched(itsPackage, another, operation, "stranger.libraries.Feed");

    var outcome =
        library.call(
            () -> AtOnce.run(library.create(Operation.class, operation), PORTS.get("http"), COUNT));

    assertAnswers("number ", outcome.answers());
    assertTrue(outcome.mostAtOnce() >= NEARLY_ALL, outcome::toString);
    assertTrue(outcome.newThreads() < FEW, outcome::toString);
  }

  /// In a JVM of its own, since it cannot be taken back.
  @Test
  void inAProgramThatIsPatchedAsAWholeTheyAllCooperateInLessThanTwoSeconds() throws Exception {
    var arguments = new ArrayList<String>(List.of(Integer.toString(COUNT)));
    SERVERS.forEach((name, server) -> arguments.add(name + ":" + PORTS.get(server)));

    var printed =
        new ChildJvm(folder, List.of("-javaagent:" + AgentJar.in(folder)))
            .run(PatchedLibraries.class, arguments.toArray(String[]::new));

    assertEquals(SERVERS.size(), printed.out().size(), printed::toString);
    for (var line : printed.out()) {
      var words = line.split(" ", 5);
      assertTrue(Integer.parseInt(words[1]) >= NEARLY_ALL, line);
      assertTrue(Integer.parseInt(words[2]) < FEW, line);
      assertTrue(Integer.parseInt(words[3]) < LIMIT_MILLIS, line);
      assertEquals(COUNT, words[4].split("\\|", -1).length, line);
    }
  }

  private static Operation operation(String name) throws ReflectiveOperationException {
    return (Operation)
        Class.forName("stranger.libraries." + name + "Operation").getConstructor().newInstance();
  }

  private static void assertAnswers(String answer, List<String> answers) {
    var numbered = answer == null || answer.isEmpty() || answer.endsWith(" ");
    var expected =
        IntStream.range(0, COUNT).mapToObj(number -> numbered ? answer + number : answer).toList();
    assertEquals(expected, answers);
  }
}
