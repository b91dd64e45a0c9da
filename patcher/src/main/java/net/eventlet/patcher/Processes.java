package net.eventlet.patcher;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.StringTokenizer;
import net.eventlet.green.Subprocess;
import org.jspecify.annotations.Nullable;

/// What patched code calls in place of [ProcessBuilder#start()] and [Runtime#exec(String[])]: on a
/// hub, a child whose pipes and whose end are waited for there.
public final class Processes {

  private Processes() {}

  /// {@return a child, as [ProcessBuilder#start()]}
  ///
  /// @param builder says what it is
  /// @throws IOException if it cannot be started
  public static Process start(ProcessBuilder builder) throws IOException {
    return Caller.hub() == null ? builder.start() : Subprocess.start(builder);
  }

  /// {@return a child, as [Runtime#exec(String)]}
  ///
  /// @param runtime of the JVM
  /// @param command words with spaces between them
  /// @throws IOException if it cannot be started
  public static Process exec(Runtime runtime, String command) throws IOException {
    return exec(runtime, words(command), null, null);
  }

  /// {@return a child, as [Runtime#exec(String, String[])]}
  ///
  /// @param runtime of the JVM
  /// @param command words with spaces between them
  /// @param environment each a name, `=` and a value; null for what this process has
  /// @throws IOException if it cannot be started
  public static Process exec(Runtime runtime, String command, String @Nullable [] environment)
      throws IOException {
    return exec(runtime, words(command), environment, null);
  }

  /// {@return a child, as [Runtime#exec(String, String[], File)]}
  ///
  /// @param runtime of the JVM
  /// @param command words with spaces between them
  /// @param environment each a name, `=` and a value; null for what this process has
  /// @param folder where it works; null for where this process does
  /// @throws IOException if it cannot be started
  public static Process exec(
      Runtime runtime, String command, String @Nullable [] environment, @Nullable File folder)
      throws IOException {
    return exec(runtime, words(command), environment, folder);
  }

  /// {@return a child, as [Runtime#exec(String[])]}
  ///
  /// @param runtime of the JVM
  /// @param words the program and its arguments
  /// @throws IOException if it cannot be started
  public static Process exec(Runtime runtime, String[] words) throws IOException {
    return exec(runtime, words, null, null);
  }

  /// {@return a child, as [Runtime#exec(String[], String[])]}
  ///
  /// @param runtime of the JVM
  /// @param words the program and its arguments
  /// @param environment each a name, `=` and a value; null for what this process has
  /// @throws IOException if it cannot be started
  public static Process exec(Runtime runtime, String[] words, String @Nullable [] environment)
      throws IOException {
    return exec(runtime, words, environment, null);
  }

  /// {@return a child, as [Runtime#exec(String[], String[], File)]}
  ///
  /// @param runtime of the JVM
  /// @param words the program and its arguments
  /// @param environment each a name, `=` and a value; null for what this process has
  /// @param folder where it works; null for where this process does
  /// @throws IOException if it cannot be started
  public static Process exec(
      Runtime runtime, String[] words, String @Nullable [] environment, @Nullable File folder)
      throws IOException {
    if (Caller.hub() == null || words.length == 0) {
      return runtime.exec(words, environment, folder);
    }
    var builder = new ProcessBuilder(words).directory(folder);
    if (environment != null) {
      builder.environment().clear();
      for (var variable : Arrays.asList(environment)) {
        var equals = variable.indexOf('=', 1);
        if (equals > 0) { // the JDK ignores others, too
          builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
      }
    }
    return start(builder);
  }

  private static String[] words(String command) {
    if (command.isEmpty()) {
      throw new IllegalArgumentException("Empty command");
    }
    return Collections.list(new StringTokenizer(command)).toArray(String[]::new);
  }
}
