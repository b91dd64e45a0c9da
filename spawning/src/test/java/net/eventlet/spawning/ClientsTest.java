package net.eventlet.spawning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that others wrote see nothing of a replacement.
@Timeout(120)
class ClientsTest {

  private static final String ECHO = "net.eventlet.spawning.TestApplications$Echo";

  @Test
  void wrkLosesNothing() throws Exception {
    var output = loadWhileChildrenAreReplaced("wrk", "wrk", "-t1", "-c8", "-d5s");

    assertTrue(output.contains(" requests in "), output);
    assertFalse(output.contains("Socket errors") || output.contains("Non-2xx"), output);
  }

  @Test
  void h2loadLosesNothing() throws Exception {
    var output = loadWhileChildrenAreReplaced("nghttp2-client", "h2load", "--h1", "-c8", "-D5");

    assertTrue(output.contains(" 0 failed, 0 errored, 0 timeout"), output);
  }

  /// Runs a client, and has all children replaced meanwhile. Returns what the client says.
  private static String loadWhileChildrenAreReplaced(String debian, String... command)
      throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", command[0])),
        command[0] + " is missing: apt-get install " + debian);
    try (var spawned =
        Spawned.start(
            "--port=0", "--host=127.0.0.1", "--processes=2", "--access-log-file=/dev/null", ECHO)) {
      spawned.awaitServing(2);
      var words = new java.util.ArrayList<>(java.util.List.of(command));
      words.add("http://127.0.0.1:" + spawned.port() + "/");
      var client = new ProcessBuilder(words).redirectErrorStream(true).start();
      try {
        spawned.signal("HUP");
        spawned.await("has ended", 2);
        assertTrue(client.isAlive(), "it ended before all was replaced");
        var output = new String(client.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, client.waitFor(), output);
        return output;
      } finally {
        client.destroyForcibly();
      }
    }
  }
}
