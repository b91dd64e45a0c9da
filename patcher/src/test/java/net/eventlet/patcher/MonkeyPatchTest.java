package net.eventlet.patcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stranger.Programs;

/// Patching a whole process, which cannot be taken back: each program has a JVM of its own.
class MonkeyPatchTest {

  private static final String ALL_PLATFORM =
      "[platform, platform, platform, said that it starts, platform, said that it starts twice,"
          + " platform, platform, platform, platform, platform, platform]";
  private static final String ALL_GREEN =
      "[green, green, green, said that it starts, green, said that it starts twice, green, green,"
          + " green, green, green, green]";
  private static final String LIFE = "[NEW false, alive true, TERMINATED false true, not again]";

  @TempDir private Path folder;

  @Test
  void aRunningProgramIsPatchedAlsoInClassesThatWereLoadedAndUsed() throws Exception {
    var printed = new ChildJvm(folder, List.of()).run(Programs.PATCHES_WHILE_RUNNING);

    assertEquals(List.of(ALL_PLATFORM, "true", ALL_GREEN, LIFE, ALL_PLATFORM, LIFE), printed.out());
    assertEquals(List.of(), printed.err());
  }

  @Test
  void anAgentPatchesAProgramBeforeItsMain() throws Exception {
    var printed =
        new ChildJvm(folder, List.of("-javaagent:" + AgentJar.in(folder)))
            .run(Programs.PATCHED_BEFORE);

    assertEquals(List.of("true", ALL_GREEN, LIFE, ALL_PLATFORM), printed.out());
    assertEquals(List.of(), printed.err());
  }

  @Test
  void anAgentPatchesTheModulesThatItIsTold() throws Exception {
    var printed =
        new ChildJvm(folder, List.of("-javaagent:" + AgentJar.in(folder) + "=time,dns"))
            .run(Programs.PATCHED_BEFORE);

    assertEquals("false", printed.out().getFirst());
    assertEquals(ALL_PLATFORM, printed.out().get(1));
  }

  @Test
  void whereNoAgentMayBeLoadedTheMessageNamesTheFlag() throws Exception {
    var printed =
        new ChildJvm(folder, List.of("-XX:-EnableDynamicAgentLoading"))
            .run(Programs.CANNOT_BE_PATCHED);

    assertEquals(
        List.of(
            "the running program cannot be patched; start it with bin/eventlet run --patched, or"
                + " add -javaagent:PATH/eventlet-patcher.jar to the options of java: Dynamic agent"
                + " loading is not enabled. Use -XX:+EnableDynamicAgentLoading to launch target"
                + " VM.",
            "false"),
        printed.out());
  }

  /// Its pools and its timer are never shut down, and do not hold up its end.
  @Test
  void poolsTimersChildrenAndStandardInputCooperate() throws Exception {
    var printed =
        new ChildJvm(folder, List.of("-javaagent:" + AgentJar.in(folder))).run(Programs.EVERYTHING);

    assertEquals(
        List.of(
            "green",
            "green",
            "green",
            "green",
            "green",
            "green",
            "green",
            "Subprocess",
            "from a child",
            "3",
            "-1"),
        printed.out());
    assertEquals(List.of(), printed.err());
  }

  /// A green thread that initializes a class keeps its carrier, as JGit's do.
  @Test
  void whatAClassInitializerStartsAndWaitsForIsNotGreen() throws Exception {
    var printed =
        new ChildJvm(folder, List.of("-javaagent:" + AgentJar.in(folder)))
            .run(Programs.STARTS_WHILE_INITIALIZED);

    assertEquals(List.of("a task and a child"), printed.out());
  }
}
