package net.eventlet.green;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs programs, each in a JVM of its own, with the flags of this one.
final class JavaChild {

  private JavaChild() {}

  /// {@return the words that start a program}
  ///
  /// @param program has a `main`
  static List<String> command(Class<?> program) {
    var words = new ArrayList<String>();
    words.add(System.getProperty("java.home") + "/bin/java");
    words.addAll(List.of(System.getProperty("eventlet.flags").strip().split("\\s+")));
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    words.add(program.getName());
    return words;
  }

  /// {@return what a program prints}
  ///
  /// @param setUp what the shell does first; the program is its `"$@"`
  /// @param program has a `main`
  static String run(String setUp, Class<?> program) throws Exception {
    var script = setUp.contains("$@") ? setUp : setUp + "; exec \"$@\"";
    var command = Command.shell(script, command(program).toArray(String[]::new));
    return Subprocess.run(command, Duration.ofSeconds(60)).check().output();
  }
}
