package net.eventlet.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.posix.Processes.Group;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessesTest {

  private final Scratch scratch = Scratch.borrow();

  @AfterEach
  void giveBack() {
    scratch.close();
  }

  @Test
  void aChildGetsItsArgumentsVariablesAndFolder() {
    assertEquals(0, Pipes.pipe(scratch));
    var source = scratch.getInt(0);
    var sink = scratch.getInt(4);

    var pid =
        Processes.spawn(
            zeroed("/bin/sh"),
            all("sh", "-c", "echo $1 $NAME; pwd", "sh", "first"),
            all("NAME=value"),
            zeroed("/usr"),
            List.of(source, sink, sink),
            Group.OWN);
    Posix.close(sink);
    Processes.waitBlocking(pid);

    assertEquals("first value\n/usr\n", printed(source));
    Posix.close(source);
  }

  @Test
  void howItEndedIsKnownOnceAndKeptIfAsked() {
    var pid = shell("exit 3", Group.OWN);
    var pidfd = Processes.open(pid);

    await(pidfd);

    assertEquals(3, Processes.wait(scratch, pidfd, true));
    assertEquals(3, Processes.wait(scratch, pidfd, false));
    assertEquals(-Errno.ECHILD, Processes.wait(scratch, pidfd, false));
    assertEquals(-Errno.ESRCH, Processes.signal(pidfd, 0));
    Posix.close(pidfd);
  }

  @Test
  void signalsReachAChildOrItsGroup() {
    for (var group : Group.values()) {
      var pid = shell("while :; do read _; done", group);
      var pidfd = Processes.open(pid);

      assertEquals(Processes.RUNNING, Processes.wait(scratch, pidfd, false));
      assertEquals(0, Processes.signal(pidfd, 0));
      assertEquals(0, Processes.kill(group == Group.SAME ? pid : -pid, Processes.SIGKILL));
      await(pidfd);

      assertEquals(128 + Processes.SIGKILL, Processes.wait(scratch, pidfd, false));
      Posix.close(pidfd);
    }
  }

  @Test
  void aProgramThatIsNotThereIsAnError() {
    assertEquals(
        -Errno.ENOENT,
        Processes.spawn(
            zeroed("/no/such/program"),
            all("program"),
            List.of(),
            new byte[0],
            List.of(0, 1, 2),
            Group.SAME));
  }

  @Test
  void theEnvironmentIsOurs() {
    var variables =
        Processes.environment().stream().map(bytes -> new String(bytes, UTF_8)).toList();

    assertTrue(variables.contains("PATH=" + System.getenv("PATH")), variables::toString);
    assertEquals(System.getenv().size(), variables.size());
  }

  private int shell(String script, Group group) {
    assertEquals(0, Pipes.pipe(scratch));
    var source = scratch.getInt(0);
    Posix.close(scratch.getInt(4));
    var pid =
        Processes.spawn(
            zeroed("/bin/sh"),
            all("sh", "-c", script),
            List.of(),
            new byte[0],
            List.of(source, 1, 2),
            group);
    Posix.close(source);
    assertTrue(pid > 0, () -> "not started: " + pid);
    return pid;
  }

  private void await(int pidfd) {
    try (var arena = Arena.ofConfined()) {
      var poll = arena.allocate(8, 4);
      poll.set(JAVA_INT, 0, pidfd);
      poll.set(JAVA_SHORT, 4, (short) Posix.IN);
      assertEquals(1, Posix.poll(scratch, poll, 1, 10_000_000_000L), "it has not ended");
    }
  }

  private static String printed(int source) {
    try (var arena = Arena.ofConfined()) {
      var room = arena.allocate(1000);
      var count = Pipes.readBlocking(source, room);
      return new String(room.asSlice(0, count).toArray(JAVA_BYTE), UTF_8);
    }
  }

  private static byte[] zeroed(String text) {
    return (text + "\0").getBytes(UTF_8);
  }

  private static List<byte[]> all(String... texts) {
    var all = new ArrayList<byte[]>();
    for (var text : texts) {
      all.add(zeroed(text));
    }
    return all;
  }
}
