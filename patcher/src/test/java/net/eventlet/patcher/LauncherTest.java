package net.eventlet.patcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs `bin/eventlet run --patched`, as a user would.
class LauncherTest {

  private static final String PROGRAM =
      """
      void main() throws InterruptedException {
        var thread = new Thread(() -> IO.println(Thread.currentThread().isVirtual()));
        thread.start();
        thread.join();
      }
      """;

  @TempDir private Path folder;

  @Test
  void aProgramInSourceFormRunsPatched() throws Exception {
    assertEquals("true\n", run("--patched"));
  }

  @Test
  void withoutTheOptionItIsAsItWas() throws Exception {
    assertEquals("false\n", run());
  }

  private String run(String... options) throws IOException, InterruptedException {
    var program = Files.writeString(folder.resolve("Starts.java"), PROGRAM);
    var command = new ArrayList<String>();
    command.add("../bin/eventlet");
    command.add("run");
    command.addAll(List.of(options));
    command.add(program.toString());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put("EVENTLET_CLASSES", System.getProperty("java.class.path") + ":" + AgentJar.in(folder));
    builder.environment().put("EVENTLET_JAVA_OPTS", "");
    var process = builder.start();
    var printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return printed;
  }
}
