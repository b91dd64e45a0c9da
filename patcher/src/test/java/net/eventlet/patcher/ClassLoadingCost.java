package net.eventlet.patcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;

/// What does patching add to the time that it takes to load classes?
///
/// Loads and verifies every class of the libraries on the class path, some 14,000, each time in a
/// JVM of its own: without an agent, with one that looks at nothing, and with the patcher's.
///
/// Run in `patcher`: `java -Deventlet.flags=… -cp CLASSPATH net.eventlet.patcher.ClassLoadingCost`,
/// with the property `eventlet.flags` as `pom.xml` has it.
public final class ClassLoadingCost {

  private static final int ROUNDS = 7;

  private ClassLoadingCost() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      load();
      return;
    }
    var folder = Files.createTempDirectory("class-loading");
    var patcher = AgentJar.in(folder);
    var ways =
        List.of(
            List.<String>of(),
            List.of("-javaagent:" + patcher + "=time"),
            List.of("-javaagent:" + patcher));
    var millis = new double[ways.size()][ROUNDS];
    for (var round = 0; round < ROUNDS; round++) {
      for (var way = 0; way < ways.size(); way++) {
        var printed = new ChildJvm(folder, ways.get(way)).run(ClassLoadingCost.class, "load");
        millis[way][round] = Double.parseDouble(printed.out().getFirst());
      }
    }
    for (var each : millis) {
      Arrays.sort(each);
    }
    IO.println(
        "%.0f ms as it is, %.0f with the agent that patches nothing, %.0f patched: %+.1f %%"
            .formatted(
                millis[0][ROUNDS / 2],
                millis[1][ROUNDS / 2],
                millis[2][ROUNDS / 2],
                100 * (millis[2][ROUNDS / 2] / millis[0][ROUNDS / 2] - 1)));
  }

  private static void load() throws IOException {
    var names = new ArrayList<String>();
    for (var path : System.getProperty("java.class.path").split(":")) {
      if (path.endsWith(".jar")) {
        try (var jar = new ZipFile(Path.of(path).toFile())) {
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
              .map(name -> name.replace(".class", "").replace('/', '.'))
              .forEach(names::add);
        }
      }
    }
    var loader = ClassLoadingCost.class.getClassLoader();
    var verified = 0;
    var begun = System.nanoTime();
    for (var name : names) {
      try {
        verified += Class.forName(name, false, loader).getDeclaredMethods().length > 0 ? 1 : 0;
      } catch (LinkageError | ClassNotFoundException e) {
        // some lack what they may be used with
      }
    }
    IO.println((System.nanoTime() - begun) / 1e6);
    IO.println(verified);
  }
}
