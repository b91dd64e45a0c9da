package stranger.libraries;

import java.util.Arrays;

/// Runs libraries in turn, in a program that was patched as a whole.
///
/// Prints a line for each: name, most at once, new platform threads, milliseconds, answers.
public final class PatchedLibraries {

  private PatchedLibraries() {}

  /// Runs them.
  ///
  /// @param args how many operations at once, and for each library its name and its server's port
  public static void main(String[] args) throws Exception {
    var count = Integer.parseInt(args[0]);
    for (var each : Arrays.asList(args).subList(1, args.length)) {
      var name = each.substring(0, each.indexOf(':'));
      var port = Integer.parseInt(each.substring(each.indexOf(':') + 1));
      var operation =
          (Operation)
              Class.forName("stranger.libraries." + name + "Operation")
                  .getConstructor()
                  .newInstance();
      var outcome = AtOnce.run(operation, port, count);
      System.out.printf(
          "%s %d %d %d %s%n",
          name,
          outcome.mostAtOnce(),
          outcome.newThreads(),
          outcome.millis(),
          String.join("|", outcome.answers()));
    }
    System.exit(0); // what libraries keep for later does not matter
  }
}
