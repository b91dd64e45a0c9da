package net.eventlet.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.eventlet.Eventlet;
import net.eventlet.GreenThreadExit;
import net.eventlet.hubs.Hub;

/// Runs a program's `main` as a green thread: what `bin/eventlet` starts.
public final class Main {

  private Main() {}

  /// Runs a program, and ends as `java` would: with status 1 and a stack trace if its `main`
  /// throws.
  ///
  /// @param args `run`; a source file, a folder of them, or a class; and the program's own
  ///   arguments
  /// @throws Exception what the program's `main` throws
  public static void main(String[] args) throws Exception {
    if (args.length < 2 || !args[0].equals("run")) {
      System.err.println("usage: eventlet run FILE.java|FOLDER|CLASS [ARG...]");
      System.exit(2);
    }
    try {
      run(find(args[1]), Arrays.copyOfRange(args, 2, args.length));
    } catch (LaunchException e) {
      System.err.println("eventlet: " + e.getMessage());
      System.exit(1);
    }
  }

  private static EntryPoint find(String program)
      throws LaunchException, IOException, ClassNotFoundException {
    var path = Path.of(program);
    if (program.endsWith(".java")) {
      return SourceProgram.ofFile(path);
    }
    try {
      return EntryPoint.of(Class.forName(program, false, ClassLoader.getSystemClassLoader()))
          .orElseThrow(() ->
              new LaunchException(
                  "class %s has no main: %s".formatted(program, EntryPoint.WHAT_COUNTS)));
    } catch (ClassNotFoundException e) {
      if (Files.isDirectory(path)) {
        return SourceProgram.ofFolder(path);
      }
      throw new LaunchException(
          "%s is neither a .java file, nor a class on the class path, nor a folder"
              .formatted(program));
    }
  }

  private static void run(EntryPoint program, String[] args) throws Exception {
    var unwinding = new Unwinding();
    Thread.currentThread().setContextClassLoader(program.loader());
    System.setProperty("eventlet.launched", "true"); // Eventlet.run in main finds that it runs
    try {
      Eventlet.run(() -> {
        unwinding.unwindOnSignal(Hub.current());
        program.call(args);
      });
    } catch (GreenThreadExit e) {
      if (!unwinding.begun()) {
        throw e;
      }
    }
  }
}
