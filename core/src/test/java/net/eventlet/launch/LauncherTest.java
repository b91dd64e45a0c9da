package net.eventlet.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs `bin/eventlet` itself, as a user would.
class LauncherTest {

  private static final String EVENTLET = Path.of("../bin/eventlet").toAbsolutePath().toString();

  @TempDir private Path folder;

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "JAVA_HOME", System.getProperty("java.home"),
              "EVENTLET_CLASSES", Path.of("target/classes").toAbsolutePath().toString(),
              "EVENTLET_JAVA_OPTS", ""));

  @Test
  void aFileOfSeveralClassesRunsWithItsArguments() throws Exception {
    write(
        "Greeting.java",
        """
        record Word(String text) {}

        class Greeting {
          public static void main(String[] args) {
            for (var arg : args) {
              System.out.println(new Word(arg));
            }
          }
        }
        """);

    var ended = run("Greeting.java", "two words", "", "-cp", "*");

    var words =
        """
        Word[text=two words]
        Word[text=]
        Word[text=-cp]
        Word[text=*]
        """;
    assertEquals(new Ended(0, words, ""), ended);
  }

  @Test
  void aProgramsClassFilesAreResources() throws Exception {
    write(
        "Größe.java",
        """
        class Größe {
          static class Nested {}

          void main() throws Exception {
            try (var file = Größe.class.getResourceAsStream("Größe$Nested.class")) {
              IO.println(Integer.toHexString(new java.io.DataInputStream(file).readInt()));
            }
          }
        }
        """);

    assertEquals(new Ended(0, "cafebabe\n", ""), run("Größe.java"));
  }

  @Test
  void mainIsAGreenThread() throws Exception {
    write(
        "Green.java",
        """
        import net.eventlet.hubs.Hub;

        void main() {
          Hub.current();
          IO.println(Thread.currentThread().isVirtual());
        }
        """);

    assertEquals(new Ended(0, "true\n", ""), run("Green.java"));
  }

  @Test
  void standardInputAndExitStatusGoThrough() throws Exception {
    write(
        "Letters.java",
        """
        void main() {
          System.exit(IO.readln().length() + IO.readln().length());
        }
        """);

    assertEquals(new Ended(7, "", ""), end(start("run", "Letters.java"), "four\ntwo\n"));
  }

  @Test
  void whatAFileRefersToIsFoundInItsPackages() throws Exception {
    writeZoo();
    write("src/zoo/Broken.java", "nobody refers to this");

    assertEquals(new Ended(0, "roar\n", ""), run("src/zoo/Keeper.java"));
  }

  @Test
  void aFolderRunsItsOnlyMain() throws Exception {
    writeZoo();

    assertEquals(new Ended(0, "roar\n", ""), run("src"));
  }

  @Test
  void aFolderWithTwoMainsSaysWhichTheyAre() throws Exception {
    writeZoo();
    write("src/Gate.java", "void main() {}");

    var ended = run("src");

    var message = "several classes in src have a main; run the file of one of them: ";
    assertEquals(new Ended(1, "", "eventlet: " + message + "Gate, zoo.Keeper\n"), ended);
  }

  @Test
  void aCompiledClassRuns() throws Exception {
    var source = write("Echo.java", "void main(String[] args) { IO.println(args[0]); }");
    var compiler = ToolProvider.getSystemJavaCompiler();
    compiler.run(null, null, null, "-d", folder.resolve("out").toString(), source.toString());

    assertEquals(new Ended(0, "said\n", ""), run("-cp", "out", "Echo", "said"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class Main { public static void main(String[] args) { IO.println(args.length); } }",
        "class Main { static void main() { IO.println(1); } }",
        "class Main { void main(String[] args) { IO.println(args.length); } }",
        "class Main { void main() { IO.println(1); } }",
        "class Main { static void main(String[] a) { IO.println(1); } void main() {} }",
        "class Main { static void main() { IO.println(1); } int main(String[] a) { return 0; } }",
        "class Main extends Base {} class Base { protected void main() { IO.println(1); } }",
        "void main(String[] args) { IO.println(args.length); }",
      })
  void everyKindOfMainRuns(String program) throws Exception {
    write("Main.java", program);

    assertEquals(new Ended(0, "1\n", ""), run("Main.java", "argument"));
  }

  @Test
  void compileErrorsLookAsJavacPrintsThem() throws Exception {
    write("Wrong.java", "class Wrong { int x = y; }");

    var ended = run("Wrong.java");

    var messages =
        """
        Wrong.java:1: error: cannot find symbol
        class Wrong { int x = y; }
                              ^
          symbol:   variable y
          location: class Wrong
        1 error
        eventlet: the program does not compile
        """;
    assertEquals(new Ended(1, "", messages), ended);
  }

  @Test
  void anExceptionOutOfMainLooksAsJavaPrintsIt() throws Exception {
    write(
        "Failing.java",
        """
        class Failing {
          static void main() {
            try {
              fail();
            } catch (IllegalStateException e) {
              throw new IllegalArgumentException("outer", e);
            }
          }

          static void fail() {
            throw new IllegalStateException("inner");
          }
        }
        """);

    var ended = run("Failing.java");

    var trace =
        """
        Exception in thread "main" java.lang.IllegalArgumentException: outer
        \tat Failing.main(Failing.java:6)
        Caused by: java.lang.IllegalStateException: inner
        \tat Failing.fail(Failing.java:11)
        \tat Failing.main(Failing.java:4)
        """;
    assertEquals(new Ended(1, "", trace), ended);
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalUnwindsGreenThreads(String signal, int status) throws Exception {
    write(
        "Waiting.java",
        """
        import java.util.concurrent.CountDownLatch;
        import net.eventlet.Eventlet;

        void main() throws Exception {
          Eventlet.spawnN(() -> waitAs("child"));
          waitAs("main");
        }

        void waitAs(String name) throws Exception {
          try {
            IO.println(name + " waits");
            new CountDownLatch(1).await();
          } finally {
            IO.println(name + " is unwound");
          }
        }
        """);

    var process = start("run", "Waiting.java");
    var out = process.inputReader();
    var waiting = List.of(out.readLine(), out.readLine());
    new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();

    assertEquals(List.of("child waits", "main waits"), waiting.stream().sorted().toList());
    assertEquals(List.of("child is unwound", "main is unwound"), out.lines().sorted().toList());
    assertEquals(new Ended(status, "", ""), end(process, ""));
  }

  @Test
  void theJvmHasTheFlagsThatTheTestsRunWith() throws Exception {
    write(
        "Flags.java",
        """
        import java.lang.management.ManagementFactory;

        void main() {
          ManagementFactory.getRuntimeMXBean().getInputArguments().forEach(IO::println);
        }
        """);

    var ended = run("Flags.java");

    var flags = System.getProperty("eventlet.flags").strip().split("\\s+");
    assertEquals(List.of(flags), ended.out().lines().toList());
  }

  @Test
  void optionsAndTheEnvironmentGiveTheJvmMoreFlags() throws Exception {
    write(
        "Letters.java",
        """
        void main() {
          IO.println(System.getProperty("a") + System.getProperty("b") + System.getProperty("c"));
        }
        """);
    environment.put("EVENTLET_JAVA_OPTS", "-Da=1 -Db=2");

    var ended = run("-J-Dc=three words", "Letters.java");

    assertEquals(new Ended(0, "12three words\n", ""), ended);
  }

  @Test
  void programsFindOurModulesAndThenWhatTheseUse() throws Exception {
    var script = Files.readString(Path.of(EVENTLET));
    var eventlet = write("bin/eventlet", script);
    write("pom.xml", "");
    var modules = script.replaceFirst("(?s).*\\nmodules=\\((.*?)\\).*", "$1").split(" ");
    for (var module : modules) {
      write(module + "/pom.xml", "");
      Files.createDirectories(folder.resolve(module + "/src/main"));
    }
    write("target/launch/lib/used.jar", "");
    write("target/launch/eventlet.jar", "");
    writeJdk("jdk", "25");
    write("jdk/bin/java", "#!/bin/sh\nwhile [ $1 != -cp ]; do shift; done; echo $2\n");
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.put("EVENTLET_CLASSES", "");

    var ended = end(start(eventlet, "run", "-cp", "mine", "Any.java"), "");

    var jars = ended.out().replace(folder + "/target/launch/", "").strip().split(":");
    assertEquals("eventlet.jar", jars[0]);
    assertEquals("eventlet-" + modules[1] + ".jar", jars[1]);
    assertEquals("lib/used.jar", jars[modules.length]);
    assertEquals("mine", jars[modules.length + 1]);
  }

  @Test
  void aJavaHomeThatIsTooOldIsPassedOverForTheNewestJdk() throws Exception {
    writeJdk("old", "17.0.15");
    writeJdk("jdks/a", "25");
    writeJdk("jdks/b", "25.0.11");
    writeJdk("jdks/c", "25.0.2");
    writeJdk("jdks/d", "1.8.0_392");
    hideJdks(folder.resolve("old"), folder.resolve("jdks"));

    assertEquals(new Ended(0, "jdks/b\n", ""), run("Any.java"));
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    hideJdks(folder.resolve("none"), folder);

    var ended = run("Any.java");

    assertEquals(1, ended.status());
    assertTrue(ended.err().startsWith("eventlet: needs a JDK 25 or newer"), ended::err);
    assertTrue(ended.err().contains(folder.toString()), ended::err);
  }

  @Test
  void withoutACommandItShowsItsUsage() throws Exception {
    var ended = end(start(), "");

    assertEquals(2, ended.status());
    assertTrue(ended.err().startsWith("usage: eventlet run"), ended::err);
  }

  /// How a process ended.
  private record Ended(int status, String out, String err) {}

  private Ended run(String... args) throws Exception {
    return end(start(Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new)), "");
  }

  /// Starts `bin/eventlet` in the folder of this test.
  ///
  /// The test may run in the background of a shell, which then had SIGINT ignored: `env` undoes
  /// that.
  private Process start(String... args) throws IOException {
    return start(Path.of(EVENTLET), args);
  }

  private Process start(Path eventlet, String... args) throws IOException {
    var command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT", "/bin/bash"));
    command.add(eventlet.toString());
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(folder.resolve("err").toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    delayedExecutor(60, SECONDS).execute(process::destroyForcibly);
    return process;
  }

  private Ended end(Process process, String in) throws Exception {
    try (var stdin = process.outputWriter()) {
      stdin.write(in);
    }
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(folder.resolve("err")));
  }

  private Path write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /// A program of two packages, in the folder `src`.
  private void writeZoo() throws IOException {
    write("src/zoo/Keeper.java", "package zoo; class Keeper { void main() { cage.Lion.roar(); } }");
    write(
        "src/cage/Lion.java",
        "package cage; public class Lion { public static void roar() { IO.println(\"roar\"); } }");
  }

  /// A folder that looks like a JDK, whose `java` prints the folder's name.
  private void writeJdk(String name, String version) throws IOException {
    write(name + "/release", "IMPLEMENTOR=\"none\"\nJAVA_VERSION=\"" + version + "\"\n");
    for (var tool : List.of("java", "javac")) {
      var file = write(name + "/bin/" + tool, "#!/bin/sh\necho " + name + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /// Leaves only these two places to look for a JDK.
  private void hideJdks(Path javaHome, Path usualFolder) {
    environment.put("JAVA_HOME", javaHome.toString());
    environment.put("PATH", folder.toString());
    environment.put("EVENTLET_JVM_DIRS", usualFolder.toString());
  }
}
