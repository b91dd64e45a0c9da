package net.eventlet.spawning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.eventlet.GreenServerSocket;
import net.eventlet.GreenSocket;
import net.eventlet.posix.Errno;
import net.eventlet.posix.ThisProcess;

/// What a controller leaves to the one that takes its place in the same process: the listening
/// sockets, and the children with their lines.
///
/// `execve(2)` keeps the process's number, so that `systemd`, a container's runtime and a pid file
/// notice nothing, and the children stay its own.
///
/// @param listeners descriptors
/// @param children number of the process, and descriptor of the line to it
record Successor(List<Integer> listeners, Map<Long, Integer> children) {

  private static final String LISTENERS = "SPAWN_INHERITED_LISTENERS";
  private static final String CHILDREN = "SPAWN_INHERITED_CHILDREN";

  /// {@return what there is to leave}
  static Successor of(List<GreenServerSocket> listeners, List<Child> children) throws IOException {
    var sockets = new ArrayList<Integer>();
    for (var listener : listeners) {
      sockets.add(listener.fileno());
    }
    var lines = new HashMap<Long, Integer>();
    for (var child : children) {
      lines.put(child.pid(), child.control().fileno());
    }
    return new Successor(List.copyOf(sockets), Map.copyOf(lines));
  }

  /// {@return what a former controller left, as the environment says; empty if there was none}
  static Successor inherited(Map<String, String> environment) {
    var listeners = words(environment.getOrDefault(LISTENERS, "")).map(Integer::parseInt).toList();
    var children = new HashMap<Long, Integer>();
    words(environment.getOrDefault(CHILDREN, ""))
        .map(word -> word.split(":", -1))
        .forEach(pair -> children.put(Long.parseLong(pair[0]), Integer.parseInt(pair[1])));
    return new Successor(listeners, Map.copyOf(children));
  }

  private static Stream<String> words(String text) {
    return Stream.of(text.split(",", -1)).filter(word -> !word.isEmpty());
  }

  /// Hands over: this process becomes another program.
  ///
  /// @param command of it
  /// @throws IOException if the kernel refuses, and all is as before
  void become(List<String> command) throws IOException {
    var variables = new HashMap<>(System.getenv());
    variables.put(LISTENERS, String.join(",", listeners.stream().map(Object::toString).toList()));
    variables.computeIfPresent(Daemon.LINE, (_, _) -> ""); // that number is another's by now
    variables.put(
        CHILDREN,
        String.join(
            ",",
            children.entrySet().stream()
                .map(child -> child.getKey() + ":" + child.getValue())
                .toList()));
    var environment =
        variables.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();
    keep(true);
    var result = ThisProcess.become(command.getFirst(), command, environment);
    keep(false);
    throw new IOException("cannot run " + command.getFirst() + ": " + Errno.message(-result));
  }

  private void keep(boolean keep) {
    Stream.concat(listeners.stream(), children.values().stream())
        .forEach(fd -> ThisProcess.keep(fd, keep));
  }

  /// {@return the listeners, taken over}
  List<GreenServerSocket> adoptListeners() throws IOException {
    var result = new ArrayList<GreenServerSocket>();
    for (var fd : listeners) {
      ThisProcess.keep(fd, false);
      result.add(GreenServerSocket.adopt(fd));
    }
    return result;
  }

  /// {@return the children, taken over}
  List<Child> adoptChildren() throws IOException {
    var result = new ArrayList<Child>();
    for (var child : children.entrySet()) {
      ThisProcess.keep(child.getValue(), false);
      result.add(
          new Child(new Handle.Inherited(child.getKey()), GreenSocket.adopt(child.getValue())));
    }
    return result;
  }
}
