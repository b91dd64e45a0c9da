package net.eventlet.wsgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.eventlet.GreenSocket;

/// How many descriptors the process may have, of which a server leaves some: to tell clients that
/// there is no room, and for the application's files.
///
/// @param most that may be open at once
record Descriptors(int most) {

  private static final int RESERVE_MAX = 64;

  static Descriptors ofThisProcess() {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split(" +", -1)[3])
          .filter(limit -> limit.matches("\\d{1,9}"))
          .map(limit -> new Descriptors(Integer.parseInt(limit)))
          .findFirst()
          .orElse(new Descriptors(Integer.MAX_VALUE));
    } catch (IOException unknown) {
      return new Descriptors(Integer.MAX_VALUE); // then accepting waits for one, as every `accept`
    }
  }

  /// {@return whether few are left: a new one has the lowest number that is free}
  boolean isScarce(GreenSocket newest) throws IOException {
    return newest.fileno() >= most - Math.min(RESERVE_MAX, most / 16);
  }
}
