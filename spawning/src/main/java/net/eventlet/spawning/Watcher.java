package net.eventlet.spawning;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells when a file changes, or anything in a folder, once it has settled: writers often need
/// several steps.
///
/// Source: `spawning/reloader_dev.py`; there every child looks at every file once a second.
final class Watcher {

  private static final long SETTLED_MILLIS = 200; // without a change

  private final WatchService service = FileSystems.getDefault().newWatchService();
  private final Map<WatchKey, Path> folders = new HashMap<>();
  private final Set<Path> files = new HashSet<>(); // of folders that are not watched as a whole
  private final Set<Path> whole = new HashSet<>(); // folders

  /// Watches files, and folders with all that is in them.
  ///
  /// @param paths that exist
  /// @throws IOException naming the path, if one does not, or if the system watches too much
  ///   already
  Watcher(Collection<Path> paths) throws IOException {
    for (var path : paths) {
      var absolute = path.toAbsolutePath().normalize();
      if (Files.isDirectory(absolute)) {
        addTree(absolute);
      } else {
        files.add(absolute);
        add(Objects.requireNonNull(absolute.getParent(), "a file is in a folder"));
      }
    }
  }

  private void addTree(Path folder) throws IOException {
    try (var inside = Files.walk(folder)) {
      for (var path : (Iterable<Path>) inside::iterator) {
        if (Files.isDirectory(path)) {
          whole.add(path);
          add(path);
        }
      }
    }
  }

  private void add(Path folder) throws IOException {
    folders.put(folder.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY), folder);
  }

  /// Calls back after every change, for ever.
  ///
  /// @param changed told one of the paths
  void run(Consumer<Path> changed) throws Exception {
    while (true) {
      var first = take(service.take());
      if (first != null) {
        for (var more = settle(); more != null; more = settle()) {
          take(more);
        }
        changed.accept(first);
      }
    }
  }

  private @Nullable WatchKey settle() throws InterruptedException {
    return service.poll(SETTLED_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// {@return a path that changed and is watched; null if there is none}
  private @Nullable Path take(WatchKey key) throws IOException {
    Path found = null;
    var folder = folders.get(key);
    for (var event : key.pollEvents()) {
      if (folder != null && event.context() instanceof Path name) {
        var path = folder.resolve(name);
        if (Files.isDirectory(path) && whole.contains(folder)) {
          addTree(path);
        }
        if (files.contains(path) || whole.contains(folder)) {
          found = path;
        }
      }
    }
    key.reset();
    return found;
  }
}
