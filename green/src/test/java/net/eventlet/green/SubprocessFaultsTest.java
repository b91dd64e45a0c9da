package net.eventlet.green;

import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Children that cannot be started: what is said, while the hub goes on, and that nothing is left
/// open.
class SubprocessFaultsTest {

  @TempDir private Path folder;

  @Test
  void aProgramThatIsNotThereIsNamed() throws Exception {
    refused(
        Command.of("no-such-program"),
        "Cannot run program \"no-such-program\": there is none on the PATH (");
    refused(Command.of("git status"), "; a program's arguments are words of their own");
    refused(
        Command.of("/no/such/program"), "Cannot run program \"/no/such/program\": No such file");
    refused(
        Command.of("program").withVariable("PATH", folder + ":/none"),
        "there is none on the PATH (" + folder + ":/none); install it, or give its path");
    refused(Command.of("ls").withOnlyVariables(Map.of("PATH", "")), "there is none on the PATH");
  }

  @Test
  void whatIsNoProgramIsNamed() throws Exception {
    var text = Files.writeString(folder.resolve("text"), "text");
    var script = executable("script", "#!/no/such/interpreter\n");
    var nothing = executable("nothing", "text");

    refused(Command.of(text.toString()), "it may need chmod +x");
    refused(
        Command.of("text").withVariable("PATH", folder.toString()), "is not executable; chmod +x");
    refused(Command.of(folder.toString()), "that is a directory");
    refused(
        Command.of(script.toString()), "the interpreter that its first line names is not there");
    refused(Command.of(nothing.toString()), "whose first line begins with #!");
  }

  private Path executable(String name, String text) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  @Test
  void placesThatAreNotThereAreNamed() throws Exception {
    var none = folder.resolve("none");

    refused(
        Command.of("true").withDirectory(none), "(in directory \"" + none + "\"): No such file");
    refused(
        Command.of("true").withDirectory(Files.writeString(folder.resolve("file"), "")),
        "that is no directory");
    refused(Command.of("true").withInput(Stdio.file(none)), none + ": No such file");
    refused(Command.of("true").withOutput(Stdio.file(folder)), folder + ": Is a directory");
  }

  @Test
  void argumentsThatAreTooLongAreMeasured() throws Exception {
    var long128 = "x".repeat(200_000);

    refused(Command.of("true", long128), "arguments and environment take 2");
    refused(Command.of("true", long128), "hand what is long over through its standard input");
  }

  @Test
  void relativeProgramsAreThoseOfTheChildsFolder() throws Exception {
    executable("here", "#!/bin/sh\necho found\n");
    var inFolder = Command.of("./here").withDirectory(folder);
    var byPath = Command.of("here").withDirectory(folder).withVariable("PATH", ".");

    assertEquals("found\n", Subprocess.run(inFolder, null).output());
    assertEquals("found\n", Subprocess.run(byPath, null).output());
  }

  @Test
  void wrongCommandsAreRefusedBeforeAnythingIsStarted() {
    wrong("a command begins with a program", _ -> Command.of());
    wrong("a command begins with a program", _ -> Command.of(""));
    wrong("contains a character 0", _ -> Command.of("echo", "a\0b"));
    wrong("contains a character 0", command -> command.withVariable("A", "\0"));
    wrong("has no =", command -> command.withVariable("A=", "b"));
    wrong("only standard error can", command -> command.withInput(Stdio.OUTPUT));
    wrong("only standard input can", command -> command.withError(Stdio.text("")));
    wrong("outputBytes must be positive", command -> command.withOutputBytes(0));
    wrong("a descriptor's number is from 0", command -> command.withDescriptors(-1));
    wrong("a descriptor's number is from 0", command -> command.withInput(Stdio.descriptor(-1)));
    var closed =
        assertThrows(
            IllegalArgumentException.class,
            () -> Subprocess.run(Command.of("true").withDescriptors(1_000_000), null));
    assertEquals(
        "descriptor 1000000 is not open and cannot be handed to true", closed.getMessage());
  }

  private static void wrong(String words, Function<Command, Command> change) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> change.apply(Command.of("true")));
    assertTrue(refusal.getMessage().contains(words), refusal::getMessage);
  }

  @Test
  void aBuildersMistakesAreTheJdks() {
    assertThrows(
        IndexOutOfBoundsException.class, () -> Subprocess.start(new ProcessBuilder(List.of())));
    assertThrows(
        NullPointerException.class,
        () -> Subprocess.start(new ProcessBuilder("echo", (String) null)));
    assertThrows(IOException.class, () -> Subprocess.start(new ProcessBuilder("echo", "\0")));
  }

  @Test
  void aProcessWithoutDescriptorsSaysSo() throws Exception {
    var printed = JavaChild.run("ulimit -n 64", NoDescriptors.class);

    assertTrue(printed.contains("Too many open files; close what is not needed"), printed);
    assertTrue(printed.contains("works again: hello"), printed);
  }

  /// Opens all descriptors that it may.
  static final class NoDescriptors {

    private NoDescriptors() {}

    public static void main(String[] arguments) throws Exception {
      run(() -> {
        Subprocess.run("echo", "loaded");
        assertThrows(IOException.class, () -> Subprocess.run("/nowhere")); // loads its classes
        var pipes = new ArrayList<GreenPipe>();
        try {
          while (true) {
            pipes.add(Os.pipe());
          }
        } catch (IOException full) {
          try {
            Subprocess.run("echo", "hello");
          } catch (IOException refused) {
            System.out.println(refused.getMessage());
          }
        }
        for (var i = 0; i < 3; i++) { // room for some, and not for all
          pipes.removeLast().close();
          sleep();
          try {
            Subprocess.run("echo", "hello");
          } catch (IOException refused) {
            System.out.println(refused.getMessage());
          }
        }
        pipes.forEach(GreenPipe::close);
        sleep();
        System.out.print("works again: " + Subprocess.run("echo", "hello").output());
      });
    }
  }

  private static void refused(Command command, String words) throws Exception {
    run(() -> {
      Subprocess.run("true");
      var before = LeftBehind.descriptors();

      var failure =
          assertThrows(IOException.class, () -> Subprocess.run(command, Duration.ofSeconds(20)));
      var again = assertThrows(IOException.class, () -> Subprocess.popen(command));

      assertTrue(failure.getMessage().contains(words), failure::getMessage);
      assertEquals(failure.getMessage(), again.getMessage());
      LeftBehind.until("no descriptor is left", () -> LeftBehind.descriptors() <= before);
    });
  }
}
