package net.eventlet.isolated;

import static net.eventlet.Eventlet.sleep;
import static net.eventlet.Eventlet.spawn;
import static net.eventlet.Eventlet.spawnN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.eventlet.Action;
import net.eventlet.Eventlet;
import net.eventlet.GreenThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the first uncaught handler prints.
@SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"})
class UncaughtReportTest {

  private static final Duration LONG = Duration.ofHours(1);

  @TempDir private Path folder;

  @Test
  void saysWhoFailedAndWhereItWasSpawnedAndWhy() throws Exception {
    var printed = run(Fails.class);

    var lines = printed.err().lines().toList();
    assertTrue(
        lines
            .getFirst()
            .matches(
                "Exception in green-\\d+, spawned at .*Fails.*\\(UncaughtReportTest.java:\\d+\\): "
                    + "java.io.IOException: of nobody"),
        printed::toString);
    assertTrue(lines.get(1).strip().startsWith("at "), printed::toString);
    assertEquals(List.of(number(printed.out())), spawnedAt(printed.err()));
  }

  @Test
  void namesTheLineOfTheSpawnOfABodyThatIsNoLambda() throws Exception {
    var printed = run(FailsInAClass.class);

    assertEquals(List.of(number(printed.out())), spawnedAt(printed.err()));
  }

  @Test
  void whatIsHeldAndNeverAwaitedIsReportedWhenTheProcessEnds() throws Exception {
    var printed = run(Holds.class);

    assertEquals("the end\n", printed.out());
    assertTrue(printed.err().contains("java.io.IOException: of nobody"), printed::toString);
    assertEquals(1, spawnedAt(printed.err()).size(), printed::toString);
  }

  @Test
  void whatIsAwaitedIsNotReported() throws Exception {
    assertEquals(new ChildJvm.Printed("caught\n", ""), run(Awaits.class));
  }

  @Test
  void killedGreenThreadsAndThoseLeftAtTheEndAreNotReported() throws Exception {
    assertEquals(new ChildJvm.Printed("the end\n", ""), run(Leaves.class));
  }

  private ChildJvm.Printed run(Class<?> program) throws Exception {
    return new ChildJvm(folder, "true").run(program);
  }

  private static int number(String text) {
    return Integer.parseInt(text.strip());
  }

  /// {@return the lines of the spawns in a report}
  private static List<Integer> spawnedAt(String report) {
    return report
        .lines()
        .filter(line -> line.contains("spawned at"))
        .map(line -> line.replaceAll(".*UncaughtReportTest\\.java:(\\d+)\\): .*", "$1"))
        .map(UncaughtReportTest::number)
        .toList();
  }

  // ------------------------------------------------------------------------------------ programs

  static final class Fails {

    public static void main(String[] args) throws Exception {
      Eventlet.run(() -> {
        System.out.println(line() + 1);
        spawnN(() -> fail());
        sleep();
      });
    }
  }

  static final class FailsTwice {

    public static void main(String[] args) throws Exception {
      Eventlet.run(() -> {
        Action body = () -> fail();
        System.out.println(line() + 1);
        spawnN(body);
        sleep();
        System.out.println(line() + 1);
        spawnN(body);
        sleep();
      });
    }
  }

  static final class FailsInAClass {

    /// A body.
    private record Body() implements Action {

      @Override
      public void run() throws Exception {
        fail();
      }
    }

    public static void main(String[] args) throws Exception {
      Eventlet.run(() -> {
        var body = new Body();
        System.out.println(line() + 1);
        spawnN(body);
        sleep();
      });
    }
  }

  static final class Holds {

    private static GreenThread<?> held;

    public static void main(String[] args) throws Exception {
      Eventlet.run(() -> {
        held = spawn(() -> fail());
        sleep();
      });
      System.out.println(held.isDone() ? "the end" : "not done");
    }
  }

  static final class Awaits {

    public static void main(String[] args) throws Exception {
      Eventlet.run(() -> {
        var failing = spawn(() -> fail());
        try {
          failing.await();
        } catch (IOException expected) {
          System.out.println("caught");
        }
      });
    }
  }

  static final class Leaves {

    public static void main(String[] args) throws Exception {
      Eventlet.run(() -> {
        var killed = spawn(() -> sleep(LONG));
        spawn(() -> sleep(LONG));
        spawn(() -> Thread.sleep(LONG));
        spawnN(() -> sleep(LONG));
        spawnN(() -> Thread.sleep(LONG));
        Thread.startVirtualThread(() -> sleep(LONG));
        sleep();
        killed.kill();
        spawn(() -> fail());
        spawnN(() -> fail());
      });
      System.out.println("the end");
    }
  }

  private static void fail() throws IOException {
    throw new IOException("of nobody");
  }

  private static int line() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
  }
}
