package net.eventlet.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FanOutTest {

  @TempDir private Path folder;

  @Test
  void aHundredAnswersComeInTheOrderOfTheNames() throws IOException {
    answersComeInOrder(100);
  }

  @Tag("soak")
  @Test
  void nineThousandAnswersComeInTheOrderOfTheNames() throws IOException {
    answersComeInOrder(9000);
  }

  @Test
  void whatFailsIsSaidInItsPlace() throws IOException {
    var script = "echo up; test $0 != b || { echo no route >&2; exit 3; }";

    var printed = fanOut(List.of("a", "b", "c"), "sh", "-c", script, "HOST");

    assertEquals(List.of("a: up", "b: up", "no route (exit status 3)", "c: up"), printed);
  }

  @Test
  void aCommandThatIsNotThereIsSaid() throws IOException {
    var printed = fanOut(List.of("a"), "/no/such/command", "HOST");

    assertEquals(1, printed.size());
    assertTrue(
        printed.getFirst().startsWith("a: Cannot run program \"/no/such/command\""),
        printed::toString);
  }

  private void answersComeInOrder(int count) throws IOException {
    var hosts = IntStream.range(0, count).mapToObj(i -> "host" + i).toList();

    var printed = fanOut(hosts, "echo", "HOST", "is", "up");

    assertEquals(hosts.stream().map(host -> host + ": " + host + " is up").toList(), printed);
  }

  private List<String> fanOut(List<String> hosts, String... command) throws IOException {
    var input = Files.write(folder.resolve("hosts"), hosts);
    return Program.outputOf(input, FanOut.class, command);
  }
}
