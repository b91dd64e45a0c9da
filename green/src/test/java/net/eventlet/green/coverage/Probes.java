package net.eventlet.green.coverage;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Calls that are made to wait, for the rows of the table.
final class Probes {

  static final List<Probe> ALL =
      Stream.of(ThreadProbes.ALL, SocketProbes.ALL).flatMap(List::stream).toList();

  /// Groups of which no call can be made to wait for as long as a test likes, and why not.
  static final Map<String, String> WITHOUT = Map.ofEntries(
Map.entry("archives", "not yet"),
Map.entry("asynchronous files", "not yet"),
Map.entry("certificate checks", "not yet"),
Map.entry("classes", "not yet"),
Map.entry("computes", "not yet"),
Map.entry("console", "not yet"),
Map.entry("driver manager", "not yet"),
Map.entry("exit", "not yet"),
Map.entry("file channels", "not yet"),
Map.entry("file locks", "not yet"),
Map.entry("file streams", "not yet"),
Map.entry("files", "not yet"),
Map.entry("handed in", "not yet"),
Map.entry("http client", "not yet"),
Map.entry("http server", "not yet"),
Map.entry("interfaces", "not yet"),
Map.entry("jdbc", "not yet"),
Map.entry("linger", "not yet"),
Map.entry("locales", "not yet"),
Map.entry("logging", "not yet"),
Map.entry("mapped files", "not yet"),
Map.entry("memory", "not yet"),
Map.entry("moments", "not yet"),
Map.entry("names", "not yet"),
Map.entry("naming", "not yet"),
Map.entry("native frames", "not yet"),
Map.entry("process end", "not yet"),
Map.entry("process start", "not yet"),
Map.entry("process table", "not yet"),
Map.entry("reachable", "not yet"),
Map.entry("rmi", "not yet"),
Map.entry("security", "not yet"),
Map.entry("streams", "not yet"),
Map.entry("urls", "not yet"),
Map.entry("watching", "not yet"));

  private Probes() {}
}
