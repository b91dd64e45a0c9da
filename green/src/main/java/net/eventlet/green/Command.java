package net.eventlet.green;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import net.eventlet.GreenSocket;

/// A program to run in a child process, and all that it is started with.
///
/// Source: the arguments of `subprocess.Popen`.
///
/// @param words the program, by path or by name, and its arguments; no shell sees them
/// @param environment variables by name, besides those that are inherited
/// @param inheritsEnvironment whether the starter's variables are there too, unless `environment`
///   has them
/// @param directory where it works; empty for where the starter does. What is relative in `words`
///   and the `PATH` is so to it
/// @param input its standard input
/// @param output its standard output
/// @param error its standard error
/// @param descriptors of the starter's that it gets, the first one as 3, the next one as 4; all
///   others are closed in it
/// @param group to which it belongs
/// @param outputBytes most of its output that is kept, and as much of its errors
public record Command(
    List<String> words,
    Map<String, String> environment,
    boolean inheritsEnvironment,
    Optional<Path> directory,
    Stdio input,
    Stdio output,
    Stdio error,
    List<Integer> descriptors,
    ProcessGroup group,
    int outputBytes) {

  private static final int OUTPUT_BYTES = 64 * 1024 * 1024;

  /// Checks it.
  ///
  /// @throws IllegalArgumentException if there are no words, or if some of it cannot be given to a
  ///   process
  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
    descriptors = List.copyOf(descriptors);
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command begins with a program, and this has none");
    }
    for (var word : words) {
      requireNoZero("a word of " + words.getFirst(), word);
    }
    environment.forEach((name, value) -> {
      requireNoZero("the variable " + name, name + value);
      if (name.isEmpty() || name.contains("=")) {
        throw new IllegalArgumentException(
            "a variable's name is not empty and has no =: \"" + name + '"');
      }
    });
    if (input.equals(Stdio.OUTPUT) || output.equals(Stdio.OUTPUT)) {
      throw new IllegalArgumentException("only standard error can go where standard output goes");
    }
    if (output instanceof Stdio.Bytes || error instanceof Stdio.Bytes) {
      throw new IllegalArgumentException("only standard input can be bytes");
    }
    for (var fileno : descriptors) {
      if (fileno < 0) {
        throw new IllegalArgumentException("a descriptor's number is from 0: " + fileno);
      }
    }
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(group, "group");
    if (outputBytes <= 0) {
      throw new IllegalArgumentException("outputBytes must be positive: " + outputBytes);
    }
  }

  private static void requireNoZero(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          what + " contains a character 0, where the kernel would cut it off: " + text);
    }
  }

  /// {@return a command whose streams are pipes, and whose group is its own}
  ///
  /// @param words the program and its arguments
  public static Command of(String... words) {
    return of(List.of(words));
  }

  /// {@return a command whose streams are pipes, and whose group is its own}
  ///
  /// @param words the program and its arguments
  public static Command of(List<String> words) {
    return new Command(
        words,
        Map.of(),
        true,
        Optional.empty(),
        Stdio.PIPE,
        Stdio.PIPE,
        Stdio.PIPE,
        List.of(),
        ProcessGroup.OWN,
        OUTPUT_BYTES);
  }

  /// {@return a command that `/bin/sh` reads}
  ///
  /// @param script what it does
  /// @param arguments which it sees as `$1` and so on; what comes from strangers belongs here
  public static Command shell(String script, String... arguments) {
    var words = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    words.addAll(Arrays.asList(arguments));
    return of(words);
  }

  /// {@return this with one more variable in its environment, or another value of it}
  ///
  /// @param name of the variable
  /// @param value of it
  public Command withVariable(String name, String value) {
    var more = new HashMap<>(environment);
    more.put(name, value);
    return withVariables(more, inheritsEnvironment);
  }

  /// {@return this with an environment of these variables alone}
  ///
  /// @param variables by name
  public Command withOnlyVariables(Map<String, String> variables) {
    return withVariables(variables, false);
  }

  private Command withVariables(Map<String, String> variables, boolean inherits) {
    return new Command(
        words,
        variables,
        inherits,
        directory,
        input,
        output,
        error,
        descriptors,
        group,
        outputBytes);
  }

  /// {@return this, working somewhere else}
  ///
  /// @param folder where
  public Command withDirectory(Path folder) {
    return new Command(
        words,
        environment,
        inheritsEnvironment,
        Optional.of(folder),
        input,
        output,
        error,
        descriptors,
        group,
        outputBytes);
  }

  /// {@return this with another standard input}
  ///
  /// @param stream where it comes from
  public Command withInput(Stdio stream) {
    return withStreams(stream, output, error);
  }

  /// {@return this with a text as its standard input}
  ///
  /// @param text as UTF-8
  public Command withInput(String text) {
    return withInput(Stdio.text(text));
  }

  /// {@return this with another standard output}
  ///
  /// @param stream where it goes
  public Command withOutput(Stdio stream) {
    return withStreams(input, stream, error);
  }

  /// {@return this with another standard error}
  ///
  /// @param stream where it goes, such as [Stdio#OUTPUT]
  public Command withError(Stdio stream) {
    return withStreams(input, output, stream);
  }

  /// {@return this with the starter's own streams, in the starter's group: for what talks to a
  /// terminal}
  public Command withTerminal() {
    return withStreams(Stdio.INHERIT, Stdio.INHERIT, Stdio.INHERIT).withGroup(ProcessGroup.SAME);
  }

  private Command withStreams(Stdio newInput, Stdio newOutput, Stdio newError) {
    return new Command(
        words,
        environment,
        inheritsEnvironment,
        directory,
        newInput,
        newOutput,
        newError,
        descriptors,
        group,
        outputBytes);
  }

  /// {@return this with these descriptors handed down, as 3, 4 and so on}
  ///
  /// @param filenos their numbers here, where they stay open, such as [GreenSocket#fileno()] says
  public Command withDescriptors(int... filenos) {
    return new Command(
        words,
        environment,
        inheritsEnvironment,
        directory,
        input,
        output,
        error,
        Arrays.stream(filenos).boxed().toList(),
        group,
        outputBytes);
  }

  /// {@return this in another group of processes}
  ///
  /// @param other to which it belongs
  public Command withGroup(ProcessGroup other) {
    return new Command(
        words,
        environment,
        inheritsEnvironment,
        directory,
        input,
        output,
        error,
        descriptors,
        other,
        outputBytes);
  }

  /// {@return this with another bound on what is kept of its output, and of its errors}
  ///
  /// @param bytes at most
  public Command withOutputBytes(int bytes) {
    return new Command(
        words,
        environment,
        inheritsEnvironment,
        directory,
        input,
        output,
        error,
        descriptors,
        group,
        bytes);
  }

  /// {@return the words, as one would type them in a shell}
  @Override
  public String toString() {
    return words.stream().map(Command::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
