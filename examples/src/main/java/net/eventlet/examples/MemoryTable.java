package net.eventlet.examples;

import static net.eventlet.Eventlet.*;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.eventlet.Action;
import net.eventlet.green.Subprocess;

/// Prints and draws how many MB of memory a program takes which waits for so many things at once:
/// in green threads, in platform threads, in child processes. Both scales are logarithmic.
///
/// Run: `bin/eventlet run examples/src/main/java/net/eventlet/examples/MemoryTable.java PLOT.svg 10
/// 100 1000`
///
/// Source: the slides.
public final class MemoryTable {

  private static final String PLOT =
      """
      <svg xmlns='http://www.w3.org/2000/svg' viewBox='-70 -520 780 460' fill='none' stroke='gray'>
      <path d='M0-100H600M0-200H600M0-300H600M0-400H600M0-500H600'/>
      <text x='-65' y='-95'>10 MB</text><text x='-65' y='-295'>1 GB</text>
      %s</svg>
      """;

  private static final List<Process> CHILDREN = new ArrayList<>();

  /// A child without pipes: a process cannot hold tens of thousands of them.
  private static final ProcessBuilder SLEEPER =
      new ProcessBuilder("sleep", "600")
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD);

  public static void main(String... arguments) throws Exception {
    var counts = Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
    switch (arguments[0]) { // a kind: this is a process that draw() started
      case "green" -> measure(counts, () -> spawnN(MemoryTable::idle));
      case "platform" ->
          measure(counts, () -> Thread.ofPlatform().daemon().start(MemoryTable::idle));
      case "process" -> measure(counts, () -> CHILDREN.add(SLEEPER.start()));
      default -> draw(Path.of(arguments[0]), arguments);
    }
  }

  private static void idle() {
    sleep(Duration.ofMinutes(10));
  }

  private static void measure(int[] counts, Action start) throws Exception {
    try {
      for (int i = 0, started = 0; i < counts.length; i++) {
        for (; started < counts[i]; started++) {
          start.run();
        }
        sleep(Duration.ofMillis(200)); // they begin to wait
        var kilobytes = kilobytes("self");
        for (var child : CHILDREN) {
          kilobytes += kilobytes(String.valueOf(child.pid()));
        }
        IO.println(kilobytes / 1024.0);
      }
    } finally {
      CHILDREN.forEach(Process::destroyForcibly);
    }
  }

  private static long kilobytes(String process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", process, "smaps_rollup"))) {
      var share = lines.filter(line -> line.startsWith("Pss:")).findFirst().orElseThrow();
      return Long.parseLong(share.replaceAll("\\D", ""));
    }
  }

  private static void draw(Path plot, String[] arguments) throws Exception {
    var command = Files.readString(Path.of("/proc/self/cmdline")).split("\0");
    var lines = new StringBuilder();
    for (var kind : List.of("green", "platform", "process")) {
      command[command.length - arguments.length] = kind;
      var sizes = Subprocess.checkOutput(command).lines().toList();
      var points = new StringBuilder();
      for (var i = 0; i < sizes.size(); i++) {
        var size = Double.parseDouble(sizes.get(i));
        IO.println(
            "%,12d %-10s%,12.1f MB".formatted(Integer.valueOf(arguments[i + 1]), kind, size));
        var right = 100 * Math.log10(Integer.parseInt(arguments[i + 1]));
        points.append("%.0f,%.0f ".formatted(right, -100 * Math.log10(size)));
      }
      lines.append("<polyline points='%s'><title>%s</title></polyline>\n".formatted(points, kind));
    }
    Files.writeString(plot, PLOT.replace("%s", lines));
  }
}
