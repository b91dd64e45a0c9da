package net.eventlet.bench;

import io.netty.util.Version;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Where and when figures were measured.
final class Machine {

  private Machine() {}

  /// {@return everything that the figures depend on, by name, in the order to show it}
  ///
  /// @param home the repository
  static Map<String, String> describe(Path home) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("commit", commit(home));
    facts.put(
        "date",
        LocalDateTime.now(ZoneOffset.UTC)
            .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")));
    facts.put(
        "JDK", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("CPU", cpus().size() + " × " + cpus().getFirst());
    facts.put("memory", field("/proc/meminfo", "MemTotal"));
    facts.put("load before", firstLine("/proc/loadavg"));
    facts.put("Go", output(home, "go", "version"));
    facts.put("C compiler", output(home, "gcc", "--version"));
    facts.put("Python", output(home, Peers.PYTHON, "--version"));
    facts.put("Eventlet (Python)", module(home, "eventlet"));
    facts.put("gevent", module(home, "gevent"));
    facts.put("Netty", netty());
    facts.values().removeIf(String::isEmpty);
    return facts;
  }

  /// {@return a short name for the state of the repository, such as `1a2b3c4d5e`, or
  /// `1a2b3c4d5e-changed` with work that is not committed}
  ///
  /// @param home the repository
  static String commit(Path home) {
    var commit = output(home, "git", "rev-parse", "--short=10", "HEAD");
    if (commit.isEmpty() || !commit.matches("[0-9a-f]+")) {
      return "uncommitted";
    }
    var changes = output(home, "git", "status", "--porcelain", "--", ".", ":!bench/results");
    return changes.isEmpty() ? commit : commit + "-changed";
  }

  /// {@return how busy the machine has been in the last minute: runnable threads}
  static double load() {
    return Double.parseDouble(firstWord(firstLine("/proc/loadavg")));
  }

  /// {@return resident memory of this process}
  static long residentBytes() {
    return residentBytes("self");
  }

  /// {@return resident memory of a process}
  ///
  /// @param pid of the process
  static long residentBytes(String pid) {
    return Long.parseLong(firstWord(field("/proc/" + pid + "/status", "VmRSS"))) * 1024;
  }

  /// {@return the model of each CPU of this machine}
  static List<String> cpus() {
    return lines("/proc/cpuinfo").stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .toList();
  }

  private static String module(Path home, String name) {
    var program = "import importlib.metadata as m; print(m.version('%s'))".formatted(name);
    return output(home, Peers.PYTHON, "-c", program);
  }

  private static String netty() {
    var version = Version.identify().get("netty-transport");
    return version == null ? "" : version.artifactVersion();
  }

  /// First line of what a command prints; empty if it fails.
  private static String output(Path folder, String... command) {
    try {
      var process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      try (var reader = process.inputReader()) {
        var line = reader.readLine();
        reader.transferTo(Writer.nullWriter());
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 && line != null
            ? line
            : "";
      }
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String field(String file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(file + " has no " + name));
  }

  private static String firstWord(String line) {
    var end = line.indexOf(' ');
    return end < 0 ? line : line.substring(0, end);
  }

  private static String firstLine(String file) {
    return lines(file).getFirst();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read; is this Linux?", e);
    }
  }
}
