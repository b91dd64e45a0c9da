package net.eventlet.spawning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.eventlet.GreenServerSocket;
import net.eventlet.green.Command;
import net.eventlet.green.Os;
import net.eventlet.green.Stdio;
import net.eventlet.green.Subprocess;
import org.jspecify.annotations.Nullable;

/// Starts children: JVMs of the same version and with the same flags as the controller's, that
/// inherit the listening sockets.
///
/// They collect garbage with one thread, since a machine has several of them, and begin with a
/// small heap; `--java-option` overrides it.
///
/// @param options of the command line
/// @param applications where the application's classes are, asked for at each start
/// @param listeners which they accept on
record ChildStarter(Options options, Applications applications, List<GreenServerSocket> listeners)
    implements Controller.Starter {

  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmn8m",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:-UsePerfData");

  /// What the application is at the moment.
  @FunctionalInterface
  interface Applications {

    /// {@return names and class path}
    Named now();
  }

  /// An application by its name.
  ///
  /// @param names of classes: the application's, then that of each middleware
  /// @param classPath where they are; empty if with ours
  record Named(List<String> names, String classPath) {}

  @Override
  public Child start() throws IOException {
    var started = Instant.now();
    var application = applications.now();
    var pair = Os.socketPair();
    try (var theirs = pair.getLast()) {
      var descriptors =
          IntStream.concat(
                  IntStream.of(theirs.fileno()),
                  listeners.stream().mapToInt(ChildStarter::filenoOf))
              .toArray();
      var command =
          Command.of(words(application))
              .withDescriptors(descriptors)
              .withInput(Stdio.NULL)
              .withOutput(Stdio.INHERIT)
              .withError(Stdio.INHERIT);
      var child =
          new Child(new Handle.Started(Subprocess.popen(command)), pair.getFirst(), started);
      child.tell(settings(application).lines());
      return child;
    } catch (IOException | RuntimeException e) {
      pair.getFirst().close();
      throw e;
    }
  }

  private static int filenoOf(GreenServerSocket listener) {
    try {
      return listener.fileno();
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  private List<String> words(Named application) {
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of(System.getProperty("eventlet.flags", "").strip().split("\\s+")));
    words.addAll(SMALL);
    var cache = System.getProperty("eventlet.cache", "");
    if (!cache.isEmpty() && Files.exists(Path.of(cache))) {
      words.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
    }
    if (options.threads > 0) {
      words.add("-Deventlet.threadpool.size=" + options.threads);
    }
    words.addAll(options.javaOptions);
    words.add("-cp");
    var ours = System.getProperty("java.class.path");
    words.add(
        application.classPath.isEmpty()
            ? ours
            : String.join(java.io.File.pathSeparator, ours, application.classPath));
    words.add(Worker.class.getName());
    words.addAll(application.names);
    words.removeIf(String::isEmpty);
    return words;
  }

  private static String pathOf(@Nullable Path file) {
    return file == null ? "" : file.toAbsolutePath().toString();
  }

  private WorkerSettings settings(Named application) {
    return new WorkerSettings(
        options.factory == null ? "" : options.factory,
        application.names,
        listeners.size(),
        options.hubs,
        options.threads,
        !options.noKeepAlive,
        options.maxRequests,
        options.accessLog,
        options.accessLogSize == null ? 0 : options.accessLogSize.bytes(),
        options.healthPath,
        options.startTimeout,
        pathOf(options.certificate),
        pathOf(options.key == null ? options.certificate : options.key));
  }
}
