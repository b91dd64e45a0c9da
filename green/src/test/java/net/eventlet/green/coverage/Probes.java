package net.eventlet.green.coverage;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Calls that are made to wait, for the rows of the table.
final class Probes {

  static final List<Probe> ALL =
      Stream.of(
              LockProbes.ALL,
              QueueProbes.ALL,
              SocketProbes.ALL,
              FileProbes.ALL,
              ProcessProbes.ALL,
              LibraryProbes.ALL,
              RuntimeProbes.ALL)
          .flatMap(List::stream)
          .toList();

  /// Groups of which no call can be made to wait for as long as a test likes, and why not.
  static final Map<String, String> WITHOUT =
      Map.ofEntries(
          Map.entry(
              "certificate checks", "they ask by way of `urls` and `naming`, which are probed"),
          Map.entry("computes", "they do not wait"),
          Map.entry("driver manager", "it calls the driver"),
          Map.entry("exit", "it does not return"),
          Map.entry("handed in", "their bodies are the program's"),
          Map.entry("interfaces", "the kernel answers at once"),
          Map.entry("jdbc", "the drivers are tested against their servers"),
          Map.entry("locales", "they read files, as `files` does"),
          Map.entry("mapped files", "a disk cannot be told to be slow"),
          Map.entry("memory", "they do not wait"),
          Map.entry("moments", "a moment is all that they are held, with the locks of `locks`"),
          Map.entry("process table", "the kernel answers at once"),
          Map.entry("reachable", "a machine outside of this one would have to be asked"),
          Map.entry("security", "they read files, as `files` does"));

  private Probes() {}
}
