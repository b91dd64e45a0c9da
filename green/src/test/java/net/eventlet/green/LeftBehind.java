package net.eventlet.green;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import net.eventlet.Eventlet;
import org.junit.jupiter.api.Assertions;

/// What is left behind: descriptors of this process, and processes under it.
final class LeftBehind {

  private LeftBehind() {}

  /// {@return how many descriptors this process has open}
  static long descriptors() {
    try (var entries = Files.list(Path.of("/proc/self/fd"))) {
      return entries.count() - 1; // that of the folder
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// {@return the commands of this process's children, zombies among them}
  static List<String> children() {
    return ProcessHandle.current().children().map(LeftBehind::describe).toList();
  }

  private static String describe(ProcessHandle process) {
    return process.pid() + " " + process.info().command().orElse("(zombie)");
  }

  /// {@return the processes anywhere that have a word among their arguments}
  ///
  /// @param word that nothing else has
  static List<String> mentioning(String word) {
    try (var folders = Files.list(Path.of("/proc"))) {
      return folders
          .filter(folder -> folder.getFileName().toString().matches("\\d+"))
          .flatMap(LeftBehind::commandLine)
          .filter(line -> line.contains(word))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<String> commandLine(Path folder) {
    try {
      return Stream.of(
          folder.getFileName()
              + " "
              + Files.readString(folder.resolve("cmdline")).replace('\0', ' '));
    } catch (IOException gone) {
      return Stream.empty();
    }
  }

  /// Waits until something holds.
  static void until(String what, BooleanSupplier condition) {
    var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        Assertions.fail("10 seconds went by without this: " + what);
      }
      Eventlet.sleep(Duration.ofMillis(1));
    }
  }
}
