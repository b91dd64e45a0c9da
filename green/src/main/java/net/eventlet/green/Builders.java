package net.eventlet.green;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.HashMap;
import java.util.List;

/// What a `ProcessBuilder` of the JDK's says, as a [Command].
final class Builders {

  private Builders() {}

  /// {@return the same as a command, whose group is the starter's, as the JDK has it}
  ///
  /// @param builder from which `ProcessBuilder.start` would start
  /// @throws IndexOutOfBoundsException if its command is empty
  /// @throws NullPointerException if a word is null
  /// @throws IOException if a word contains a character 0
  static Command command(ProcessBuilder builder) throws IOException {
    var words = List.copyOf(builder.command());
    if (words.isEmpty()) {
      throw new IndexOutOfBoundsException("a ProcessBuilder's command begins with a program");
    }
    if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new IOException("invalid null character in command");
    }
    var variables = new HashMap<>(builder.environment());
    variables.remove("");
    var command =
        Command.of(words)
            .withOnlyVariables(variables)
            .withGroup(ProcessGroup.SAME)
            .withInput(stream(builder.redirectInput()))
            .withOutput(stream(builder.redirectOutput()))
            .withError(
                builder.redirectErrorStream() ? Stdio.OUTPUT : stream(builder.redirectError()));
    var folder = builder.directory();
    return folder == null ? command : command.withDirectory(folder.toPath());
  }

  private static Stdio stream(Redirect redirect) {
    return switch (redirect.type()) {
      case PIPE -> Stdio.PIPE;
      case INHERIT -> Stdio.INHERIT;
      case READ, WRITE -> Stdio.file(redirect.file().toPath());
      case APPEND -> Stdio.append(redirect.file().toPath());
    };
  }
}
