package net.eventlet.wsgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static net.eventlet.wsgi.Raw.CLOSING;
import static net.eventlet.wsgi.Raw.GET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server whose process has few descriptors.
@Timeout(60)
class DescriptorsTest {

  private static final int FEW = 160;
  private static final int CLIENTS = 250;

  @Test
  void clientsBeyondThemAreToldSoAndItServesOn() throws Exception {
    var process = start();
    try {
      var port = Integer.parseInt(process.inputReader().readLine());
      var clients = new ArrayList<Socket>();
      for (var i = 0; i < CLIENTS; i++) {
        clients.add(new Socket("127.0.0.1", port));
      }
      var served = 0;
      var turnedAway = 0;
      for (var client : clients) {
        var status = ask(client);
        served += status == 200 ? 1 : 0;
        turnedAway += status == 503 ? 1 : 0;
      }

      assertTrue(served > 50, served + " were served");
      assertEquals(CLIENTS, served + turnedAway);

      for (var client : clients) {
        client.close();
      }
      try (var late = new Socket("127.0.0.1", port)) {
        Raw.send(late, CLOSING);
        assertArrayEquals(new int[] {200}, Raw.statuses(Raw.readAll(late)));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static int ask(Socket client) throws IOException {
    client.setSoTimeout(20_000);
    try {
      Raw.send(client, GET);
    } catch (IOException closed) {
      // it has been told already
    }
    return Integer.parseInt(
        new String(client.getInputStream().readNBytes(12), ISO_8859_1).substring(9));
  }

  private static Process start() throws IOException {
    var flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--"))
            .toList();
    var command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + FEW + "; exec \"$@\"", "sh"));
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FewDescriptors.class.getName());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
