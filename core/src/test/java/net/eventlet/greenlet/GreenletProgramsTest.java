package net.eventlet.greenlet;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A JVM of its own for each set of flags.
@Bounded
class GreenletProgramsTest {

  private static final String PROGRAM = "net.eventlet.greenlet.programs.Counts";
  private static final String FLAGS =
      "--add-opens java.base/java.lang=ALL-UNNAMED --add-opens"
          + " java.base/jdk.internal.vm=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED"
          + " --enable-native-access=ALL-UNNAMED";

  @TempDir private Path folder;

  @Test
  void theFlagsAreEnough() throws Exception {
    assertEquals("[0, 1, 2]\n", run(FLAGS, classPath()));
  }

  @Test
  void withoutFlagsOneSentenceNamesThem() throws Exception {
    var said = run("--enable-native-access=ALL-UNNAMED", classPath());

    assertTrue(said.contains(FLAGS), said);
    assertEquals(said.length() - 1, said.indexOf('\n'), said);
  }

  @Test
  void onTheModulePathTheFlagsNameTheModule() throws Exception {
    var path =
        List.of(
            "--module-path",
            classes(Greenlet.class),
            "--add-modules",
            "net.eventlet.core",
            "-cp",
            classes(GreenletProgramsTest.class));

    assertEquals("[0, 1, 2]\n", run(FLAGS.replace("ALL-UNNAMED", "net.eventlet.core"), path));
  }

  private String run(String flags, List<String> path) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of(flags.split(" ")));
    command.addAll(path);
    command.add(PROGRAM);
    var out = Files.createTempFile(folder, "out", "");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      assertTrue(process.waitFor(20, SECONDS), "it hangs");
      return Files.readString(out, UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> classPath() {
    return List.of("-cp", classes(Greenlet.class) + ":" + classes(GreenletProgramsTest.class));
  }

  private static String classes(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
