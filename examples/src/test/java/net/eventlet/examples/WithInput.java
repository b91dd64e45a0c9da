package net.eventlet.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Runs an example with a file as its standard input.
final class WithInput {

  private WithInput() {}

  /// @param arguments the file, the name of the example's class, and the example's own
  public static void main(String[] arguments) throws Exception {
    System.setIn(Files.newInputStream(Path.of(arguments[0])));
    Class.forName(arguments[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
  }
}
