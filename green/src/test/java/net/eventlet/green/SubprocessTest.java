package net.eventlet.green;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.eventlet.Eventlet.listen;
import static net.eventlet.Eventlet.run;
import static net.eventlet.Eventlet.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.eventlet.GreenPool;
import net.eventlet.GreenSocket;
import net.eventlet.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubprocessTest {

  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  // ---------------------------------------------------------------------------------------- run

  @Test
  void whatACommandPrintsComesBackWithItsStatus() throws Exception {
    var done = run(() -> Subprocess.run("sh", "-c", "echo out; echo err >&2; exit 3"));

    assertEquals("out\n", done.output());
    assertEquals("err\n", done.error());
    assertArrayEquals(new byte[] {'o', 'u', 't', '\n'}, done.outputBytes());
    assertEquals(3, done.status());
  }

  @Test
  void itWorksOffAHubAsWell() throws Exception {
    assertEquals("out\n", Subprocess.run("echo", "out").output());
  }

  @Test
  void aStatusOtherThanZeroIsAnErrorToWhoAsks() throws Exception {
    var done = Subprocess.run("sh", "-c", "echo no route >&2; exit 3");
    var killed = Subprocess.run("sh", "-c", "kill -9 $$");

    var failure = assertThrows(CalledProcessError.class, done::check);
    var end = assertThrows(CalledProcessError.class, killed::check);

    assertEquals(
        "sh -c 'echo no route >&2; exit 3' exited with status 3: no route", failure.getMessage());
    assertSame(done, failure.completed());
    assertEquals("sh -c 'kill -9 $$' was ended by signal 9", end.getMessage());
    assertEquals(137, end.status());
  }

  @Test
  void checkOutputIsAllThatIsPrinted() throws Exception {
    assertEquals("a b\n", Subprocess.checkOutput("echo", "a b"));
    assertThrows(CalledProcessError.class, () -> Subprocess.checkOutput("false"));
  }

  @Test
  void theHubGoesOnWhileACommandRuns() throws Exception {
    assertEquals(0, Ticker.during(() -> Subprocess.run("sleep", "0.3").status()));
  }

  @Test
  void aHundredRunAtOnce() throws Exception {
    var names = IntStream.range(0, 300).mapToObj(Integer::toString).toList();

    var printed =
        run(() -> {
          try (var pool = new GreenPool(100);
              var results =
                  pool.imap(name -> Subprocess.checkOutput("echo", name).strip(), names)) {
            var all = new ArrayList<String>();
            results.forEach(all::add);
            return all;
          }
        });

    assertEquals(names, printed);
  }

  @Test
  void inputIsRead() throws Exception {
    var done = Subprocess.run(Command.of("sort").withInput("b\na\nü\n"), LATE);

    assertEquals("a\nb\nü\n", done.output());
  }

  @Test
  void withoutInputThereIsNone() throws Exception {
    assertEquals("", Subprocess.run("cat").output());
  }

  @Test
  void muchOnBothPipesAtOnceHoldsNobodyUp() throws Exception {
    var script = "head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero";

    var done = run(() -> Subprocess.run("sh", "-c", script));

    assertEquals(3_000_000, done.outputBytes().length);
    assertEquals(3_000_000, done.errorBytes().length);
  }

  @Test
  void oneThatPrintsTooMuchIsEndedAndSaysSo() throws Exception {
    for (var stream : List.of("", " >&2")) {
      var flood = Command.shell("exec yes flood" + stream).withOutputBytes(100_000);

      var failure =
          assertThrows(
              IOException.class,
              () ->
                  Ticker.during(() -> {
                    Subprocess.run("sleep", "0.15");
                    return Subprocess.run(flood, LATE);
                  }));

      assertTrue(failure.getMessage().contains("100,000 bytes"), failure::getMessage);
    }
    nothingIsLeftOf("yes flood");
  }

  @Test
  void oneThatTakesTooLongIsEndedWithAllThatItStarted() throws Exception {
    var script = "trap '' TERM; echo begun; sleep 41.5 & sleep 41.5; wait";

    var failure =
        assertThrows(
            TimeoutExpired.class,
            () -> Ticker.during(() -> Subprocess.run(Command.shell(script), SOON)));

    assertEquals("begun\n", failure.output());
    assertEquals(SOON, failure.limit());
    assertTrue(failure.getMessage().endsWith("did not end within 0.2 s"), failure::getMessage);
    nothingIsLeftOf("sleep 41.5");
  }

  @Test
  void oneThatLeavesAGrandchildWithThePipeRunsOutOfTime() throws Exception {
    var failure =
        assertThrows(
            TimeoutExpired.class,
            () ->
                Ticker.during(
                    () -> Subprocess.run(Command.shell("sleep 42.5 & echo done; exit 4"), SOON)));

    assertEquals("done\n", failure.output());
    assertTrue(
        failure.getMessage().contains("ended with status 4, but something that it started held"),
        failure::getMessage);
    nothingIsLeftOf("sleep 42.5");
  }

  @Test
  void aTimeoutOrAKillTakesTheChildAlong() throws Exception {
    run(() -> {
      assertFalse(Timeout.run(SOON, () -> Subprocess.run("sleep", "43.5")));

      var victim = spawn(() -> Subprocess.run("sleep", "43.5"));
      LeftBehind.until("a child", () -> !LeftBehind.mentioning("sleep 43.5").isEmpty());
      victim.kill();
    });

    nothingIsLeftOf("sleep 43.5");
  }

  @Test
  void theEndOfTheHubTakesTheChildAlong() throws Exception {
    run(() -> {
      spawn(() -> Subprocess.run("sleep", "44.5"));
      LeftBehind.until("a child", () -> !LeftBehind.mentioning("sleep 44.5").isEmpty());
    });

    nothingIsLeftOf("sleep 44.5");
  }

  // -------------------------------------------------------------------------------- what it gets

  @Test
  void itWorksWhereItIsTold() throws Exception {
    var command = Command.of("pwd").withDirectory(folder);

    assertEquals(folder.toRealPath() + "\n", Subprocess.run(command, LATE).output());
  }

  @Test
  void itsEnvironmentIsOursAndWhatIsAdded() throws Exception {
    var script = Command.of("sh", "-c", "echo \"$HOME $ADDED\"");

    var added = Subprocess.run(script.withVariable("ADDED", "ä"), LATE);
    var changed = Subprocess.run(script.withVariable("HOME", "/nowhere"), LATE);
    var only = Subprocess.run(Command.of("env").withOnlyVariables(Map.of("A", "b")), LATE);

    assertEquals(System.getenv("HOME") + " ä\n", added.output());
    assertEquals("/nowhere \n", changed.output());
    assertEquals("A=b\n", only.output());
  }

  @Test
  void itsStreamsMayBeFiles() throws Exception {
    var from = Files.writeString(folder.resolve("from"), "first\n");
    var to = folder.resolve("to");
    var copy = Command.of("cat").withInput(Stdio.file(from)).withOutput(Stdio.file(to));

    assertEquals("", Subprocess.run(copy, LATE).check().output());
    Subprocess.run(copy, LATE).check();
    assertEquals("first\n", Files.readString(to));
    Subprocess.run(copy.withOutput(Stdio.append(to)), LATE).check();
    assertEquals("first\nfirst\n", Files.readString(to));
  }

  @Test
  void itsErrorsMayGoWithItsOutputOrNowhere() throws Exception {
    var script = Command.shell("echo out; echo err >&2; echo more");

    assertEquals("out\nerr\nmore\n", Subprocess.run(script.withError(Stdio.OUTPUT), LATE).output());
    assertEquals("", Subprocess.run(script.withError(Stdio.NULL), LATE).error());
  }

  @Test
  void itGetsOnlyTheDescriptorsThatItIsGiven() throws Exception {
    try (var first = Os.pipe();
        var second = Os.pipe()) {
      var list = Command.of("ls", "/proc/self/fd");
      var given = list.withDescriptors(second.sink().fileno(), first.sink().fileno());
      var write =
          Command.shell("echo to-3 >&3; echo to-4 >&4")
              .withDescriptors(second.sink().fileno(), first.sink().fileno());

      assertEquals("0 1 2 3", words(Subprocess.run(list, LATE).output())); // 3: the folder's
      assertEquals("0 1 2 3 4 5", words(Subprocess.run(given, LATE).output()));
      Subprocess.run(write, LATE).check();

      assertEquals("to-3", line(second.source()));
      assertEquals("to-4", line(first.source()));
    }
  }

  @Test
  void listenersAreHandedDown() throws Exception {
    run(() -> {
      try (var listener = listen(new InetSocketAddress("127.0.0.1", 0))) {
        var script = "readlink /proc/self/fd/3; readlink /proc/self/fd/0";
        var command =
            Command.shell(script)
                .withDescriptors(listener.fileno())
                .withInput(Stdio.descriptor(listener.fileno()));

        var links = Subprocess.run(command, LATE).output().lines().toList();

        assertTrue(links.getFirst().startsWith("socket:"), links::toString);
        assertEquals(links.getFirst(), links.getLast());
      }
    });
  }

  @Test
  void aControlSocketTalksToAChild() throws Exception {
    run(() -> {
      var pair = Os.socketPair();
      try (var near = pair.getFirst();
          var child = answeringAt(pair.getLast())) {
        near.getOutputStream().write("stop\n".getBytes(UTF_8));

        assertEquals("got stop", near.readLine());
        assertEquals(0, child.waitFor());
        assertNull(near.readLine());
      }
    });
  }

  private static Subprocess answeringAt(GreenSocket socket) throws IOException {
    try (socket) {
      return Subprocess.popen(
          Command.shell("until read word <&3; do sleep 0.01; done; echo \"got $word\" >&3")
              .withDescriptors(socket.fileno()));
    }
  }

  @Test
  void itLeadsAGroupOrASessionOrNeither() throws Exception {
    var script = "cut -d' ' -f5,6 /proc/$$/stat; echo $$";

    var own = Subprocess.run(Command.shell(script), LATE).output().split("\\s+");
    var session =
        Subprocess.run(Command.shell(script).withGroup(ProcessGroup.SESSION), LATE)
            .output()
            .split("\\s+");
    var same =
        Subprocess.run(Command.shell(script).withGroup(ProcessGroup.SAME), LATE)
            .output()
            .split("\\s+");

    assertEquals(own[2], own[0]);
    assertFalse(own[2].equals(own[1]));
    assertEquals(session[2], session[0]);
    assertEquals(session[2], session[1]);
    assertFalse(same[2].equals(same[0]));
    assertEquals(own[1], same[1]);
  }

  @Test
  void signalsAreAsAProgramExpectsThem() throws Exception {
    var status = Subprocess.run("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status").output();

    assertTrue(status.contains("SigBlk:\t0000000000000000"), status);
    assertEquals(
        0, Long.parseLong(status.replaceAll("(?s).*SigIgn:\t(\\w+).*", "$1"), 16) & 1L << 12);
  }

  // --------------------------------------------------------------------------------- popen

  @Test
  void oneCanTalkToAChild() throws Exception {
    Ticker.during(() -> {
      try (var child =
          Subprocess.popen("sh", "-c", "while read a; do sleep 0.1; echo got $a; done")) {
        var to = child.outputWriter();
        var from = child.inputReader();
        for (var word : List.of("one", "two")) {
          to.write(word + "\n");
          to.flush();
          assertEquals("got " + word, from.readLine());
        }
        to.close();

        assertEquals(0, child.waitFor());
        assertNull(from.readLine());
      }
    });
  }

  @Test
  void communicateWritesAndReadsAtOnce() throws Exception {
    var much = "x".repeat(1_000_000);

    var done =
        run(() -> {
          try (var child = Subprocess.popen("cat")) {
            return child.communicate(much.getBytes(UTF_8), LATE);
          }
        });

    assertEquals(much, done.output());
  }

  @Test
  void communicateCanBeCalledAgainAfterItsTimeRanOut() throws Exception {
    try (var child =
        Subprocess.popen("sh", "-c", "echo one; read _; sleep 0.3; echo two; exit 5")) {
      var failure =
          assertThrows(
              TimeoutExpired.class,
              () -> child.communicate("\n".getBytes(UTF_8), Duration.ofMillis(100)));
      assertTrue("one\n".startsWith(failure.output()), failure::output);

      var done = child.communicate();

      assertEquals("one\ntwo\n", done.output());
      assertEquals(5, done.status());
    }
  }

  @Test
  void aPlainThreadSeesTheEnd() throws Exception {
    try (var child = Subprocess.popen("sh", "-c", "read _; exit 7")) {
      assertTrue(child.isAlive());
      assertThrows(IllegalThreadStateException.class, child::exitValue);
      assertFalse(child.waitFor(10, TimeUnit.MILLISECONDS));
      var exit = child.onExit();

      child.getOutputStream().close();

      assertEquals(7, child.waitFor());
      assertEquals(7, child.exitValue());
      assertFalse(child.isAlive());
      assertSame(child, exit.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aChildOutlivesItsHub() throws Exception {
    var child = run(() -> Subprocess.popen("sh", "-c", "read _; exit 7"));
    try (child) {
      child.getOutputStream().close();

      assertEquals(7, child.waitFor());
    }
  }

  @Test
  void destroyAsksAndDestroyForciblyInsists() throws Exception {
    try (var stubborn =
            Subprocess.popen("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.01; done");
        var willing =
            Subprocess.popen("sh", "-c", "trap 'exit 9' TERM; echo ready; sleep 45.5 & wait")) {
      assertEquals("ready", stubborn.inputReader().readLine());
      assertEquals("ready", willing.inputReader().readLine());

      stubborn.destroy();
      willing.destroy();

      assertEquals(9, willing.waitFor());
      assertFalse(stubborn.waitFor(50, TimeUnit.MILLISECONDS));
      assertEquals(137, stubborn.destroyForcibly().waitFor());
    }
    nothingIsLeftOf("sleep 45.5");
  }

  @Test
  void closingEndsWhatTheChildHasLeftBehind() throws Exception {
    try (var child = Subprocess.popen("sh", "-c", "sleep 46.5 & exit 0")) {
      assertEquals(0, child.waitFor());
      assertEquals(1, LeftBehind.mentioning("sleep 46.5").size());
    }

    nothingIsLeftOf("sleep 46.5");
  }

  @Test
  void aHandleSeesTheEndAndEndsTheChild() throws Exception {
    try (var child = Subprocess.popen("sleep", "47.5")) {
      var handle = child.toHandle();
      assertEquals(child.pid(), handle.pid());
      assertTrue(handle.isAlive());
      assertEquals(ProcessHandle.current(), handle.parent().orElseThrow());
      assertTrue(handle.info().command().orElseThrow().endsWith("sleep"), handle::toString);
      assertEquals(handle, child.toHandle());
      assertEquals(0, handle.compareTo(ProcessHandle.of(child.pid()).orElseThrow()));

      assertTrue(handle.destroy());

      assertSame(handle, handle.onExit().get(20, TimeUnit.SECONDS));
      assertEquals(143, child.exitValue());
      assertFalse(handle.isAlive());
      assertFalse(handle.destroyForcibly());
      assertTrue(child.info().command().isEmpty());
    }
  }

  @Test
  void aBuildersChildIsAsTheJdksOwn() throws Exception {
    var builder = new ProcessBuilder("sh", "-c", "cat; pwd; echo $NAME; echo err >&2; exit 3");
    builder.environment().put("NAME", "value");
    builder.directory(folder.toFile()).redirectErrorStream(true);
    var stock = builder.start();
    stock.getOutputStream().close();
    var expected = new String(stock.getInputStream().readAllBytes(), UTF_8);

    try (var child = Subprocess.start(builder)) {
      child.getOutputStream().close();

      assertEquals(expected, new String(child.getInputStream().readAllBytes(), UTF_8));
      assertEquals(stock.waitFor(), child.waitFor());
      assertEquals(-1, child.getErrorStream().read());
    }
  }

  @Test
  void aBuildersRedirectsAreKept() throws Exception {
    var from = Files.writeString(folder.resolve("from"), "text\n").toFile();
    var to = folder.resolve("to");
    var builder =
        new ProcessBuilder("cat")
            .redirectInput(from)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(to.toFile()))
            .redirectError(ProcessBuilder.Redirect.DISCARD);

    for (var i = 0; i < 2; i++) {
      try (var child = Subprocess.start(builder)) {
        assertEquals(0, child.waitFor());
      }
    }

    assertEquals("text\ntext\n", Files.readString(to));
  }

  @Test
  void whatNobodyReadsOrClosesIsGivenBackAtTheEnd() throws Exception {
    run(() -> {
      Subprocess.run("true");
      var before = LeftBehind.descriptors();

      var unread = Subprocess.popen("sh", "-c", "echo out; echo err >&2");
      unread.waitFor();
      LeftBehind.until("all are given back", () -> LeftBehind.descriptors() <= before);

      assertEquals("out\n", new String(unread.getInputStream().readAllBytes(), UTF_8));
      assertEquals(4, unread.getErrorStream().available());
      assertEquals("err", unread.errorReader().readLine());
      assertThrows(IOException.class, () -> unread.getOutputStream().write(1));
    });
  }

  private static void nothingIsLeftOf(String words) {
    LeftBehind.until("no " + words, () -> LeftBehind.mentioning(words).isEmpty());
    LeftBehind.until("no child", () -> LeftBehind.children().isEmpty());
  }

  private static String words(String lines) {
    return String.join(" ", lines.lines().sorted().toList());
  }

  private static String line(GreenInputStream stream) throws IOException {
    var line = new StringBuilder();
    for (var next = stream.read(); next != '\n'; next = stream.read()) {
      line.append((char) next);
    }
    return line.toString();
  }
}
