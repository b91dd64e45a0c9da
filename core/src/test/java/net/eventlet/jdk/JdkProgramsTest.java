package net.eventlet.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.eventlet.hubs.Bounded;
import net.eventlet.hubs.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A JVM of its own for each set of flags.
@Bounded
class JdkProgramsTest {

  private static final List<String> LANG =
      List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED");
  private static final List<String> VM =
      List.of("--add-opens", "java.base/jdk.internal.vm=ALL-UNNAMED");
  private static final List<String> SOCKETS =
      List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED");
  private static final List<String> NATIVE = List.of("--enable-native-access=ALL-UNNAMED");
  private static final List<String> ALL = join(LANG, VM, SOCKETS, NATIVE);

  private static final String FLAGS = String.join(" ", ALL);

  @TempDir private Path folder;

  @Test
  void theFlagsAreEnough() throws Exception {
    assertEquals(new Ended(0, "hub\n", ""), run(ALL, "StartsAHub"));
  }

  @Test
  void withoutFlagsOneSentenceNamesThem() throws Exception {
    var ended = run(NATIVE, "StartsAHub");

    assertEquals(0, ended.status(), ended.err());
    assertOneSentence(ended.out(), FLAGS);
  }

  @Test
  void eachNeededFlagIsMissedWithTheSameSentence() throws Exception {
    for (var flags : List.of(join(LANG, NATIVE), join(VM, NATIVE))) {
      var ended = run(flags, "StartsAHub");

      assertEquals(0, ended.status(), ended.err());
      assertOneSentence(ended.out(), FLAGS);
    }
  }

  @Test
  void onTheModulePathTheFlagsNameTheModule() throws Exception {
    var command = new ArrayList<String>();
    command.addAll(List.of("--module-path", classes(Hub.class)));
    command.addAll(List.of("--add-modules", "net.eventlet.core"));
    command.addAll(List.of("-cp", classes(JdkProgramsTest.class)));
    var named = FLAGS.replace("ALL-UNNAMED", "net.eventlet.core");

    var without = run(join(command, List.of(program("StartsAHub"))));
    var with = run(join(List.of(named.split(" ")), command, List.of(program("StartsAHub"))));

    assertEquals(0, without.status(), without.err());
    assertOneSentence(without.out(), named);
    assertEquals(new Ended(0, "hub\n", ""), with);
  }

  @Test
  void theFirstHubMayBeStartedInAVirtualThread() throws Exception {
    assertEquals(new Ended(0, "hub\n", ""), run(ALL, "StartsAHub", "in a virtual thread"));
  }

  @Test
  void stockSocketsWaitOnTheHub() throws Exception {
    assertEquals(new Ended(0, "line 9\n60\n", ""), run(ALL, "Echoes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void stockSocketsWaitOnTheHubWhateverTheJdksPollersAre(String mode) throws Exception {
    var flags = join(ALL, List.of("-Djdk.pollerMode=" + mode, "-Deventlet.hub=poll"));

    assertEquals(new Ended(0, "line 9\n60\n", ""), run(flags, "Echoes"));
  }

  @Test
  void withoutTheFlagForSocketsTheyStillWorkAndOneWarningSaysWhy() throws Exception {
    var ended = run(join(LANG, VM, NATIVE), "Echoes");

    assertEquals("line 9\n60\n", ended.out(), ended.err());
    assertEquals(0, ended.status());
    var warnings = ended.err().lines().filter(line -> line.startsWith("WARNING")).toList();
    assertEquals(1, warnings.size(), ended.err());
    assertOneSentence(warnings.getFirst() + "\n", FLAGS);
  }

  @Test
  void aProgramWithoutStockSocketsIsNotWarnedOfThem() throws Exception {
    assertEquals(new Ended(0, "hub\n", ""), run(join(LANG, VM, NATIVE), "StartsAHub"));
  }

  @Test
  void virtualThreadsOffTheHubDoNotWaitForItWhoeverUsesASocketFirst() throws Exception {
    assertEquals(new Ended(0, "read 120\n", ""), run(ALL, "BusyHub", "first off the hub"));
    assertEquals(new Ended(0, "read 120\n", ""), run(ALL, "BusyHub"));
  }

  private static void assertOneSentence(String text, String flags) {
    assertTrue(text.contains(flags), text);
    assertEquals(text.length() - 1, text.indexOf('\n'), text);
  }

  private Ended run(List<String> flags, String program, String... args) throws Exception {
    var path = List.of("-cp", classes(Hub.class) + ":" + classes(JdkProgramsTest.class));
    return run(join(flags, path, List.of(program(program)), List.of(args)));
  }

  private Ended run(List<String> arguments) throws IOException, InterruptedException {
    var command = join(List.of(System.getProperty("java.home") + "/bin/java"), arguments);
    var out = Files.createTempFile(folder, "out", "");
    var err = Files.createTempFile(folder, "err", "");
    var process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      var ended = process.waitFor(20, SECONDS);
      var outText = Files.readString(out, UTF_8);
      var errText = Files.readString(err, UTF_8);
      assertTrue(ended, () -> "it hangs; so far it said " + outText + errText);
      return new Ended(process.exitValue(), outText, errText);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String program(String name) {
    return "net.eventlet.jdk.programs." + name;
  }

  private static String classes(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }

  @SafeVarargs
  private static List<String> join(List<String>... lists) {
    var all = new ArrayList<String>();
    for (var list : lists) {
      all.addAll(list);
    }
    return all;
  }

  /// What became of a program.
  private record Ended(int status, String out, String err) {}
}
