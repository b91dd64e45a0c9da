package net.eventlet.spawning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real command: started, asked, signalled, killed.
@Timeout(180)
class SpawnTest {

  private static final String ECHO = "net.eventlet.spawning.TestApplications$Echo";

  @TempDir private Path folder;

  @Test
  void asManyProcessesAsWantedServeOnOneSocket() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);

      try (var checker = new Checker(spawned.port(), 8)) {
        checker.awaitMore(500);
        assertEquals(2, checker.processes());
        assertEquals(List.of(), checker.lost());
      }
      assertEquals(2, spawned.await("wsgi starting up on http://127.0.0.1:", 2).size());
      assertEquals(2, spawned.children().size());
    }
  }

  @Test
  void aTermDrainsAndEnds() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", ECHO)) {
      spawned.awaitServing(1);
      var port = spawned.port();
      var slow = new Thread[1];
      var answer = new String[1];
      slow[0] = Thread.ofVirtual().start(() -> answer[0] = get(spawned, port, "/slow?700"));
      spawned.get(port, "/echo"); // the other one has been accepted by then, most likely

      spawned.signal("TERM");

      assertEquals(0, spawned.awaitEnd());
      slow[0].join();
      assertTrue(answer[0].contains("/slow"), answer[0]);
    }
  }

  private static String get(Spawned spawned, int port, String path) {
    try {
      return spawned.get(port, path);
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  void aHupReplacesAllWithoutALostRequest() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);
      var before = spawned.children();
      try (var checker = new Checker(spawned.port(), 6)) {
        checker.awaitMore(200);

        spawned.signal("HUP");
        spawned.awaitServing(4);
        spawned.await("has ended", 2);
        checker.awaitMore(200);

        assertEquals(List.of(), checker.lost());
      }
      var after = spawned.children();
      assertEquals(2, after.size());
      assertTrue(after.stream().noneMatch(before::contains), before + " " + after);
    }
  }

  @Test
  void aChildThatIsKilledIsReplaced() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);

      Spawned.kill("KILL", spawned.children().getFirst());

      spawned.await("by signal 9");
      spawned.awaitServing(3);
      assertEquals(2, spawned.children().size());
      assertTrue(spawned.get(spawned.port(), "/echo").contains("/echo"));
    }
  }

  @Test
  void aKillLosesWhatThatChildHadInHandAndNothingElse() throws Exception {
    var gate = folder.resolve("gate");
    var requests = 20;
    try (var spawned =
            Spawned.start(
                "--port=0",
                "--host=127.0.0.1",
                "--processes=2",
                "--status-port=0",
                "--java-option=-Dgate=" + gate,
                ECHO);
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      spawned.awaitServing(2);
      var port = spawned.port();
      var answers = new ArrayList<Future<String>>();
      for (var i = 0; i < requests; i++) {
        answers.add(clients.submit(() -> askOnce(port, "/wait")));
      }
      var atWork = spawned.figures("requests_at_work");
      while (atWork.values().stream().mapToLong(Long::longValue).sum() < requests) {
        atWork = spawned.figures("requests_at_work");
      }
      var busiest = Collections.max(atWork.entrySet(), Map.Entry.comparingByValue());

      Spawned.kill("KILL", busiest.getKey());
      spawned.await("by signal 9");
      Files.createFile(gate);

      var lost = 0;
      for (var answer : answers) {
        if (answer.get().isEmpty()) {
          lost++;
        } else {
          assertTrue(answer.get().contains(" /wait"), answer.get());
        }
      }
      assertEquals(busiest.getValue().longValue(), lost);
    }
  }

  /// Asks on a connection of its own, and never again. Returns the whole answer; empty if none
  /// comes.
  private static String askOnce(int port, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.formatted(path).getBytes());
      return new String(socket.getInputStream().readAllBytes());
    } catch (SocketException reset) {
      return "";
    }
  }

  @Test
  void childrenOfAControllerThatIsKilledFinishAndEnd() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);
      var children =
          spawned.children().stream().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();

      spawned.signal("KILL");

      for (var child : children) {
        child.onExit().get();
        assertFalse(child.isAlive());
      }
    }
  }

  @Test
  void anApplicationThatCannotBeMadeEndsIt() throws Exception {
    try (var spawned = Spawned.start("--port=0", "net.eventlet.spawning.TestApplications$Broken")) {

      assertEquals(1, spawned.awaitEnd());
      assertTrue(spawned.output().contains("no database here"), spawned.output());
    }
  }

  @Test
  void aWrongNameListsWhatIsThere() throws Exception {
    try (var spawned =
        Spawned.start("--port=0", "net.eventlet.spawning.TestApplications::nothing")) {

      assertEquals(1, spawned.awaitEnd());
      assertTrue(
          spawned
              .output()
              .contains("it has: FIELD, TEXT, WHISPER, handler, made, shout, threadName"),
          spawned.output());
    }
  }

  @Test
  void aChildThatDiesAtOnceIsStartedAgainMoreAndMoreSlowly() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--health-path=/",
            "net.eventlet.spawning.TestApplications$Deadly")) {

      spawned.await("the next one starts in 125 ms");
      spawned.await("the next one starts in 250 ms");
      spawned.await("the next one starts in 500 ms");
      spawned.await("5 children in a row could not serve; the last one: ");

      spawned.signal("HUP");

      spawned.await(
          "the next one starts in 125 ms", 2); // it is tried at once, as if for the first time
    }
  }

  @Test
  void aPortInUseIsSaid() throws Exception {
    try (var first = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", ECHO)) {
      first.awaitServing(1);
      try (var second = Spawned.start("--host=127.0.0.1:" + first.port(), ECHO)) {

        assertEquals(1, second.awaitEnd());
        assertTrue(second.output().contains("cannot listen on"), second.output());
        assertTrue(second.output().contains(":" + first.port()), second.output());
      }
    }
  }

  @Test
  void sourcesAreReloadedAndWhatDoesNotCompileChangesNothing() throws Exception {
    var source = folder.resolve("Hello.java");
    Files.writeString(source, hello("one"));
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--status-port=0",
            "--reload",
            source.toString())) {
      spawned.awaitServing(1);
      assertEquals("one", spawned.get(spawned.port(), "/"));

      Files.writeString(source, hello("two"));
      spawned.awaitServing(2);
      spawned.await("has ended");
      assertEquals("two", spawned.get(spawned.port(), "/"));

      Files.writeString(source, "class Hello {");
      spawned.await("does not compile");
      assertEquals("two", spawned.get(spawned.port(), "/"));
      assertTrue(spawned.get(spawned.statusPort(), "/status.json").contains("does not compile"));
    }
  }

  private static String hello(String text) {
    return """
    import net.eventlet.wsgi.*;

    public class Hello implements Application {
      public Response handle(Request request) {
        return Response.text("%s");
      }
    }
    """
        .formatted(text);
  }

  @Test
  void aNewControllerTakesTheOldOnesPlaceWithTheSameNumberAndSocket() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", ECHO)) {
      spawned.awaitServing(2);
      var before = spawned.children();
      try (var checker = new Checker(spawned.port(), 4)) {
        checker.awaitMore(100);

        spawned.signal("USR2");
        spawned.awaitServing(4);
        spawned.await("has ended", 2);
        checker.awaitMore(100);

        assertEquals(List.of(), checker.lost());
      }
      assertEquals(2, spawned.children().size());
      assertNotEquals(before, spawned.children());
    }
  }

  @Test
  void aNewControllerDoesNotTakeAChildThatStartsForOneThatServes() throws Exception {
    var gate = Files.createFile(folder.resolve("gate"));
    try (var spawned =
        Spawned.start(
            "--port=0",
            "--host=127.0.0.1",
            "--processes=1",
            "--status-port=0",
            "--java-option=-Dgate=" + gate,
            "net.eventlet.spawning.TestApplications$Gated")) {
      spawned.awaitServing(1);
      Files.delete(gate);
      try (var checker = new Checker(spawned.port(), 4)) {
        spawned.signal("HUP");
        spawned.awaitChildren(2);

        spawned.signal("USR2");
        spawned.await("status on", 2);
        spawned.awaitChildren(3);

        var status = spawned.get(spawned.statusPort(), "/status.json");
        assertTrue(status.contains("\"children_ready\": 1"), status);
        checker.awaitMore(100);
        Files.createFile(gate);
        spawned.await("has ended", 2);
        checker.awaitMore(100);
        assertEquals(List.of(), checker.lost());
      }
      assertEquals(1, spawned.children().size());
    }
  }

  @Test
  void aUsr1StartsOneMore() throws Exception {
    try (var spawned = Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", ECHO)) {
      spawned.awaitServing(1);

      spawned.signal("USR1");

      spawned.awaitServing(2);
      assertEquals(2, spawned.children().size());
    }
  }

  @Test
  void aChildIsReplacedAfterSoManyRequests() throws Exception {
    try (var spawned =
        Spawned.start("--port=0", "--host=127.0.0.1", "--processes=1", "--max-requests=50", ECHO)) {
      spawned.awaitServing(1);
      try (var checker = new Checker(spawned.port(), 4)) {

        spawned.awaitServing(3);

        assertEquals(List.of(), checker.lost());
      }
    }
  }

  @Test
  void theStatusPortTellsHowTheChildrenAre() throws Exception {
    try (var spawned =
        Spawned.start("--port=0", "--host=127.0.0.1", "--processes=2", "--status-port=0", ECHO)) {
      spawned.awaitServing(2);
      spawned.get(spawned.port(), "/echo");
      var port = spawned.statusPort();

      assertEquals(200, spawned.status(port, "/live"));
      assertEquals(200, spawned.status(port, "/ready"));
      assertEquals(404, spawned.status(port, "/nothing"));
      assertTrue(spawned.get(port, "/status.json").contains("\"children_ready\": 2"));
      assertTrue(spawned.get(port, "/metrics").contains("spawn_children_ready 2"));
      var page = spawned.get(port, "/status");
      for (var child : spawned.children()) {
        assertTrue(page.contains(Long.toString(child)), page);
      }
    }
  }

  @Test
  void greenThreadsOfAllHubsAreCounted() throws Exception {
    var connections = 40;
    try (var spawned =
        Spawned.start(
            "--port=0", "--host=127.0.0.1", "--processes=1", "--hubs=2", "--status-port=0", ECHO)) {
      spawned.awaitServing(1);
      var open = new ArrayList<Socket>();
      try {
        for (var i = 0; i < connections; i++) {
          open.add(new Socket(InetAddress.getLoopbackAddress(), spawned.port()));
          open.getLast().getOutputStream().write('G'); // who has sent nothing needs no green thread
        }

        var most = 0L;
        while (most < connections) { // half of them are on either hub, once they are accepted
          most = spawned.figures("green_threads").values().iterator().next();
        }
      } finally {
        for (var socket : open) {
          socket.close();
        }
      }
    }
  }

  @Test
  void theAccessLogGoesToAFileThatMayBeRenamed() throws Exception {
    var log = folder.resolve("access.log");
    try (var spawned =
        Spawned.start(
            "--port=0", "--host=127.0.0.1", "--processes=1", "--access-log-file=" + log, ECHO)) {
      spawned.awaitServing(1);
      spawned.get(spawned.port(), "/first");
      Files.move(log, folder.resolve("access.log.1"));

      Spawned.kill("USR1", spawned.children().getFirst());
      while (!Files.exists(log)) {
        spawned.get(spawned.port(), "/second");
      }

      assertTrue(Files.readString(folder.resolve("access.log.1")).contains("GET /first"));
      assertTrue(Files.readString(log).contains("GET /second"));
    }
  }

  @Test
  void aFullDiskLosesTheLogAndNoRequest() throws Exception {
    try (var spawned =
        Spawned.start(
            "--port=0", "--host=127.0.0.1", "--processes=1", "--access-log-file=/dev/full", ECHO)) {
      spawned.awaitServing(1);

      assertTrue(spawned.get(spawned.port(), "/one").contains("/one"));
      assertTrue(spawned.get(spawned.port(), "/two").contains("/two"));
      spawned.await("requests go on without it");
    }
  }
}
