package net.eventlet.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What to run, how often and how long.
///
/// @param rows ids of rows; empty for all
/// @param only parts of contenders' names; empty for all
/// @param rounds how often each contender of a row has its turn
/// @param warmup of a server on the JVM, before counting begins; others get a second of it
/// @param counting how long each server is measured
/// @param crowd how long ten thousand connections send a line a second
/// @param cpu where programs and servers run
/// @param loadCpu where the load comes from
/// @param out where the results go, if not where [Compare] puts them
record Options(
    List<String> rows,
    List<String> only,
    int rounds,
    Duration warmup,
    Duration counting,
    Duration crowd,
    int cpu,
    int loadCpu,
    Optional<Path> out) {

  static final String HELP =
      """
      make bench ARGS="[ROW …] [OPTION …]"     rows side by side; all of them if none is named
      make bench ARGS="NAME…Benchmark [JMH OPTION …]"

      rows: %s

        --rounds 5           how often each contender has its turn
        --warmup 5           seconds of load before counting begins, for servers on the JVM
        --seconds 5          seconds of counting, for servers
        --crowd-seconds 60   how long ten thousand connections send a line a second
        --quick              1 round, 2 seconds each, 10 for the crowd: only to see that it runs
        --only TEXT,TEXT     contenders whose names contain one of these
        --cpu 0              where programs and servers run
        --load-cpu 1         where the load comes from
        --out FOLDER         where the results go: bench/results after a full run, otherwise
                             bench/target/results
      """;

  /// {@return the options in a command line}
  ///
  /// @param arguments of the program
  /// @throws IllegalArgumentException if there is one that is not known, or a number is missing
  static Options parse(List<String> arguments) {
    var rows = new ArrayList<String>();
    var only = new ArrayList<String>();
    var rounds = 5;
    var warmup = 5.0;
    var counting = 5.0;
    var crowd = 60.0;
    var cpu = 0;
    var loadCpu = 1;
    var out = Optional.<Path>empty();
    for (var rest = arguments.iterator(); rest.hasNext(); ) {
      var argument = rest.next();
      switch (argument) {
        case "--rounds" -> rounds = (int) number(argument, rest.next(), 1, 100);
        case "--warmup" -> warmup = number(argument, rest.next(), 0, 600);
        case "--seconds" -> counting = number(argument, rest.next(), 0.1, 600);
        case "--crowd-seconds" -> crowd = number(argument, rest.next(), 1, 3600);
        case "--cpu" -> cpu = (int) number(argument, rest.next(), 0, 1023);
        case "--load-cpu" -> loadCpu = (int) number(argument, rest.next(), 0, 1023);
        case "--only" -> only.addAll(List.of(rest.next().split(",")));
        case "--out" -> out = Optional.of(Path.of(rest.next()));
        case "--quick" -> {
          rounds = 1;
          warmup = 2;
          counting = 2;
          crowd = 10;
        }
        default -> {
          if (argument.startsWith("-")) {
            throw new IllegalArgumentException(
                argument + " is not an option; --help lists those that are");
          }
          rows.add(argument);
        }
      }
    }
    return new Options(
        rows, only, rounds, seconds(warmup), seconds(counting), seconds(crowd), cpu, loadCpu, out);
  }

  /// {@return whether this asks for everything, so that the results are worth keeping}
  boolean complete() {
    return rows.isEmpty() && only.isEmpty() && rounds >= 3;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static double number(String option, String text, double least, double most) {
    try {
      var value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // the message below says it
    }
    throw new IllegalArgumentException(
        "%s takes a number from %s to %s, not %s".formatted(option, least, most, text));
  }
}
